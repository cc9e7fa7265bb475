package dev.lode.turns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private final Pace pace = new Pace(1);

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void beginsAtOnce() {
    assertThat(pace.restMillis(5, true)).isZero();
  }

  @Test
  void shortTurnsFollowEachOtherAtOnce() {
    pace.ran(0, millis(100));
    assertThat(pace.restMillis(millis(100), true)).isZero();
  }

  @Test
  void longTurnsRestAsLongAsTheyTook() {
    pace.ran(0, millis(200));
    assertThat(pace.restMillis(millis(300), false)).isEqualTo(101);
    assertThat(pace.restMillis(millis(400), false)).isZero();
    pace.ran(0, millis(60_000));
    assertThat(pace.restMillis(millis(60_000), false)).isEqualTo(501);
  }

  @Test
  void theyRestSeveralTimesAsLongWhereManyFollow() {
    var leading = new Pace(2);
    leading.ran(0, millis(200));
    assertThat(leading.restMillis(millis(200), false)).isEqualTo(401);
    leading.ran(0, millis(300));
    assertThat(leading.restMillis(millis(300), false)).isEqualTo(501);
  }

  @Test
  void theyRestLongerWhereMoreIsOnItsWay() {
    pace.ran(0, millis(200));
    assertThat(pace.restMillis(millis(300), true)).isEqualTo(1901);
    pace.ran(0, millis(60_000));
    assertThat(pace.restMillis(millis(60_000), true)).isEqualTo(5001);
  }
}
