package dev.lode.vectors;

/** Names and values in SQL. */
final class Sql {

  private Sql() {}

  static String name(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }

  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** A column as text; null as none. */
  static String orEmpty(String column) {
    return "coalesce(CAST(" + name(column) + " AS VARCHAR), '')";
  }
}
