package dev.lode;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Silver;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Prometheus is told of the layers, of all tenants together: how far behind, what failed, what
 * was rejected, what is alerted; and of the process. Lags are looked up every few seconds, since a
 * scrape must not wait for the catalog.
 */
final class LayerMeters implements AutoCloseable {
  private static final long REFRESH_MILLIS = 5_000;

  /** Layer of a table to the layer that makes it. */
  private static final Map<String, String> MADE_BY =
      Map.of("silver", "silver", "gold", "gold", "platinum", "features");

  private static final List<String> LAYERS = List.of("silver", "gold", "vectors", "features");

  private final Lake lake;
  private final MeterRegistry meters;
  private final Clock clock;
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Map<String, Double> lags = new ConcurrentHashMap<>();

  LayerMeters(Lake lake, MeterRegistry meters, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.meters = requireNonNull(meters, "meters is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  Future<?> start(Vertx vertx, Bus bus) {
    new JvmMemoryMetrics().bindTo(meters);
    collections.bindTo(meters);
    LAYERS.forEach(this::register);
    vertx.setPeriodic(0, REFRESH_MILLIS, timer -> vertx.executeBlocking(this::refresh, false));
    return bus.listen(Silver.COMMITTED, this::committed);
  }

  private void register(String layer) {
    Gauge.builder("lode.lag.seconds", lags, all -> all.getOrDefault(layer, 0.0))
        .description("For how long the oldest commit has waited that the layer has not consumed")
        .tag("layer", layer)
        .register(meters);
    Gauge.builder("lode.troubles", lake.troubles(), all -> all.open().getOrDefault(layer, 0L))
        .description("What the layer could not do, of tables and tenants, and cannot yet")
        .tag("layer", layer)
        .register(meters);
    FunctionCounter.builder("lode.failures", lake.troubles(), all -> all.failures(layer))
        .description("How often the layer could not do something")
        .tag("layer", layer)
        .register(meters);
    Gauge.builder("lode.alerts", lake.troubles(), all -> all.alerts().getOrDefault(layer, 0L))
        .description("Quality promises that do not hold now")
        .tag("layer", layer)
        .register(meters);
  }

  private void committed(Silver.Committed fact) {
    count("accepted", fact.table(), fact.accepted());
    count("rejected", fact.table(), fact.rejected());
  }

  private void count(String verdict, String table, long records) {
    Counter.builder("lode.silver.records")
        .description("Records that Silver has judged")
        .tag("verdict", verdict)
        .tag("table", table)
        .register(meters)
        .increment((double) records);
  }

  private Void refresh() {
    var now = clock.instant();
    var found = new HashMap<String, Double>();
    for (TableName table : lake.tables()) {
      String layer = MADE_BY.get(table.layer());
      if (layer != null) {
        lake.head(table).ifPresent(head -> found.merge(layer, seconds(head, now), Math::max));
      }
    }
    lags.putAll(found);
    return null;
  }

  private double seconds(Snapshot head, Instant now) {
    double most = 0;
    for (var entry : head.summary().entrySet()) {
      if (entry.getKey().startsWith(Progress.WATERMARK)) {
        String upstream = entry.getKey().substring(Progress.WATERMARK.length());
        most = Math.max(most, seconds(upstream, Long.parseLong(entry.getValue()), now));
      }
    }
    return most;
  }

  /** Of the first commit that was not consumed; of a table that is gone, 0. */
  private double seconds(String upstream, long consumed, Instant now) {
    var table = TableName.of(upstream);
    if (!lake.exists(table) || lake.head(table).map(Snapshot::id).orElse(consumed) == consumed) {
      return 0;
    }
    return lake.history(table).stream()
        .takeWhile(snapshot -> snapshot.id() != consumed)
        .reduce((newer, older) -> older)
        .map(first -> Duration.between(first.committedAt(), now).toMillis() / 1000.0)
        .filter(lag -> lag > 0)
        .orElse(0.0);
  }

  @Override
  public void close() {
    collections.close();
  }
}
