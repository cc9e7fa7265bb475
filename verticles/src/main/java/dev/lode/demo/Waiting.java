package dev.lode.demo;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Asks again until the answer is as expected, for a minute at most. */
final class Waiting {
  private static final Duration AT_MOST = Duration.ofMinutes(1);
  private static final Duration BETWEEN = Duration.ofMillis(5);

  private Waiting() {}

  /** {@code last} is what was found in the end. */
  record Seen(boolean isSo, Object last, long millis) {}

  static <T> Seen until(T expected, Supplier<T> probe) {
    long began = System.nanoTime();
    while (true) {
      T found = probe.get();
      long nanos = System.nanoTime() - began;
      boolean isSo = Objects.equals(expected, found);
      if (isSo || nanos > AT_MOST.toNanos()) {
        return new Seen(isSo, found, nanos / 1_000_000);
      }
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
  }
}
