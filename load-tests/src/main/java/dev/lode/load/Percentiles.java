package dev.lode.load;

import java.util.Arrays;
import java.util.Locale;

/** Latencies of one kind, in nanoseconds. */
final class Percentiles {
  private final long[] sorted;

  Percentiles(long[] nanos) {
    this.sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  double millis(double quantile) {
    int rank = (int) Math.ceil(quantile * sorted.length) - 1;
    return sorted[Math.max(rank, 0)] / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms  p90 %.1f ms  p99 %.1f ms  max %.1f ms",
        millis(.5),
        millis(.9),
        millis(.99),
        millis(1));
  }
}
