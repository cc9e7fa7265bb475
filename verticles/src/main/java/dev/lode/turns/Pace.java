package dev.lode.turns;

import java.util.concurrent.TimeUnit;

/**
 * Long turns are followed by a rest, longer where more is on its way: while a source is loaded in
 * bulk, many commits then cost one turn, and the layers before this one keep the processor. Short
 * turns need none, so that a single change is seen at once.
 */
final class Pace {
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long REST_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long REST_NANOS_MAX_MORE = TimeUnit.SECONDS.toNanos(5);
  private static final int RESTS_PER_TURN_MORE = 10;

  private final int restsPerTurn;
  private long took;
  private long ended;

  Pace(int restsPerTurn) {
    this.restsPerTurn = restsPerTurn;
  }

  void ran(long startNanos, long endNanos) {
    took = endNanos - startNanos;
    ended = endNanos;
  }

  /** How long to wait; 0 to begin now. */
  long restMillis(long nowNanos, boolean more) {
    if (took <= SHORT_NANOS) {
      return 0;
    }
    long rest =
        more
            ? Math.min(RESTS_PER_TURN_MORE * took, REST_NANOS_MAX_MORE)
            : Math.min(restsPerTurn * took, REST_NANOS_MAX);
    long left = ended + rest - nowNanos;
    return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(left) + 1;
  }
}
