package dev.lode.silver.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.silver.contract.Threshold.Operator;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdTest {

  @ParameterizedTest
  @CsvSource({
    "BE, false, true, false",
    "NOT_BE, true, false, true",
    "BE_GREATER_THAN, false, false, true",
    "BE_GREATER_OR_EQUAL_TO, false, true, true",
    "BE_LESS_THAN, true, false, false",
    "BE_LESS_OR_EQUAL_TO, true, true, false"
  })
  void comparesWithTwo(Operator operator, boolean one, boolean two, boolean three) {
    var threshold = new Threshold(operator, BigDecimal.TWO, BigDecimal.TWO, false);

    assertThat(threshold.passes(1, 10)).isEqualTo(one);
    assertThat(threshold.passes(2, 10)).isEqualTo(two);
    assertThat(threshold.passes(3, 10)).isEqualTo(three);
  }

  @Test
  void betweenIncludesItsEnds() {
    var ten = BigDecimal.TEN;

    assertThat(new Threshold(Operator.BE_BETWEEN, BigDecimal.ONE, ten, false).passes(10, 10))
        .isTrue();
    assertThat(new Threshold(Operator.NOT_BE_BETWEEN, BigDecimal.ONE, ten, false).passes(10, 10))
        .isFalse();
  }

  @Test
  void aShareIsInPercent() {
    var threshold = new Threshold(Operator.BE_LESS_THAN, BigDecimal.ONE, BigDecimal.ONE, true);

    assertThat(threshold.passes(1, 101)).isTrue();
    assertThat(threshold.passes(1, 100)).isFalse();
    assertThat(threshold.passes(0, 0)).isTrue();
  }
}
