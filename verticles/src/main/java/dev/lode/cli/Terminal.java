package dev.lode.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a command prints. Colours and redrawn lines only where the launcher found a terminal at
 * both ends; elsewhere plain lines.
 *
 * @param columns its width in characters
 */
public record Terminal(PrintStream out, PrintStream err, boolean isTty, int columns) {

  /** As the launcher saw it. */
  public static Terminal system() {
    return new Terminal(
        System.out,
        System.err,
        Boolean.getBoolean("lode.tty"),
        Integer.getInteger("lode.columns", 100));
  }

  public String bold(String text) {
    return coded("1", text);
  }

  public String dim(String text) {
    return coded("2", text);
  }

  public String red(String text) {
    return coded("31", text);
  }

  public String green(String text) {
    return coded("32", text);
  }

  public String yellow(String text) {
    return coded("33", text);
  }

  public String cyan(String text) {
    return coded("36", text);
  }

  private String coded(String code, String text) {
    boolean plain = !isTty || System.getenv("NO_COLOR") != null;
    return plain ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }

  /** {@code text} in lines of at most {@code width} characters, broken between words. */
  public static List<String> wrapped(String text, int width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** {@code text} on one line, at most {@code width} characters. */
  public static String clipped(String text, int width) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
  }
}
