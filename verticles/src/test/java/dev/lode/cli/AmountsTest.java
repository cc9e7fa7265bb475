package dev.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AmountsTest {

  @Test
  void writesTimesAsPeopleSayThem() {
    assertThat(Amounts.time(7)).isEqualTo("7 ms");
    assertThat(Amounts.time(3_400)).isEqualTo("3.4 s");
    assertThat(Amounts.time(125_000)).isEqualTo("2 min 5 s");
    assertThat(Amounts.time(10_920_000)).isEqualTo("3 h 2 min");
  }

  @Test
  void writesCountsWithSeparators() {
    assertThat(Amounts.count(1_234_567)).isEqualTo("1,234,567");
  }
}
