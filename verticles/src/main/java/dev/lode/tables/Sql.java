package dev.lode.tables;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.Collectors;

/** Pieces of DuckDB's SQL, safely quoted. */
final class Sql {

  private Sql() {}

  static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  static String names(Collection<String> identifiers) {
    return identifiers.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  static String texts(Collection<String> values) {
    return values.stream().map(Sql::text).collect(Collectors.joining(",", "[", "]"));
  }

  /** {@code value} as a literal of its own type. */
  static String literal(Object value) {
    return switch (value) {
      case String text -> text(text);
      case Instant instant -> "TIMESTAMPTZ '" + instant + "'";
      case LocalDate date -> "DATE '" + date + "'";
      case LocalDateTime time -> "TIMESTAMP '" + time + "'";
      case UUID uuid -> "UUID '" + uuid + "'";
      case BigDecimal number -> number.toPlainString();
      case Number number -> number.toString();
      case Boolean flag -> flag.toString();
      default ->
          throw new IllegalArgumentException(
              "No literal for a " + value.getClass().getSimpleName());
    };
  }
}
