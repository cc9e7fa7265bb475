package dev.lode.tools;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.CallContext;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Status;
import dev.lode.codecs.Tools;
import dev.lode.config.LodeConfig;
import dev.lode.openapi.OpenApi;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * Answers tool calls, on the event loop: it only asks the owners of things and waits for none. Any
 * instance answers any call.
 */
public final class ToolsVerticle extends VerticleBase {
  private static final int REMEMBERED_MAX = 10_000;
  private static final Duration REMEMBERED_TIME = Duration.ofSeconds(2);

  private final Bus bus;
  private final LodeConfig config;
  private final Clock clock;
  private final Calls calls;
  private CatalogTools catalog;
  private Registry registry;
  private Envelope envelope;

  public ToolsVerticle(Bus bus, LodeConfig config, MeterRegistry meters, Clock clock) {
    this.bus = requireNonNull(bus, "bus is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.calls = new Calls(meters);
  }

  @Override
  public Future<?> start() {
    var term = new Remembered.Term(REMEMBERED_TIME, REMEMBERED_MAX, clock);
    envelope = new Envelope(bus, term);
    catalog = new CatalogTools(bus, term);
    registry = new Registry(OpenApi.load(config), tools(term));
    return Future.all(
        bus.serveAsync(Tools.CALL, this::call),
        bus.serveAsync(Tools.DESCRIBE, ask -> manifest(ask.tenantId())),
        bus.serveAsync(Status.of("tools"), ask -> Future.succeededFuture(report(ask))));
  }

  /** Without the tools whose feature view is not there; with all where that cannot be told. */
  private Future<Tools.Manifest> manifest(String tenantId) {
    return catalog
        .viewNames(tenantId)
        .map(views -> registry.declared(views::contains))
        .otherwise(registry.declared())
        .map(tools -> new Tools.Manifest(tenantId, tools));
  }

  private Map<String, Tool> tools(Remembered.Term term) {
    var shards = new Shards(config.deploy().vectors());
    var search = new SearchTools(bus, shards, new HitFeatures(bus, term));
    var features = new FeatureTools(bus);
    var lineage = new LineageTools(bus);
    var query = new QueryTools(bus);
    return Map.ofEntries(
        entry("vector_search", search::search),
        entry("search_and_retrieve", search::searchAndRetrieve),
        entry("list_namespaces", catalog::namespaces),
        entry("list_feature_views", catalog::featureViews),
        entry("get_customer_features", features::customers),
        entry("get_product_features", features::products),
        entry("get_features", features::any),
        entry("get_training_dataset", features::train),
        entry("trace_lineage", lineage::trace),
        entry("run_sql", query::run),
        entry("list_datasets", query::list),
        entry("describe_dataset", query::describe));
  }

  private static Map.Entry<String, Tool> entry(String name, Tool tool) {
    return Map.entry(name, tool);
  }

  private Future<Tools.Result> call(Tools.Call call) {
    long start = System.nanoTime();
    String name = registry.has(call.name()) ? call.name() : "unknown";
    return attempt(call)
        .onComplete(done -> calls.count(name, outcome(done.cause()), System.nanoTime() - start));
  }

  private Future<Tools.Result> attempt(Tools.Call call) {
    try {
      Registry.Entry entry = registry.find(call);
      var arguments = new Arguments(entry.input().checked(call.arguments()));
      hurry();
      return entry
          .tool()
          .call(call, arguments)
          .compose(answer -> envelope.around(call.tenantId(), answer));
    } catch (Failure failure) {
      return Future.failedFuture(failure);
    }
  }

  /** A tool has its own time, within that of the request. */
  private void hurry() {
    CallContext current = CallContext.current();
    Instant latest = clock.instant().plus(config.tools().timeout().duration());
    if (current != null && latest.isBefore(current.deadline())) {
      new CallContext(latest, current.traceparent()).enter();
    }
  }

  private static String outcome(Throwable cause) {
    if (cause == null) {
      return "ok";
    }
    return cause instanceof Failure failure
        ? failure.code().name().toLowerCase(Locale.ROOT)
        : "internal";
  }

  private Status.Report report(Status.Ask ask) {
    return new Status.Report(
        ask.tenantId(), "tools", true, Map.of("tools", registry.declared().size()));
  }
}
