package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType;

/** Counts since 1970, to the microsecond; what is finer is refused, or cut where that is asked. */
final class EpochSql {
  private static final String[] UNITS = {"epoch_s", "epoch_ms", "epoch_us", "epoch_ns"};

  /** From so many on, a count is of the next finer unit: the 2260s, or 1971. */
  private static final String[] TOO_MANY = {"1e10", "1e13", "1e16"};

  private static final int WHOLE_DIGITS = 20;
  private static final int STEP = 3;

  private EpochSql() {}

  static String instant(String format, boolean cuts, String text) {
    for (int i = 0; i < UNITS.length; i++) {
      if (UNITS[i].equals(format)) {
        return of(i, cuts, text);
      }
    }
    String size = "abs(TRY_CAST(" + text + " AS DOUBLE))";
    var units = new StringBuilder("CASE");
    for (int i = 0; i < TOO_MANY.length; i++) {
      units.append(" WHEN %s < %s THEN %s".formatted(size, TOO_MANY[i], of(i, cuts, text)));
    }
    return units + " ELSE " + of(TOO_MANY.length, cuts, text) + " END";
  }

  private static String of(int unit, boolean cuts, String text) {
    int scale = Math.max(0, 2 * STEP - unit * STEP);
    var type =
        ColumnType.parse("DECIMAL(%d,%d)".formatted(WHOLE_DIGITS + scale, scale)).orElseThrow();
    String digits =
        cuts ? "regexp_replace(%s, '([.][0-9]{%d})[0-9]*', '\\1')".formatted(text, scale) : text;
    String count = NumberSql.exact(digits, "(" + NumberSql.unfolded(digits) + ")", type);
    return unit == UNITS.length - 1
        ? PlaceSql.let(
            "CAST(" + count + " AS HUGEINT)",
            "nanos",
            "CASE WHEN %s THEN make_timestamptz(TRY_CAST(nanos // 1000 AS BIGINT)) END"
                .formatted(cuts ? "true" : "nanos % 1000 = 0"))
        : "TRY(make_timestamptz(TRY_CAST((%s) * 1%s AS BIGINT)))"
            .formatted(count, "0".repeat(scale));
  }
}
