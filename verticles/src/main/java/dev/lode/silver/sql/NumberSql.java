package dev.lode.silver.sql;

/** Texts that are decimal numbers, read without losing a digit. */
final class NumberSql {
  /** As JSON and CSV have them; {@code .5}, {@code 5.} and blanks around, too. */
  static final String NUMBER =
      "'\\s*[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?\\s*'";

  private NumberSql() {}

  /** A text that matches {@link #NUMBER}, without sign +, exponent and zeros before: -12.50. */
  static String plain(String text) {
    String point = "length(part.w) + part.e";
    return PlaceSql.let(
        "regexp_extract(%s, '([+-]?)([0-9]*)[.]?([0-9]*)(?:[eE]([+-]?[0-9]+))?', %s)"
            .formatted("trim(" + text + ")", "['n', 'w', 'f', 'e']"),
        "found",
        PlaceSql.let(
            "{n: found.n, w: found.w, d: found.w || found.f,"
                + " e: coalesce(TRY_CAST(found.e AS INTEGER), 0)}",
            "part",
            """
            CASE WHEN part.n = '-' THEN '-' ELSE '' END || coalesce(nullif(ltrim(CASE
                WHEN %1$s <= 0 THEN ''
                WHEN %1$s >= length(part.d) THEN rpad(part.d, (%1$s)::INTEGER, '0')
                ELSE left(part.d, %1$s) END, '0'), ''), '0')
              || '.' || CASE
                WHEN %1$s <= 0 THEN repeat('0', -(%1$s)) || part.d
                WHEN %1$s >= length(part.d) THEN '' ELSE substr(part.d, %1$s + 1) END\
            """
                .formatted("(" + point + ")")));
  }
}
