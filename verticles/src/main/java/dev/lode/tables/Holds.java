package dev.lode.tables;

import java.util.TreeSet;

/**
 * Keeps files from being removed while someone reads them. What nothing reaches any more is removed
 * once everything is closed that was opened before it was found so; what opens later cannot reach
 * it. Thread-safe.
 */
final class Holds {
  private final TreeSet<Long> open = new TreeSet<>();
  private long last;

  synchronized Hold open() {
    long number = ++last;
    open.add(number);
    return () -> release(number);
  }

  private synchronized void release(long number) {
    open.remove(number);
  }

  /** All that is open now was opened before it. */
  synchronized long mark() {
    return ++last;
  }

  /** Whether all that was opened before {@code mark} is closed. */
  synchronized boolean isPast(long mark) {
    return open.isEmpty() || open.first() > mark;
  }
}
