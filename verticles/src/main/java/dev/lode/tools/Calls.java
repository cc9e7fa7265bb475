package dev.lode.tools;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Counts and times calls of tools, for Prometheus. */
final class Calls {
  private static final Duration[] STEPS =
      LongStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 5000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterProvider<Counter> counters;
  private final MeterProvider<Timer> timers;

  Calls(MeterRegistry meters) {
    requireNonNull(meters, "meters is null");
    this.counters =
        Counter.builder("lode.tool.calls").description("Tool calls.").withRegistry(meters);
    this.timers =
        Timer.builder("lode.tool.duration")
            .description("Time to answer a tool call.")
            .serviceLevelObjectives(STEPS)
            .withRegistry(meters);
  }

  void count(String tool, String outcome, long nanos) {
    counters.withTags("tool", tool, "outcome", outcome).increment();
    timers.withTags("tool", tool).record(nanos, TimeUnit.NANOSECONDS);
  }
}
