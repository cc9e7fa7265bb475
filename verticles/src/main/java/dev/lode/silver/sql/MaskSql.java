package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType;
import dev.lode.silver.contract.Masking;
import dev.lode.silver.contract.Property;

/**
 * Values as Silver shows them. The HMAC's key never appears in SQL: its two blocks are in the
 * relation {@code hmac_key}.
 */
final class MaskSql {
  private static final int TOKEN_DIGITS = 24;

  private MaskSql() {}

  static String masked(Property property) {
    String value = Quote.name(property.name());
    Masking masking = property.masking();
    return switch (masking.method()) {
      case KEEP -> value;
      case HASH -> hmac(value);
      case TOKENIZE -> "'tok_' || left(%s, %d)".formatted(hmac(value), TOKEN_DIGITS);
      case REDACT ->
          property.type().kind() == ColumnType.Kind.TEXT
              ? "CASE WHEN %s IS NOT NULL THEN '[redacted]' END".formatted(value)
              : "CAST(NULL AS " + property.type().sql() + ")";
      case MASK -> starred(value, masking.keepFirst(), masking.keepLast());
    };
  }

  /**
   * RFC 2104: H(K xor opad, H(K xor ipad, text)). The tenant is part of the text, so that tenants
   * cannot find each other's persons by their tokens.
   */
  private static String hmac(String value) {
    return ("sha256(_outer || unhex(sha256(_inner || encode("
            + "CASE WHEN _salted THEN tenant_id || chr(31) ELSE '' END || %s))))")
        .formatted(value);
  }

  private static String starred(String value, int first, int last) {
    return """
    CASE WHEN length(%1$s) <= %4$d THEN repeat('*', length(%1$s))
      ELSE left(%1$s, %2$d) || repeat('*', length(%1$s) - %4$d) || right(%1$s, %3$d) END\
    """
        .formatted(value, first, last, first + last);
  }
}
