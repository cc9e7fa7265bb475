package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.codecs.Query;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Status;
import dev.lode.tables.Snapshot;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layer as it is deployed: two owners, readers, a trainer, on a real bus. */
class FeaturesVerticleTest {
  private static final Instant NOW = Instant.parse("2020-01-10T00:00:00Z");
  private static final Shards SHARDS = new Shards(2);

  @TempDir Path folder;
  private TestFeatures features;
  private Sales sales;

  @BeforeEach
  void open() throws IOException {
    features = TestFeatures.of(folder, Sales.YAML, NOW);
    sales = new Sales(features.lake);
  }

  @AfterEach
  void close() {
    features.close();
  }

  private void deploy() throws Exception {
    var worker = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      await(
          features.vertx.deployVerticle(
              new FeaturesVerticle(features.store, SHARDS, shard), worker));
      await(features.vertx.deployVerticle(new ServingVerticle(features.store, SHARDS)));
    }
    await(features.vertx.deployVerticle(new TrainingVerticle(features.store), worker));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(20, TimeUnit.SECONDS);
  }

  private List<Object> spend() throws Exception {
    var read =
        new Features.Read(
            "acme", List.of("spend:total", "basket:item"), List.of(Map.of("entity_id", 7)));
    return await(features.store.bus().request(Features.READ, read)).rows().getFirst().values();
  }

  /** Every view shows what its source has. */
  private void synced(Runnable change) throws Exception {
    var views = new CountDownLatch(2);
    await(features.store.bus().listen(Features.SYNCED, fact -> views.countDown()));
    change.run();
    assertThat(views.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private void committed() {
    Snapshot head = features.lake.head(Sales.TABLE).orElseThrow();
    features
        .store
        .bus()
        .publish(
            Silver.COMMITTED,
            new Silver.Committed("acme", Sales.TABLE.toString(), head.id(), 1, 0, 1, false));
  }

  @Test
  void aCommitOfTheSourceIsSeenInReadsPushesAndTraining() throws Exception {
    sales.put(Sales.sale(1, "7", "2020-01-09T23:59:58Z", "10"));
    synced(() -> deployed());
    assertThat(spend()).containsExactly(new BigDecimal("10.00"), "tea");

    synced(
        () -> {
          sales.put(Sales.sale(2, "7", "2020-01-09T23:59:59Z", "5"));
          committed();
        });
    assertThat(spend()).containsExactly(new BigDecimal("15.00"), "tea");

    Map<String, Object> row =
        Map.of("shopper", "7", "event_timestamp", "2020-01-10T00:00:00Z", "item", "pushed");
    var pushed =
        await(
            features
                .store
                .bus()
                .request(Features.PUSH, new Features.Push("acme", "basket", List.of(row))));
    assertThat(pushed.rows()).isEqualTo(1);
    assertThat(spend()).containsExactly(new BigDecimal("15.00"), "pushed");

    var train =
        new Features.Train(
            "acme", List.of("spend:total", "basket:item"), List.of(), null, true, NOW, false);
    assertThat(await(features.store.bus().request(Features.TRAIN, train)).rows())
        .containsExactly(List.of(7L, "2020-01-10T00:00:00Z", new BigDecimal("15.00"), "pushed"));
  }

  private void deployed() {
    try {
      deploy();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot deploy", e);
    }
  }

  @Test
  void aLostFactOnlyCostsTime() throws Exception {
    deploy();
    synced(() -> sales.put(Sales.sale(1, "7", "2020-01-09T23:59:58Z", "10")));
    assertThat(spend()).containsExactly(new BigDecimal("10.00"), "tea");
  }

  @Test
  void saysHowFarEachViewIs() throws Exception {
    sales.put(Sales.sale(1, "7", "2020-01-09T23:59:58Z", "10"));
    synced(() -> deployed());
    var report = await(features.store.bus().request(Status.of("features"), new Status.Ask("acme")));
    assertThat(report.ready()).isTrue();
    assertThat(report.values())
        .containsEntry("feature_views", 2)
        .containsEntry("entities_online", 2L);
    assertThat((List<?>) report.values().get("views"))
        .first()
        .asInstanceOf(
            org.assertj.core.api.InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("name", "basket")
        .containsEntry("table", "platinum.features_basket")
        .containsEntry("keys", List.of("shopper"))
        .containsEntry("features", List.of("item", "amount", "double_amount"))
        .containsEntry("rows_online", 1L)
        .containsEntry("ttl_ms", 4000L);
    assertThat(report.values())
        .containsEntry(
            "tasks",
            List.of(
                Map.of("name", "features:basket", "state", "synced", "lag_ms", 0L),
                Map.of("name", "features:spend", "state", "synced", "lag_ms", 0L)));
  }

  @Test
  void sqlForTrainingIsJudgedByTheOwnerOfQueries() throws Exception {
    sales.put(Sales.sale(1, "7", "2020-01-09T23:59:58Z", "10"));
    synced(() -> deployed());
    var train =
        new Features.Train(
            "acme",
            List.of("spend:total"),
            List.of(),
            "SELECT shopper, sold_at AS event_timestamp FROM silver.sale",
            false,
            null,
            false);
    assertThatThrownBy(() -> await(features.store.bus().request(Features.TRAIN, train)))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OWNER_ABSENT));
    await(
        features
            .store
            .bus()
            .serveAsync(
                Query.RUN,
                run -> {
                  assertThat(run.sql()).isEqualTo(train.entitySql());
                  assertThat(run.role()).isEqualTo("reader");
                  return Future.succeededFuture(
                      new Query.Result(run.tenantId(), List.of(), List.of(), false, Map.of()));
                }));
    assertThat(await(features.store.bus().request(Features.TRAIN, train)).rows())
        .containsExactly(List.of(7L, "2020-01-09T23:59:58Z", new BigDecimal("10.00")));
  }
}
