package dev.lode.silver.sql;

import java.util.Collection;
import java.util.stream.Collectors;

/** Texts and names as SQL literals. */
final class Quote {

  private Quote() {}

  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  static String name(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** {@code 'a', 'b'}. */
  static String texts(Collection<String> values) {
    return values.stream().map(Quote::text).collect(Collectors.joining(", "));
  }

  /** {@code "a", "b"}. */
  static String names(Collection<String> names) {
    return names.stream().map(Quote::name).collect(Collectors.joining(", "));
  }
}
