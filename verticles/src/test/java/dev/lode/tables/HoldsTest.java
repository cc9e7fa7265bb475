package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HoldsTest {
  private final Holds holds = new Holds();

  @Test
  void letsFilesGoAtOnceWhereNobodyReads() {
    assertThat(holds.isPast(holds.mark())).isTrue();
  }

  @Test
  void keepsFilesForThoseWhoOpenedBeforeTheyWereUnreached() {
    Hold first = holds.open();
    Hold second = holds.open();
    long mark = holds.mark();

    first.close();
    assertThat(holds.isPast(mark)).isFalse();
    second.close();
    assertThat(holds.isPast(mark)).isTrue();
  }

  @Test
  void waitsForNobodyWhoOpenedLater() {
    Hold before = holds.open();
    long mark = holds.mark();
    Hold after = holds.open();

    before.close();
    assertThat(holds.isPast(mark)).isTrue();
    after.close();
  }
}
