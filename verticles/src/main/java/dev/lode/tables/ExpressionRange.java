package dev.lode.tables;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The values of an SQL expression over a row, as a range of the column that it is made from: so
 * that whole files are left out where an expression is a column, or the day of one. Any other
 * expression leaves the slice as it is.
 */
public final class ExpressionRange {
  private static final Pattern COLUMN = Pattern.compile("[a-z_][a-z0-9_]*");
  private static final Pattern DAY =
      Pattern.compile("(?i)CAST\\(\\s*([a-z_][a-z0-9_]*)\\s+AS\\s+DATE\\s*\\)");

  private ExpressionRange() {}

  /**
   * Only rows where {@code expression} may be within {@code low} and {@code high}, inclusive.
   *
   * @param spec of the slice's table
   */
  public static Slice narrow(
      Slice slice, TableSpec spec, String expression, Object low, Object high) {
    if (low == null || high == null) {
      return slice;
    }
    String plain = expression.strip();
    var day = DAY.matcher(plain);
    if (COLUMN.matcher(plain).matches()) {
      return within(slice, spec, plain, low, high);
    }
    if (day.matches() && low instanceof LocalDate first && high instanceof LocalDate last) {
      return within(slice, spec, day.group(1), midnight(first), midnight(last.plusDays(1)));
    }
    return slice;
  }

  private static Slice within(Slice slice, TableSpec spec, String column, Object low, Object high) {
    String type =
        spec.fields().stream()
            .filter(field -> field.name().equals(column))
            .map(TableSpec.Field::type)
            .findFirst()
            .orElse("");
    boolean comparable =
        switch (low) {
          case String s -> type.equals("VARCHAR");
          case Integer i -> type.equals("INTEGER") || type.equals("BIGINT");
          case Long l -> type.equals("INTEGER") || type.equals("BIGINT");
          case BigDecimal d -> type.startsWith("DECIMAL");
          case LocalDate d -> type.equals("DATE");
          case Instant i -> type.equals("TIMESTAMP WITH TIME ZONE");
          case UUID u -> type.equals("UUID");
          default -> false;
        };
    return comparable ? slice.where(column, low, high) : slice;
  }

  private static Instant midnight(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
