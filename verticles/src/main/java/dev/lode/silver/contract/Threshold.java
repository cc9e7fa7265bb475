package dev.lode.silver.contract;

import java.math.BigDecimal;

/**
 * What a rule's number must be for the run to pass it.
 *
 * @param percent the number is the share of failed records instead of their count
 */
public record Threshold(Operator operator, BigDecimal low, BigDecimal high, boolean percent) {
  /** No record may fail. */
  public static final Threshold NONE =
      new Threshold(Operator.BE, BigDecimal.ZERO, BigDecimal.ZERO, false);

  private static final double WHOLE = 100.0;

  /** As ODCS names them, without {@code must}. */
  public enum Operator {
    BE,
    NOT_BE,
    BE_GREATER_THAN,
    BE_GREATER_OR_EQUAL_TO,
    BE_LESS_THAN,
    BE_LESS_OR_EQUAL_TO,
    BE_BETWEEN,
    NOT_BE_BETWEEN
  }

  /** Whether a run with so many failures passes. */
  public boolean passes(long failed, long checked) {
    return holds(
        percent
            ? BigDecimal.valueOf(checked == 0 ? 0 : WHOLE * failed / checked)
            : BigDecimal.valueOf(failed));
  }

  /** Whether {@code value} is as it must be. */
  public boolean holds(BigDecimal value) {
    return switch (operator) {
      case BE -> value.compareTo(low) == 0;
      case NOT_BE -> value.compareTo(low) != 0;
      case BE_GREATER_THAN -> value.compareTo(low) > 0;
      case BE_GREATER_OR_EQUAL_TO -> value.compareTo(low) >= 0;
      case BE_LESS_THAN -> value.compareTo(low) < 0;
      case BE_LESS_OR_EQUAL_TO -> value.compareTo(low) <= 0;
      case BE_BETWEEN -> between(value);
      case NOT_BE_BETWEEN -> !between(value);
    };
  }

  private boolean between(BigDecimal value) {
    return value.compareTo(low) >= 0 && value.compareTo(high) <= 0;
  }

  /** Whether each failing record is against the rule, so that the rule can mark records. */
  boolean wantsNone() {
    return switch (operator) {
      case BE, BE_LESS_THAN, BE_LESS_OR_EQUAL_TO -> true;
      default -> false;
    };
  }
}
