package dev.lode.gold;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The head of a mart's file: {@code -- key: value} lines, each continued by lines that begin with
 * two or more spaces after the dashes, up to the first line that is no comment.
 *
 * @param sql the file without its head
 * @param line where that begins
 * @param strays numbers of comment lines that are neither
 */
record MartHeader(List<Entry> entries, String sql, int line, List<Integer> strays) {
  private static final Pattern KEY = Pattern.compile("-- ?([A-Za-z_-]+)\\s*:\\s*(.*)");
  private static final Pattern MORE = Pattern.compile("--\\s{2,}(\\S.*)");

  record Entry(int line, String key, String value) {}

  static MartHeader parse(String text) {
    var entries = new ArrayList<Entry>();
    var strays = new ArrayList<Integer>();
    List<String> lines = text.lines().toList();
    int at = 0;
    for (; at < lines.size(); at++) {
      String line = lines.get(at).stripTrailing();
      if (!line.startsWith("--") && !line.isBlank()) {
        break;
      }
      if (!line.isBlank() && line.length() > 2 && !read(line, at + 1, entries)) {
        strays.add(at + 1);
      }
    }
    String sql = String.join("\n", lines.subList(at, lines.size())).strip();
    return new MartHeader(entries, sql.replaceAll("[;\\s]+$", ""), at + 1, strays);
  }

  private static boolean read(String line, int number, List<Entry> entries) {
    var more = MORE.matcher(line);
    if (more.matches() && !entries.isEmpty()) {
      Entry last = entries.removeLast();
      entries.add(new Entry(last.line(), last.key(), last.value() + " " + more.group(1)));
      return true;
    }
    var key = KEY.matcher(line);
    if (key.matches()) {
      entries.add(new Entry(number, key.group(1), key.group(2).strip()));
      return true;
    }
    return false;
  }

  /** Splits at commas that stand outside parentheses and quotes. */
  static List<String> split(String text) {
    var parts = new ArrayList<String>();
    int depth = 0;
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted = (c == '\'') != quoted;
      if (!quoted) {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == ',' && depth == 0) {
          parts.add(text.substring(start, i).strip());
          start = i + 1;
        }
      }
    }
    parts.add(text.substring(start).strip());
    parts.removeIf(String::isEmpty);
    return parts;
  }
}
