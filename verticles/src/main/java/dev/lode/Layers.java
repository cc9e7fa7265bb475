package dev.lode;

import dev.lode.backup.BackupVerticle;
import dev.lode.bronze.BronzeVerticle;
import dev.lode.catalog.CatalogVerticle;
import dev.lode.cli.Settings;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Shards;
import dev.lode.config.LodeConfig;
import dev.lode.features.FeatureStore;
import dev.lode.features.FeaturesVerticle;
import dev.lode.features.ServingVerticle;
import dev.lode.features.TrainingVerticle;
import dev.lode.features.online.MemoryStore;
import dev.lode.features.online.ViewStates;
import dev.lode.gold.GoldVerticle;
import dev.lode.http.HttpVerticle;
import dev.lode.ingest.IngestVerticle;
import dev.lode.lineage.LineageVerticle;
import dev.lode.maintenance.MaintenanceVerticle;
import dev.lode.query.QueryVerticle;
import dev.lode.silver.LakeKey;
import dev.lode.silver.SilverVerticle;
import dev.lode.tables.Lake;
import dev.lode.tools.ToolsVerticle;
import dev.lode.vectors.VectorParts;
import dev.lode.vectors.VectorSearchVerticle;
import dev.lode.vectors.VectorSpec;
import dev.lode.vectors.VectorSyncVerticle;
import dev.lode.vectors.lucene.LuceneIndexes;
import dev.lode.vectors.search.Planner;
import dev.lode.vectors.text.Embedder;
import dev.lode.vectors.text.MiniLm;
import dev.lode.vectors.text.RememberingEmbedder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Every layer, deployed in as many instances as conf says: downstream first, so that whoever tells
 * is heard, and the door last.
 */
final class Layers implements AutoCloseable {
  private final Ground ground;
  private final LodeConfig config;
  private final Bus bus;
  private final Lake lake;
  private final Clock clock;
  private final Declarations declared;
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final Deque<String> deployed = new ConcurrentLinkedDeque<>();

  /** What all layers stand on. */
  record Ground(
      LodeConfig config,
      Settings settings,
      DataDirectory data,
      Lake lake,
      Bus bus,
      PrometheusMeterRegistry meters,
      Clock clock) {}

  Layers(Ground ground) {
    this.ground = ground;
    this.config = ground.config();
    this.bus = ground.bus();
    this.lake = ground.lake();
    this.clock = ground.clock();
    this.declared = Declarations.read(ground.settings().declarations(), ground.lake());
  }

  Declarations declared() {
    return declared;
  }

  /** The port it serves on. */
  Future<Integer> deploy(Vertx vertx) {
    LodeConfig.Deploy count = config.deploy();
    return workers(vertx, "lineage", count.lineage(), lineage())
        .compose(done -> vectors(vertx))
        .compose(done -> features(vertx))
        .compose(done -> gold(vertx))
        .compose(done -> silver(vertx))
        .compose(
            done ->
                loops(vertx, count.bronze(), shard -> new BronzeVerticle(bus, config, shard, lake)))
        .compose(
            done ->
                loops(
                    vertx, count.ingest(), shard -> new IngestVerticle(bus, config, shard, clock)))
        .compose(done -> workers(vertx, "maintenance", count.maintenance(), maintenance()))
        .compose(done -> loops(vertx, 1, shard -> new QueryVerticle(bus, lake, config, clock)))
        .compose(done -> loops(vertx, count.tools(), shard -> tools()))
        .compose(
            done ->
                workers(
                    vertx,
                    "catalog",
                    count.catalog(),
                    shard ->
                        new CatalogVerticle(bus, lake, config.maintenance().serveWithoutDeletes())))
        .compose(done -> loops(vertx, 1, shard -> backup()))
        .compose(done -> http(vertx, count.http()));
  }

  /** The other way: the door first. Nobody is woken any more: the next start catches up. */
  Future<?> undeploy(Vertx vertx) {
    bus.silence();
    Future<?> gone = Future.succeededFuture();
    for (String id : deployed) {
      gone = gone.eventually(() -> vertx.undeploy(id));
    }
    return gone;
  }

  private Future<Integer> http(Vertx vertx, int count) {
    var doors = new CopyOnWriteArrayList<HttpVerticle>();
    return loops(
            vertx,
            count,
            shard -> {
              var door = new HttpVerticle(bus, config, ground.meters(), clock);
              doors.add(door);
              return door;
            })
        .map(done -> doors.getFirst().port());
  }

  private IntFunction<Deployable> lineage() {
    var parts = new LineageVerticle.Parts(bus, lake, declared.links(), config.lineage(), clock);
    var shards = new Shards(config.deploy().lineage());
    return shard -> new LineageVerticle(parts, shards, shard);
  }

  Future<?> vectors(Vertx vertx) {
    int count = config.deploy().vectors();
    var parts = vectorParts();
    boolean simd = LuceneIndexes.isVectorised();
    var shards = new Shards(count);
    return workers(vertx, "vectors", count, shard -> new VectorSyncVerticle(parts, shards, shard))
        .compose(
            done ->
                workers(
                    vertx,
                    "search",
                    count,
                    shard -> new VectorSearchVerticle(parts, simd, shards, shard)));
  }

  private VectorParts vectorParts() {
    LodeConfig.Vectors limits = config.vectors();
    var options =
        new LuceneIndexes.Options(
            (double) limits.indexBuffer().bytes() / (1 << 20),
            limits.codesMemory().bytes(),
            limits.openIndexesMax(),
            limits.fusionDepth(),
            new Planner(limits.scanMax(), limits.efSearch()));
    Embedder minilm =
        new RememberingEmbedder(
            MiniLm.load(limits.embedThreads(), ground.data().resolve("natives")),
            limits.textsRemembered());
    var languages =
        declared.vectors().stream()
            .collect(Collectors.toMap(VectorSpec::namespace, VectorSpec::spoken));
    var indexes = new LuceneIndexes(ground.data().resolve("vectors"), options, languages::get);
    closing.push(minilm::close);
    closing.push(indexes::close);
    return new VectorParts(
        bus,
        lake,
        declared.sources(),
        declared.vectors(),
        config.tenants(),
        indexes,
        Map.of("minilm", minilm)::get,
        limits);
  }

  Future<?> features(Vertx vertx) {
    int count = config.deploy().features();
    var store =
        new FeatureStore(
            bus,
            lake,
            declared.features(),
            new MemoryStore(),
            new ViewStates(),
            config.features(),
            ground.data().resolve("training"),
            clock);
    var shards = new Shards(count);
    return workers(vertx, "features", count, shard -> new FeaturesVerticle(store, shards, shard))
        .compose(done -> loops(vertx, count, shard -> new ServingVerticle(store, shards)))
        .compose(done -> workers(vertx, "training", count, shard -> new TrainingVerticle(store)));
  }

  Future<?> gold(Vertx vertx) {
    int count = config.deploy().gold();
    var parts =
        new GoldVerticle.Parts(
            bus, lake, declared.marts(), declared.made().broken(), config.gold(), clock);
    var shards = new Shards(count);
    return workers(vertx, "gold", count, shard -> new GoldVerticle(parts, shards, shard));
  }

  Future<?> silver(Vertx vertx) {
    int count = config.deploy().silver();
    var key =
        LakeKey.of(
            lake, config.silver().hmacKey(), ground.data().resolve("."), declared.contracts());
    var parts =
        new SilverVerticle.Parts(bus, lake, declared.contracts(), config.silver(), key, clock);
    var shards = new Shards(count);
    return workers(vertx, "silver", count, shard -> new SilverVerticle(parts, shards, shard));
  }

  private IntFunction<Deployable> maintenance() {
    var parts =
        new MaintenanceVerticle.Parts(
            bus, lake, declared.consumers()::contains, config.maintenance(), clock);
    var shards = new Shards(config.deploy().maintenance());
    return shard -> new MaintenanceVerticle(parts, shards, shard);
  }

  private Deployable backup() {
    return new BackupVerticle(
        new BackupVerticle.Parts(
            bus,
            lake,
            ground.data().resolve("."),
            config.backup(),
            config.keys().isEmpty(),
            clock));
  }

  private Deployable tools() {
    return new ToolsVerticle(bus, config, ground.meters(), clock);
  }

  private Future<?> workers(Vertx vertx, String pool, int count, IntFunction<Deployable> verticle) {
    return deploy(
        vertx,
        new DeploymentOptions()
            .setThreadingModel(ThreadingModel.WORKER)
            .setWorkerPoolName("lode-" + pool)
            .setWorkerPoolSize(count)
            .setInstances(count),
        verticle);
  }

  private Future<?> loops(Vertx vertx, int count, IntFunction<Deployable> verticle) {
    return deploy(vertx, new DeploymentOptions().setInstances(count), verticle);
  }

  private Future<?> deploy(
      Vertx vertx, DeploymentOptions options, IntFunction<Deployable> verticle) {
    var shard = new AtomicInteger();
    return vertx
        .deployVerticle(() -> verticle.apply(shard.getAndIncrement()), options)
        .onSuccess(deployed::push);
  }

  /** What is not a verticle, once the verticles are gone. */
  @Override
  public void close() {
    closing.forEach(Runnable::run);
  }
}
