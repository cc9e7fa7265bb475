package dev.lode.features;

import java.util.concurrent.TimeUnit;

/**
 * Long runs are followed by a rest: while a source is loaded in bulk, many commits then cost one
 * run, and the layers before this one keep the processor. Short runs need none, so a single change
 * is seen at once.
 */
final class Pace {
  private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
  private static final long REST_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
  private static final int RESTS_PER_RUN = 2;

  private long restedAt;
  private boolean resting;

  void ran(long startNanos, long endNanos) {
    long took = endNanos - startNanos;
    resting = took > SHORT_NANOS;
    restedAt = endNanos + Math.min(RESTS_PER_RUN * took, REST_NANOS_MAX);
  }

  /** How long to wait; 0 to run now. */
  long restMillis(long nowNanos) {
    if (!resting || nowNanos - restedAt >= 0) {
      return 0;
    }
    return TimeUnit.NANOSECONDS.toMillis(restedAt - nowNanos) + 1;
  }
}
