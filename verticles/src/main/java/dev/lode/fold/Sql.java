package dev.lode.fold;

import java.util.Set;
import java.util.stream.Collectors;

/** Names and texts in SQL. */
final class Sql {

  private Sql() {}

  static String name(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }

  /** {@code 'a', 'b'}; {@code ''} for none. */
  static String texts(Set<String> texts) {
    return texts.stream()
        .map(text -> text.replace("'", "''"))
        .collect(Collectors.joining("', '", "'", "'"));
  }
}
