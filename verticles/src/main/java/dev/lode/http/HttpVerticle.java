package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Backup;
import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Catalog;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Maintenance;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Tools;
import dev.lode.config.LodeConfig;
import dev.lode.openapi.OpenApi;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Serves the contract over HTTP, on the event loop. Instances share the port. */
public final class HttpVerticle extends VerticleBase {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  /** A port that instances agree on, where any will do. */
  private static final int ANY_SHARED_PORT = -1;

  private final Bus bus;
  private final LodeConfig config;
  private final PrometheusMeterRegistry meters;
  private final Clock clock;
  private HttpServer server;
  private Connections connections;
  private Uploads uploads;
  private boolean listening;

  public HttpVerticle(Bus bus, LodeConfig config, PrometheusMeterRegistry meters, Clock clock) {
    this.bus = requireNonNull(bus, "bus is null");
    this.config = requireNonNull(config, "config is null");
    this.meters = requireNonNull(meters, "meters is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public Future<?> start() {
    var http = config.http();
    var contract = OpenApi.load(config);
    var access = Access.of(config, System::getenv);
    connections =
        new Connections(
            vertx,
            options(http),
            Math.max(1, http.connectionsMax() / Math.max(1, config.deploy().http())));
    var limits =
        new Routes.Limits(http.requestBodyMax().bytes(), http.requestTimeout().duration(), clock);
    Router router = new Routes(contract, access, limits, handlers(contract)).router(vertx);
    Docs.mount(router);
    server =
        vertx
            .createHttpServer(options(http))
            .requestHandler(
                request -> {
                  if (connections.takes(request)) {
                    router.handle(request);
                  }
                })
            .invalidRequestHandler(Problems::answerInvalid)
            .connectionHandler(this::admit);
    return server.listen().andThen(opened -> listening = opened.succeeded());
  }

  /** Nobody new comes in; whoever is in has an answer before the time is up. */
  @Override
  public Future<?> stop() {
    long millis = config.http().drainTime().millis();
    vertx.setTimer(Math.max(1, millis / 2), half -> uploads.stop());
    vertx.setTimer(Math.max(1, millis * 3 / 4), late -> connections.stop());
    return server.shutdown(millis, TimeUnit.MILLISECONDS);
  }

  /** Where it listens, once it is deployed. */
  public int port() {
    return server.actualPort();
  }

  private static HttpServerOptions options(LodeConfig.Http http) {
    return new HttpServerOptions()
        .setHost(http.host())
        .setHttp2ClearTextEnabled(false)
        .setPort(http.port() == 0 ? ANY_SHARED_PORT : http.port())
        .setIdleTimeout(Math.toIntExact(2 * http.requestTimeout().millis()))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  /**
   * Each instance takes its share of the connections. Vert.x accepts some before it has the metrics
   * of the server, and would fail their requests.
   */
  private void admit(HttpConnection connection) {
    if (listening) {
      connections.admit(connection);
    } else {
      connection.close();
    }
  }

  private Map<String, Consumer<Exchange>> handlers(OpenApi contract) {
    uploads =
        new Uploads(
            bus,
            connections,
            new Uploads.Limits(
                config.http().uploadMax().bytes(),
                Math.ceilDiv(config.http().gzipHeld().bytes(), Math.max(1, config.deploy().http())),
                config.http().bodyRateMin().bytes(),
                config.http().requestTimeout().duration(),
                clock),
            meters);
    var feast = new Feast(bus);
    var reports = new Reports(bus, config.deploy(), clock);
    var handlers = new HashMap<String, Consumer<Exchange>>();
    handlers.put(Routes.TOOL, this::tool);
    handlers.put(Routes.INGEST, uploads::handle);
    handlers.put("get_batch", this::batch);
    handlers.put("list_tools", this::listTools);
    handlers.put(
        "get_online_features", exchange -> exchange.answer(feast.onlineFeatures(exchange)));
    handlers.put("push", exchange -> exchange.answer(feast.push(exchange)));
    handlers.put("write_to_online_store", exchange -> exchange.answer(feast.write(exchange)));
    handlers.put("read_catalog", this::catalog);
    handlers.put("write_catalog", this::catalog);
    handlers.put("drop_from_catalog", this::catalog);
    var runs = ReplayRuns.of(vertx, config.replay().remembered());
    new Replays(bus, runs, config.replay().patience().duration(), clock).handle(handlers);
    handlers.put(
        "tables",
        exchange ->
            exchange.answer(
                bus.request(Maintenance.SURVEY, new Maintenance.Survey(exchange.tenant()))));
    handlers.put("maintain", this::maintain);
    handlers.put("start_backup", this::backup);
    handlers.put(
        "get_backup",
        exchange ->
            exchange.answer(bus.request(Backup.PROGRESS, new Backup.Ask(exchange.tenant()))));
    handlers.put("dashboard", exchange -> dashboard(exchange, reports));
    handlers.put("live", exchange -> exchange.answer(200, Map.of("status", "live")));
    handlers.put("ready", exchange -> ready(exchange, reports));
    handlers.put("metrics", this::metrics);
    pages(handlers, contract);
    return handlers;
  }

  private static void pages(Map<String, Consumer<Exchange>> handlers, OpenApi contract) {
    Buffer json = Buffer.buffer(contract.json());
    Buffer yaml = Buffer.buffer(contract.yaml());
    handlers.put("openapi_json", exchange -> exchange.answer(200, "application/json", json));
    handlers.put("openapi_yaml", exchange -> exchange.answer(200, "application/yaml", yaml));
    handlers.put("docs", Docs::page);
    handlers.put(
        "home",
        exchange -> {
          exchange.route().response().putHeader(HttpHeaders.LOCATION, "/docs");
          exchange.answer(302, "text/plain", Buffer.buffer());
        });
  }

  private void tool(Exchange exchange) {
    String name =
        exchange.operation() == null ? exchange.parameter("name") : exchange.operation().id();
    Principal principal = exchange.principal();
    var call =
        new Tools.Call(
            principal.tenant(), principal.name(), principal.role(), name, exchange.body());
    exchange.answer(bus.request(Tools.CALL, call).map(HttpVerticle::envelope));
  }

  private static Map<String, Object> envelope(Tools.Result result) {
    var envelope = new LinkedHashMap<String, Object>();
    envelope.put("data", result.data());
    envelope.put("lineage", result.lineage());
    envelope.put("freshness_ms", result.freshnessMs());
    envelope.put("quality_score", result.qualityScore());
    envelope.put("truncated", result.truncated());
    envelope.put("degraded", result.degraded());
    return envelope;
  }

  private void listTools(Exchange exchange) {
    String format = (String) exchange.parameters().getOrDefault("format", "lode");
    exchange.answer(
        bus.request(Tools.DESCRIBE, new Tools.Describe(exchange.tenant()))
            .map(manifest -> Manifests.of(format, manifest.tools())));
  }

  private void catalog(Exchange exchange) {
    bus.request(Catalog.CALL, IcebergRest.call(exchange))
        .onSuccess(answer -> IcebergRest.answer(exchange, answer))
        .onFailure(exchange::fail);
  }

  private void batch(Exchange exchange) {
    String table = Bronze.table(exchange.parameter("source"), exchange.parameter("entity"));
    int owner = new Shards(config.deploy().silver()).owner(table);
    var ask = new Silver.Judge(exchange.tenant(), table, batchId(exchange), snapshotId(exchange));
    exchange.answer(bus.request(Silver.JUDGE.owner(owner), ask));
  }

  private static UUID batchId(Exchange exchange) {
    String text = exchange.parameter("batch_id");
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw Failure.invalid("Invalid batch_id: " + text + " (must be a UUID)");
    }
  }

  private static long snapshotId(Exchange exchange) {
    String text = exchange.parameter("snapshot_id");
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw Failure.invalid("Invalid snapshot_id: " + text + " (must be a number)");
    }
  }

  private void maintain(Exchange exchange) {
    String table = (String) exchange.body().get("table");
    exchange.answer(bus.request(Maintenance.RUN, new Maintenance.Run(exchange.tenant(), table)));
  }

  private void backup(Exchange exchange) {
    var start = new Backup.Start(exchange.tenant(), (String) exchange.body().get("directory"));
    exchange.answer(bus.request(Backup.START, start));
  }

  private void dashboard(Exchange exchange, Reports reports) {
    exchange.answer(
        reports
            .all(exchange.tenant())
            .map(
                all ->
                    Dashboard.of(
                        exchange.tenant(),
                        exchange.principal().everyTenant(),
                        clock.instant(),
                        all)));
  }

  private void ready(Exchange exchange, Reports reports) {
    exchange.answer(
        reports
            .ready(config.tenants().getFirst())
            .map(
                states ->
                    Map.of(
                        "status",
                        states.containsValue(Reports.DEGRADED) ? Reports.DEGRADED : "ready",
                        "layers",
                        states)));
  }

  private void metrics(Exchange exchange) {
    exchange.answer(200, PROMETHEUS, Buffer.buffer(meters.scrape()));
  }
}
