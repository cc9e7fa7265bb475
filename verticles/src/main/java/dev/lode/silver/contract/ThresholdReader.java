package dev.lode.silver.contract;

import dev.lode.silver.contract.Threshold.Operator;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Reads the one {@code mustBe...} of a quality rule. */
final class ThresholdReader {
  private final Problems problems;

  ThresholdReader(Problems problems) {
    this.problems = problems;
  }

  Threshold read(Odcs.Quality quality, String at) {
    boolean percent = "percent".equals(quality.unit());
    var found = new ArrayList<Threshold>();
    one(found, Operator.BE, quality.mustBe(), percent, at);
    one(found, Operator.NOT_BE, quality.mustNotBe(), percent, at);
    one(found, Operator.BE_GREATER_THAN, quality.mustBeGreaterThan(), percent, at);
    one(found, Operator.BE_GREATER_OR_EQUAL_TO, quality.mustBeGreaterOrEqualTo(), percent, at);
    one(found, Operator.BE_LESS_THAN, quality.mustBeLessThan(), percent, at);
    one(found, Operator.BE_LESS_OR_EQUAL_TO, quality.mustBeLessOrEqualTo(), percent, at);
    two(found, Operator.BE_BETWEEN, quality.mustBeBetween(), percent, at);
    two(found, Operator.NOT_BE_BETWEEN, quality.mustNotBeBetween(), percent, at);
    if (found.size() != 1) {
      problems.add(at, "needs exactly one of mustBe, mustBeLessThan, mustBeBetween…");
      return Threshold.NONE;
    }
    return found.getFirst();
  }

  private void one(
      List<Threshold> to, Operator operator, Object value, boolean percent, String at) {
    if (value != null) {
      var number = number(value, at);
      to.add(new Threshold(operator, number, number, percent));
    }
  }

  private void two(
      List<Threshold> to, Operator operator, List<Object> values, boolean percent, String at) {
    if (values != null && values.size() == 2) {
      var low = number(values.getFirst(), at);
      to.add(new Threshold(operator, low, number(values.getLast(), at), percent));
    } else if (values != null) {
      problems.add(at, "mustBeBetween needs two numbers");
    }
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
