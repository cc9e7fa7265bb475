package dev.lode.silver.contract;

import dev.lode.silver.contract.Threshold.Operator;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads the one {@code mustBe...} of a quality rule. */
final class ThresholdReader {
  private final Problems problems;

  ThresholdReader(Problems problems) {
    this.problems = problems;
  }

  Threshold read(Odcs.Quality quality, String at) {
    var given = given(quality);
    if (given.size() != 1) {
      problems.add(at, "needs exactly one of mustBe, mustBeLessThan, mustBeBetween…");
      return Threshold.NONE;
    }
    var one = given.entrySet().iterator().next();
    boolean percent = "percent".equals(quality.unit());
    List<?> bounds =
        one.getValue() instanceof List<?> list ? list : List.of(one.getValue(), one.getValue());
    if (bounds.size() != 2) {
      problems.add(at, "mustBeBetween needs two numbers");
      return Threshold.NONE;
    }
    var low = number(bounds.getFirst(), at);
    return new Threshold(one.getKey(), low, number(bounds.getLast(), at), percent);
  }

  private static Map<Operator, Object> given(Odcs.Quality quality) {
    var given = new EnumMap<Operator, Object>(Operator.class);
    given.put(Operator.BE, quality.mustBe());
    given.put(Operator.NOT_BE, quality.mustNotBe());
    given.put(Operator.BE_GREATER_THAN, quality.mustBeGreaterThan());
    given.put(Operator.BE_GREATER_OR_EQUAL_TO, quality.mustBeGreaterOrEqualTo());
    given.put(Operator.BE_LESS_THAN, quality.mustBeLessThan());
    given.put(Operator.BE_LESS_OR_EQUAL_TO, quality.mustBeLessOrEqualTo());
    given.put(Operator.BE_BETWEEN, quality.mustBeBetween());
    given.put(Operator.NOT_BE_BETWEEN, quality.mustNotBeBetween());
    given.values().removeIf(value -> value == null);
    return given;
  }

  private BigDecimal number(Object value, String at) {
    try {
      return new BigDecimal(String.valueOf(value));
    } catch (NumberFormatException e) {
      problems.add(at, "must be compared with a number, not " + value);
      return BigDecimal.ZERO;
    }
  }
}
