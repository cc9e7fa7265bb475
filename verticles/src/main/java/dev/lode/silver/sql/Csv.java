package dev.lode.silver.sql;

/** RFC 4180 records as expressions over one line, without its end. */
final class Csv {
  /** A field with the comma before it: quoted, or not begun by a quote, or empty. */
  private static final String FIELD = ",(\"(?:[^\"]|\"\")*\"|[^\",][^,]*|)";

  private Csv() {}

  /**
   * The fields of {@code line} as a list; null where the quotes do not pair up. Most lines have no
   * quote and are split at once; in others, what the expression skipped shows when the fields are
   * joined again.
   */
  static String fields(String line) {
    return """
        CASE WHEN NOT contains(%1$s, '"') THEN string_split(%1$s, ',')
             WHEN array_to_string(%2$s, ',') = %1$s THEN list_transform(%2$s, lambda field:
               CASE WHEN starts_with(field, '"')
                    THEN replace(substr(field, 2, length(field) - 2), '""', '"')
                    ELSE field END) END"""
        .formatted(line, "regexp_extract_all(',' || " + line + ", " + Quote.text(FIELD) + ", 1)");
  }
}
