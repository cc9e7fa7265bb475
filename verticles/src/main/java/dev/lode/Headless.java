package dev.lode;

import dev.lode.cli.Settings;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.lineage.Link;
import dev.lode.silver.contract.Contract;
import dev.lode.tables.Lake;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The layers without a door, one after another: each begins when the one before has consumed all
 * that there is, so that everything is made once.
 */
final class Headless implements AutoCloseable {
  private static final long POLL_NANOS = Duration.ofMillis(50).toNanos();

  private final Place place;
  private final Lake lake;
  private final Consumer<String> progress;
  private final Vertx vertx;
  private final Bus bus;
  private final Layers layers;

  record Place(LodeConfig config, Settings settings, DataDirectory data, Lake lake, Clock clock) {}

  Headless(Place place, Consumer<String> progress) {
    this.place = place;
    this.lake = place.lake();
    this.progress = progress;
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var limits = place.config().bus();
    vertx = LodeServer.vertx(meters);
    Bus.registerCodecs(vertx);
    bus =
        new Bus(
            vertx,
            new Bus.Limits(limits.inFlightMax(), limits.timeout().duration()),
            place.clock());
    layers =
        new Layers(
            new Layers.Ground(
                place.config(), place.settings(), place.data(), lake, bus, meters, place.clock()));
  }

  /** Answers a sentence for each that could not be made. */
  List<String> run() {
    LodeServer.await(layers.silver(vertx));
    rest("silver", this::silver);
    LodeServer.await(layers.gold(vertx));
    rest("gold", this::gold);
    LodeServer.await(layers.features(vertx));
    rest("features", () -> behind("features"));
    LodeServer.await(layers.vectors(vertx));
    rest("vectors", () -> behind("vectors"));
    return failures();
  }

  /** Waits until nothing of a layer is behind. */
  private void rest(String layer, Supplier<List<String>> behind) {
    Duration patience = place.config().replay().patience().duration();
    long moved = System.nanoTime();
    Object last = null;
    List<String> left = behind.get();
    while (!left.isEmpty()) {
      progress.accept(layer + ": " + String.join(", ", left));
      LockSupport.parkNanos(POLL_NANOS);
      Object now = standing();
      moved = now.equals(last) ? moved : System.nanoTime();
      if (System.nanoTime() - moved > patience.toNanos()) {
        throw new IllegalStateException(
            "Nothing moved for %d min; still behind: %s (the log says why)"
                .formatted(patience.toMinutes(), String.join(", ", left)));
      }
      last = now;
      left = behind.get();
    }
  }

  private Object standing() {
    var heads = new TreeMap<TableName, Long>();
    lake.tables().forEach(table -> lake.head(table).ifPresent(at -> heads.put(table, at.id())));
    return heads;
  }

  private List<String> silver() {
    return layers.declared().contracts().stream()
        .filter(contract -> isBehind(contract.upstream(), watermark(contract)))
        .map(contract -> contract.table().toString())
        .toList();
  }

  private Long watermark(Contract contract) {
    return watermark(contract.table(), contract.upstream());
  }

  private Long watermark(TableName table, TableName upstream) {
    return lake.exists(table)
        ? lake.head(table).map(head -> head.watermark(upstream)).orElse(null)
        : null;
  }

  private boolean isBehind(TableName upstream, Long watermark) {
    return lake.exists(upstream)
        && lake.head(upstream).map(Snapshot::id).filter(id -> !id.equals(watermark)).isPresent();
  }

  /** What cannot be made yet, or whose tests fail, is not behind. */
  private List<String> gold() {
    return tasks("gold", "behind");
  }

  /** A source that is not there, or of nothing, keeps the others waiting. */
  private List<String> behind(String layer) {
    var links = new TreeMap<String, List<Link>>();
    for (Link link : layers.declared().links()) {
      if (link.layer().equals(layer)) {
        links.computeIfAbsent(link.dataset(), first -> new ArrayList<>()).add(link);
      }
    }
    var behind = new TreeSet<String>();
    links.forEach(
        (dataset, all) -> {
          if (all.stream().allMatch(this::isThere) && all.stream().anyMatch(this::isBehind)) {
            behind.add(dataset);
          }
        });
    tasks(layer, "failed").forEach(task -> behind.remove(task.replace(layer + ":", "")));
    return List.copyOf(behind);
  }

  private boolean isThere(Link link) {
    return lake.exists(link.source()) && lake.head(link.source()).isPresent();
  }

  private boolean isBehind(Link link) {
    if (link.table() != null) {
      return isBehind(link.source(), watermark(link.table(), link.source()));
    }
    var standing = lake.positions().of(link.source());
    return place.config().tenants().stream()
        .map(tenant -> standing.get("vectors " + link.dataset() + "/" + tenant))
        .anyMatch(at -> isBehind(link.source(), at));
  }

  /** The names of those of whom every tenant hears that they are in a state. */
  private List<String> tasks(String layer, String state) {
    List<String> common = null;
    for (String tenant : place.config().tenants()) {
      var report = LodeServer.await(bus.request(Status.of(layer), new Status.Ask(tenant)));
      var names = new ArrayList<String>();
      for (Object task : (List<?>) report.values().getOrDefault("tasks", List.of())) {
        if (task instanceof Map<?, ?> told && state.equals(told.get("state"))) {
          names.add(String.valueOf(told.get("name")));
        }
      }
      if (common == null) {
        common = names;
      } else {
        common.retainAll(names);
      }
    }
    return common == null ? List.of() : common;
  }

  private List<String> failures() {
    var failures = new ArrayList<String>();
    tasks("gold", "blocked").forEach(mart -> failures.add(mart + ": its tests fail"));
    tasks("gold", "waiting").forEach(mart -> failures.add(mart + ": nothing to make it from"));
    tasks("features", "failed").forEach(view -> failures.add(view + ": failed, the log says why"));
    return failures;
  }

  @Override
  public void close() {
    Future<?> gone = layers.undeploy(vertx);
    LodeServer.await(gone.eventually(vertx::close));
    layers.close();
  }
}
