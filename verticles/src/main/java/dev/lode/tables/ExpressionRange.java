package dev.lode.tables;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The least and the greatest value of an SQL expression over a row, as a range of the column that
 * it is made from: so that whole files are left out where it is a column, or the day of one. Any
 * other expression leaves a slice as it is.
 */
public record ExpressionRange(String expression, Object low, Object high) {
  private static final Pattern COLUMN = Pattern.compile("[a-z_][a-z0-9_]*");
  private static final Pattern DAY =
      Pattern.compile("(?i)CAST\\(\\s*([a-z_][a-z0-9_]*)\\s+AS\\s+DATE\\s*\\)");

  /** Without rows for which the expression is surely outside; {@code spec} is of their table. */
  public Slice narrow(Slice slice, TableSpec spec) {
    if (low == null || high == null) {
      return slice;
    }
    String plain = expression.strip();
    var day = DAY.matcher(plain);
    if (COLUMN.matcher(plain).matches()) {
      return comparable(spec, plain, low) ? slice.where(plain, low, high) : slice;
    }
    if (day.matches() && low instanceof LocalDate first && high instanceof LocalDate last) {
      Instant from = midnight(first);
      return comparable(spec, day.group(1), from)
          ? slice.where(day.group(1), from, midnight(last.plusDays(1)))
          : slice;
    }
    return slice;
  }

  private static boolean comparable(TableSpec spec, String column, Object value) {
    String type =
        spec.fields().stream()
            .filter(field -> field.name().equals(column))
            .map(TableSpec.Field::type)
            .findFirst()
            .orElse("");
    return switch (value) {
      case String s -> type.equals("VARCHAR");
      case Integer i -> type.equals("INTEGER") || type.equals("BIGINT");
      case Long l -> type.equals("INTEGER") || type.equals("BIGINT");
      case BigDecimal d -> type.startsWith("DECIMAL");
      case LocalDate d -> type.equals("DATE");
      case Instant i -> type.equals("TIMESTAMP WITH TIME ZONE");
      case UUID u -> type.equals("UUID");
      default -> false;
    };
  }

  private static Instant midnight(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
