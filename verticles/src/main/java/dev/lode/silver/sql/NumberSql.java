package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType;

/**
 * Texts that are decimal numbers, read without losing a digit, or not at all. The engine's casts
 * round, and take {@code 1_000}, {@code 0x10} and {@code inf} for numbers: so a text must first
 * look like a number that the type holds.
 */
final class NumberSql {
  /** As JSON and CSV have them; {@code .5}, {@code 5.} and blanks around, too. */
  static final String NUMBER =
      "'\\s*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?\\s*'";

  private static final String WHOLE = "'\\s*[+-]?([0-9]+([.]0*)?|[.]0+)\\s*'";
  private static final int DOUBLE_DIGITS = 15;
  private static final int FLOAT_DIGITS = 6;

  /** More digits than any text needs that was made of a double. */
  private static final int SHOWN_MAX = 60;

  private NumberSql() {}

  /** A whole number or a decimal. */
  static String exact(String text, String plain, ColumnType type) {
    String form = type.kind() == ColumnType.Kind.INTEGER ? WHOLE : decimal(type.scale());
    String read = " WHEN regexp_full_match(%1$s, %2$s) THEN TRY_CAST(%1$s AS %3$s)";
    return "CASE"
        + read.formatted(text, form, type.sql())
        + (plain == null ? "" : read.formatted(plain, form, type.sql()))
        + " END";
  }

  private static String decimal(int scale) {
    String fraction = scale == 0 ? "0*" : "[0-9]{0,%d}0*".formatted(scale);
    return "'\\s*[+-]?([0-9]+([.]%1$s)?|[.]%1$s)\\s*'".formatted(fraction);
  }

  /** {@link #plain} of a text that has an exponent; else null. */
  static String unfolded(String text) {
    return "CASE WHEN contains(lower(%1$s), 'e') AND regexp_full_match(%1$s, %2$s) THEN %3$s END"
        .formatted(text, NUMBER, plain(text));
  }

  /**
   * The nearest number that the type holds, if it still shows all digits of the text: 0.1 does,
   * 9007199254740993 does not.
   */
  static String real(String text, ColumnType type) {
    boolean wide = type.sql().equals("DOUBLE");
    String few =
        "'\\s*[+-]?[0-9.]{1,%d}%s\\s*'"
            .formatted(wide ? DOUBLE_DIGITS : FLOAT_DIGITS, wide ? "([eE][+-]?[0-9]{1,2})?" : "");
    return """
    CASE WHEN regexp_full_match(%1$s, %2$s) THEN TRY_CAST(%1$s AS %3$s)
      WHEN regexp_full_match(%1$s, %4$s) AND isfinite(TRY_CAST(%1$s AS %3$s)) AND %5$s
        THEN TRY_CAST(%1$s AS %3$s) END\
    """
        .formatted(text, few, type.sql(), NUMBER, shows(text, type));
  }

  private static String shows(String text, ColumnType type) {
    String digits =
        "rtrim(ltrim(replace(regexp_extract(%s, '[0-9.]+'), '.', ''), '0'), '0')".formatted(text);
    String shown =
        ("rtrim(replace(split_part(format('{:.{}e}', abs(CAST(TRY_CAST(%s AS %s) AS DOUBLE)), %s),"
                + " 'e', 1), '.', ''), '0')")
            .formatted(text, type.sql(), "greatest(length(" + digits + ") - 1, 0)");
    return "length(%1$s) <= %2$d AND ltrim(%3$s, '0') = %1$s".formatted(digits, SHOWN_MAX, shown);
  }

  /** A text that matches {@link #NUMBER}, without sign +, exponent and zeros before: -12.50. */
  static String plain(String text) {
    String point = "length(_part.w) + _part.e";
    return PlaceSql.let(
        "regexp_extract(%s, '([+-]?)([0-9]*)[.]?([0-9]*)(?:[eE]([+-]?[0-9]+))?', %s)"
            .formatted("trim(" + text + ", E' \\t\\r\\n\\f\\v')", "['n', 'w', 'f', 'e']"),
        "_found",
        PlaceSql.let(
            "{n: _found.n, w: _found.w, d: _found.w || _found.f,"
                + " e: coalesce(TRY_CAST(_found.e AS INTEGER), 0)}",
            "_part",
            """
            CASE WHEN _part.n = '-' THEN '-' ELSE '' END || coalesce(nullif(ltrim(CASE
                WHEN %1$s <= 0 THEN ''
                WHEN %1$s >= length(_part.d) THEN rpad(_part.d, (%1$s)::INTEGER, '0')
                ELSE left(_part.d, %1$s) END, '0'), ''), '0')
              || '.' || CASE
                WHEN %1$s <= 0 THEN repeat('0', -(%1$s)) || _part.d
                WHEN %1$s >= length(_part.d) THEN '' ELSE substr(_part.d, %1$s + 1) END\
            """
                .formatted("(" + point + ")")));
  }
}
