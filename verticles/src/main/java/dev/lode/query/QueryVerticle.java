package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Query;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.Troubles;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Answers questions about the tables of one tenant. One instance, on the event loop: SQL runs on
 * threads of its own, so that a slow statement holds up neither others nor the small questions.
 */
public final class QueryVerticle extends VerticleBase {
  private static final int SMALL_THREADS = 2;

  private final Bus bus;
  private final SqlRunner runner;
  private final Datasets datasets;
  private final Scores scores;
  private final Worth worth;
  private final Lake lake;
  private final int sqlThreads;
  private final FairShare share;
  private WorkerExecutor sql;
  private WorkerExecutor small;

  public QueryVerticle(Bus bus, Lake lake, LodeConfig config, Clock clock) {
    this.bus = requireNonNull(bus, "bus is null");
    this.lake = requireNonNull(lake, "lake is null");
    this.runner = new SqlRunner(lake, config.tools());
    this.datasets = new Datasets(lake);
    this.scores = new Scores(lake, clock);
    this.worth = new Worth(lake, scores);
    this.sqlThreads = config.deploy().tools();
    this.share = new FairShare(sqlThreads, config.tools().sqlWaitingMax());
  }

  @Override
  public Future<?> start() {
    sql = vertx.createSharedWorkerExecutor("lode-sql", sqlThreads);
    small = vertx.createSharedWorkerExecutor("lode-query", SMALL_THREADS);
    return Future.all(
        bus.serveAsync(
            Query.RUN, run -> share.run(run.tenantId(), () -> on(sql, () -> runner.run(run)))),
        bus.serveAsync(Query.LIST, ask -> on(small, () -> datasets.list(ask))),
        bus.serveAsync(Query.ASSESS, ask -> on(small, () -> worth.assess(ask))),
        bus.serveAsync(Status.of("query"), ask -> on(small, () -> report(ask.tenantId()))));
  }

  private static <T> Future<T> on(WorkerExecutor threads, Callable<T> answer) {
    return threads.executeBlocking(answer, false);
  }

  private Status.Report report(String tenantId) {
    var layers = new LinkedHashMap<String, Object>();
    for (Query.Dataset dataset :
        datasets.list(new Query.ListDatasets(tenantId, "admin", null)).datasets()) {
      @SuppressWarnings("unchecked")
      var layer =
          (Map<String, Object>)
              layers.computeIfAbsent(dataset.layer(), name -> new LinkedHashMap<String, Object>());
      layer.put(dataset.name(), shown(dataset));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("datasets", layers);
    values.put("quality", scores.latest(tenantId));
    values.put(
        "troubles", lake.troubles().of(tenantId).stream().map(QueryVerticle::shown).toList());
    values.put("troubled", lake.troubles().open());
    return new Status.Report(tenantId, "query", true, values);
  }

  private static Map<String, Object> shown(Troubles.Trouble trouble) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("layer", trouble.layer());
    shown.put("table", trouble.table().toString());
    shown.put("reason", trouble.reason());
    shown.put("since", trouble.since());
    return shown;
  }

  private static Map<String, Object> shown(Query.Dataset dataset) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("records", dataset.rows());
    shown.put("snapshot_id", dataset.snapshotId());
    shown.put("committed_at", dataset.committedAt());
    shown.put("upstream", dataset.upstream());
    return shown;
  }
}
