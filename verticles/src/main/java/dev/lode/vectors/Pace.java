package dev.lode.vectors;

import dev.lode.vectors.search.Partition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * When an index may have its next turn: at once after a quiet time, and in a stream of commits so
 * that turns take a quarter of one thread's time. A turn then takes in many commits.
 */
final class Pace {
  private static final int REST = 3;
  private static final Duration REST_MAX = Duration.ofSeconds(5);

  private final Map<Partition, Long> notBefore = new HashMap<>();

  /** How long to wait from {@code nowNanos} on. */
  Duration delay(Partition partition, long nowNanos) {
    long wait = notBefore.getOrDefault(partition, nowNanos) - nowNanos;
    return Duration.ofNanos(Math.max(0, wait));
  }

  /** A turn has taken from {@code startNanos} to {@code endNanos}. */
  void ran(Partition partition, long startNanos, long endNanos) {
    long rest = Math.min(REST * (endNanos - startNanos), REST_MAX.toNanos());
    notBefore.put(partition, endNanos + rest);
  }
}
