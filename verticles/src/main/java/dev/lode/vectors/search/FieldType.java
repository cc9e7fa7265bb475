package dev.lode.vectors.search;

import dev.lode.codecs.Failure;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a metadata field, by its SQL type: {@code VARCHAR}, {@code DECIMAL(18,4)}, {@code
 * DATE[]}…. Values are String, Boolean, BigDecimal, Double, LocalDate or Instant.
 *
 * @param sql the type of one value; a list of them is a field of many values
 */
public record FieldType(String sql, Kind kind, int scale) {
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");
  private static final int LONG_DIGITS = 18;

  /** NUMBER is exact: so many units of 10^-scale. */
  public enum Kind {
    TEXT,
    NUMBER,
    REAL,
    BOOLEAN,
    DATE,
    TIME
  }

  /** The type of a column, or of the elements of a list. */
  public static FieldType of(String column, String sqlType) {
    String sql = sqlType.endsWith("[]") ? sqlType.substring(0, sqlType.length() - 2) : sqlType;
    Matcher decimal = DECIMAL.matcher(sql);
    if (decimal.matches()) {
      boolean exact = Integer.parseInt(decimal.group(1)) <= LONG_DIGITS;
      int scale = Integer.parseInt(decimal.group(2));
      return new FieldType(sql, exact ? Kind.NUMBER : Kind.REAL, exact ? scale : 0);
    }
    Kind kind =
        switch (sql) {
          case "VARCHAR", "UUID" -> Kind.TEXT;
          case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER" ->
              Kind.NUMBER;
          case "FLOAT", "DOUBLE", "HUGEINT", "UBIGINT" -> Kind.REAL;
          case "BOOLEAN" -> Kind.BOOLEAN;
          case "DATE" -> Kind.DATE;
          case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> Kind.TIME;
          default ->
              throw Failure.invalid(
                  ("Cannot filter on metadata %s: %s (text, numbers, booleans, dates, times and"
                          + " lists of them can be metadata)")
                      .formatted(column, sqlType));
        };
    return new FieldType(sql, kind, 0);
  }

  /** A JSON value as one of this type; {@code null} where it cannot be one. */
  Object value(Object json) {
    try {
      return switch (kind) {
        case TEXT -> json instanceof String ? json : null;
        case BOOLEAN -> json instanceof Boolean ? json : null;
        case NUMBER -> json instanceof Number ? new BigDecimal(json.toString()) : null;
        case REAL -> json instanceof Number number ? finite(number.doubleValue()) : null;
        case DATE -> json instanceof String text ? LocalDate.parse(text) : null;
        case TIME -> json instanceof String text ? time(text) : null;
      };
    } catch (DateTimeParseException | NumberFormatException e) {
      return null;
    }
  }

  private static Double finite(double number) {
    return Double.isFinite(number) ? number : null;
  }

  private static Instant time(String text) {
    boolean zoned = text.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)");
    return zoned && text.contains("T")
        ? java.time.OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  /** How a value of this type is written. */
  String form() {
    return switch (kind) {
      case TEXT -> "text";
      case BOOLEAN -> "true or false";
      case NUMBER, REAL -> "a number";
      case DATE -> "a date, \"2026-01-31\"";
      case TIME -> "a time, \"2026-01-31T10:15:00Z\"";
    };
  }

  @Override
  public String toString() {
    return sql;
  }
}
