package dev.lode.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.vectors.search.Partition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Partition ONE = new Partition("products", "a");
  private static final Partition OTHER = new Partition("products", "b");

  private final Pace pace = new Pace();

  @Test
  void startsAtOnceAfterQuiet() {
    assertThat(pace.delay(ONE, 5)).isZero();
  }

  @Test
  void restsThreeTimesAsLongAsATurnTook() {
    pace.ran(ONE, 1_000_000, 3_000_000);

    assertThat(pace.delay(ONE, 3_000_000)).isEqualTo(Duration.ofMillis(6));
    assertThat(pace.delay(ONE, 8_000_000)).isEqualTo(Duration.ofMillis(1));
    assertThat(pace.delay(ONE, 9_000_001)).isZero();
    assertThat(pace.delay(OTHER, 3_000_000)).isZero();
  }

  @Test
  void restsFiveSecondsAtMost() {
    pace.ran(ONE, 0, Duration.ofMinutes(1).toNanos());

    assertThat(pace.delay(ONE, Duration.ofMinutes(1).toNanos())).isEqualTo(Duration.ofSeconds(5));
  }
}
