package dev.lode.tables;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Where in a statement the engine has seen what is wrong, from the drawing under its message. */
final class EnginePlace {
  private static final Pattern DRAWING =
      Pattern.compile("\\R\\RLINE \\d+: (?<line>[^\\r\\n]*)\\R(?<pad> *)(?<marks>\\^+)");

  private static final String MORE = "...";
  private static final int SHOWN_MAX = 80;

  private EnginePlace() {}

  /** {@code line 1, column 8: CAST(x AS INTEGER)}; empty where it is not in {@code statement}. */
  static String of(String message, String statement) {
    var drawing = DRAWING.matcher(message);
    if (statement.isEmpty() || !drawing.find()) {
      return "";
    }
    String line = drawing.group("line");
    int head = drawing.start("line") - message.lastIndexOf('\n', drawing.start("line")) - 1;
    int from = drawing.group("pad").length() - head;
    if (from < 0 || from >= line.length()) {
      return "";
    }
    int to = Math.min(line.length(), from + drawing.group("marks").length());
    int at = found(statement, line, from, line.substring(from, to));
    return at < 0 ? "" : place(statement, at, line.substring(from, to));
  }

  /** {@code (line 1, column 8)}, of what is so many bytes from the start; empty where unknown. */
  static String ofByte(Object position, String statement) {
    byte[] text = statement.getBytes(StandardCharsets.UTF_8);
    int at = position == null ? -1 : Integer.parseInt(position.toString());
    return at < 0 || at > text.length
        ? ""
        : " (" + lineAndColumn(new String(text, 0, at, StandardCharsets.UTF_8)) + ")";
  }

  /** By the whole line that is drawn, which may be cut at both ends; else by what is marked. */
  private static int found(String statement, String line, int from, String marked) {
    int start = line.startsWith(MORE) ? MORE.length() : 0;
    int end = line.endsWith(MORE) ? line.length() - MORE.length() : line.length();
    int whole = start < end ? once(statement, line.substring(start, end)) : -1;
    return whole >= 0 && from >= start ? whole + from - start : once(statement, marked);
  }

  private static int once(String statement, String part) {
    int first = statement.indexOf(part);
    return first >= 0 && statement.indexOf(part, first + 1) < 0 ? first : -1;
  }

  private static String place(String statement, int at, String marked) {
    String shown = marked.length() > SHOWN_MAX ? marked.substring(0, SHOWN_MAX) + MORE : marked;
    return lineAndColumn(statement.substring(0, at)) + ": " + shown;
  }

  private static String lineAndColumn(String before) {
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    return "line %d, column %d".formatted(line, before.length() - before.lastIndexOf('\n'));
  }
}
