package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType;
import dev.lode.silver.contract.ColumnType.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What rules compare values with, as literals of the column's own type: the engine would else cast
 * the values to a type that holds both, which rounds or fails.
 */
final class BoundSql {
  private static final BigDecimal MOST = BigDecimal.TEN.pow(38);

  private BoundSql() {}

  /** The least value of the type that is no less than {@code bound}; null for null. */
  static String least(String bound, ColumnType type) {
    return literal(bound, type, RoundingMode.CEILING);
  }

  /** The greatest value of the type that is no greater than {@code bound}; null for null. */
  static String greatest(String bound, ColumnType type) {
    return literal(bound, type, RoundingMode.FLOOR);
  }

  private static String literal(String bound, ColumnType type, RoundingMode towards) {
    if (bound == null || !type.kind().numeric() || type.kind() == Kind.FLOAT) {
      return bound == null ? null : cast(bound, type.sql());
    }
    var number = new BigDecimal(bound).setScale(type.scale(), towards);
    return number.unscaledValue().abs().compareTo(MOST.unscaledValue()) < 0
        ? number.toPlainString()
        : cast(bound, "DOUBLE");
  }

  private static String cast(String text, String type) {
    return "CAST(" + Quote.text(text) + " AS " + type + ")";
  }

  /** Numbers and times are compared as such, all else as text. */
  static String notAmong(String value, List<String> values, ColumnType type) {
    if (!type.kind().numeric() && !type.kind().timely()) {
      return "CAST(%s AS VARCHAR) NOT IN (%s)".formatted(value, Quote.texts(values));
    }
    String known = known(values, type);
    return known.isEmpty() ? value + " IS NOT NULL" : "%s NOT IN (%s)".formatted(value, known);
  }

  /** {@code OR value IN (..)} where some of {@code words} are values of a numeric type. */
  static String among(String value, List<String> words, ColumnType type) {
    String known = type.kind().numeric() ? known(words, type) : "";
    return known.isEmpty() ? "" : " OR coalesce(%s IN (%s), false)".formatted(value, known);
  }

  private static String known(List<String> values, ColumnType type) {
    return values.stream()
        .map(value -> type.kind().numeric() ? number(value, type) : cast(value, type.sql()))
        .filter(Objects::nonNull)
        .collect(Collectors.joining(", "));
  }

  /** Null where no value of the type can be equal to it. */
  private static String number(String value, ColumnType type) {
    try {
      var number = new BigDecimal(value.strip());
      boolean held =
          type.kind() == Kind.FLOAT
              || (number.stripTrailingZeros().scale() <= type.scale()
                  && number.setScale(type.scale(), RoundingMode.DOWN).precision()
                      <= (type.kind() == Kind.DECIMAL ? type.precision() : MOST.precision() - 1));
      return held ? cast(number.toPlainString(), kept(type)) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String kept(ColumnType type) {
    return type.kind() == Kind.INTEGER ? "HUGEINT" : type.sql();
  }

  /** By the decimal digits of the value as it is shown: 0.3 is three times 0.1. */
  static String notMultiple(String value, BigDecimal factor) {
    var plain = factor.stripTrailingZeros();
    int scale = Math.max(plain.scale(), 0);
    return PlaceSql.let(
        NumberSql.plain("CAST(" + value + " AS VARCHAR)"),
        "digits",
        """
        CASE WHEN digits IS NULL THEN false
          WHEN length(rtrim(split_part(digits, '.', 2), '0')) > %1$d THEN true
          ELSE coalesce(TRY_CAST(ltrim(split_part(digits, '.', 1), '-')
            || left(rpad(split_part(digits, '.', 2), %1$d, '0'), %1$d) AS HUGEINT)
            %% %2$s::HUGEINT <> 0, true) END\
        """
            .formatted(scale, plain.movePointRight(scale).toBigInteger()));
  }
}
