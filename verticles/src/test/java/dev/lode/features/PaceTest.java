package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace();

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void shortRunsFollowEachOtherAtOnce() {
    pace.ran(0, millis(100));
    assertThat(pace.restMillis(millis(100))).isZero();
  }

  @Test
  void longRunsRestTwiceTheirTimeButNeverLong() {
    pace.ran(0, millis(400));
    assertThat(pace.restMillis(millis(600))).isEqualTo(601);
    assertThat(pace.restMillis(millis(1200))).isZero();
    pace.ran(0, millis(60_000));
    assertThat(pace.restMillis(millis(60_000))).isEqualTo(2001);
  }
}
