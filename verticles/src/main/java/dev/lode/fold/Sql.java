package dev.lode.fold;

/** Names in SQL. */
final class Sql {

  private Sql() {}

  static String name(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }
}
