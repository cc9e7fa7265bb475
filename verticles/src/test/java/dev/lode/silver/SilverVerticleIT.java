package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.silver.contract.Contract;
import dev.lode.tables.BronzeTable;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real bus and the real tables. */
class SilverVerticleIT {
  private static final Contract NOTE = Fixture.unhurried(Fixture.demo("support_note"));
  private static final Contract STOCK = Fixture.demo("inventory");
  private static final String POOR = "{\"note_id\":\"N\"}";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Silver.Committed> committed = new LinkedBlockingQueue<>();
  private Fixture fixture;
  private Bus bus;

  @BeforeEach
  void open() throws Exception {
    fixture = Fixture.open(folder).work(NOTE);
    Bus.registerCodecs(vertx);
    bus = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(30)), Clock.systemUTC());
    await(bus.listen(Silver.COMMITTED, committed::add));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
    fixture.close();
  }

  @Test
  void refinesWhatIsToldAndSaysSo() throws Exception {
    deploy(2, "1h");
    var note = fixture.json(NOTE.upstream(), note("N", "fine"), POOR);
    tell(note);
    tell(note);

    var fact = next();

    assertThat(fact)
        .isEqualTo(
            new Silver.Committed(
                "acme", "silver.support_note", head(NOTE.table()).id(), 1, 1, 0.5, false));
    tell(fixture.json(STOCK.upstream(), stock(3)));
    assertThat(next().table()).isEqualTo("silver.inventory");
    assertThat(committed).isEmpty();
  }

  @Test
  void catchesUpAtTheStartAndWhenEveryFactIsLost() throws Exception {
    fixture.json(NOTE.upstream(), note("N", "fine"));
    deploy(1, "50ms");
    assertThat(next().accepted()).isEqualTo(1);

    fixture.json(NOTE.upstream(), note("M", "fine"), note("O", "fine"));
    assertThat(next().accepted()).isEqualTo(2);
  }

  @Test
  void writesQualityResultsWithoutBeingAsked() throws Exception {
    deploy(1, "50ms");
    fixture.json(NOTE.upstream(), note("N", "fine"), POOR);
    next();

    while (head(SilverTables.QUALITY_RESULTS) == null) {
      Thread.onSpinWait();
    }

    assertThat(
            fixture.query(
                SilverTables.QUALITY_RESULTS,
                "SELECT entity, checked, failed, score FROM t WHERE rule = '*'"))
        .containsExactly(List.of("support_note", 2L, 1L, 0.5));
  }

  @Test
  void replaysThroughWhicheverShardOwnsTheEntity() throws Exception {
    deploy(2, "50ms");
    fixture.json(NOTE.upstream(), note("N", "fine"), POOR);
    next();

    var replayed = await(bus.request(Silver.REPLAY, replay("support_note")));

    assertThat(replayed)
        .isEqualTo(
            new Silver.Replayed(
                "acme", "silver.support_note", head(NOTE.table()).id(), 2, 1, 1, null));
    assertThat(next().snapshotId()).isEqualTo(replayed.snapshotId());
    var since = new Silver.Replay("acme", "support_note", false, Instant.now());
    assertThat(await(bus.request(Silver.REPLAY, since)))
        .extracting(Silver.Replayed::read, Silver.Replayed::note)
        .containsExactly(
            2L,
            "since was not applied: the newest record of a key may be older, so a table with keys"
                + " is replayed whole");
    assertThat(await(bus.request(Silver.REPLAY, replay("inventory"))).read()).isZero();
    assertThatThrownBy(() -> await(bus.request(Silver.REPLAY, replay("suport_note"))))
        .hasRootCauseInstanceOf(Failure.class)
        .rootCause()
        .hasMessage("Cannot replay suport_note: it has no contract (did you mean support_note?)");
  }

  @Test
  void tellsWhatBecameOfABodyOnceItIsJudged() throws Exception {
    long first = fixture.json(NOTE.upstream(), note("N", "fine"), POOR).id();
    String poor = "SELECT batch_id FROM t WHERE decode(payload) = '%s'".formatted(POOR);
    var batch = (UUID) fixture.query(NOTE.upstream(), poor).get(0).get(0);
    deploy(1, "50ms");
    next();
    long second = fixture.json(NOTE.upstream(), POOR).id();
    var judged = judge("acme", NOTE.upstream().toString(), batch, first);
    assertThat(judged.judged()).isTrue();
    var verdict = judged.contracts().getFirst();
    assertThat(verdict.table()).isEqualTo("silver.support_note");
    assertThat(verdict.rejected()).isEqualTo(1);
    assertThat(verdict.rules()).hasSize(1);
    assertThat(verdict.rules().getFirst().reason()).isNotBlank();
    next();
    assertThat(judge("acme", NOTE.upstream().toString(), batch, second).judged()).isTrue();
    assertThat(judge("other", NOTE.upstream().toString(), batch, 0).contracts().getFirst())
        .returns(0L, Silver.Verdict::rejected);
    assertThat(judge("acme", NOTE.upstream() + "s", batch, 0))
        .isEqualTo(new Silver.Judged("acme", true, List.of(), NOTE.upstream().name()));
  }

  private Silver.Judged judge(String tenantId, String table, UUID batchId, long snapshotId)
      throws Exception {
    var ask = new Silver.Judge(tenantId, table, batchId, snapshotId);
    return await(bus.request(Silver.JUDGE.owner(0), ask));
  }

  private static Silver.Replay replay(String entity) {
    return new Silver.Replay("acme", entity, false, null);
  }

  @Test
  void reportsEachEntityToItsTenant() throws Exception {
    deploy(2, "50ms");
    fixture.json(NOTE.upstream(), note("N", "fine"), POOR, POOR);
    next();

    var report = await(bus.request(Status.of("silver"), new Status.Ask("acme")));
    var other = await(bus.request(Status.of("silver"), new Status.Ask("other")));

    assertThat(report.ready()).isTrue();
    assertThat(entity(report))
        .containsEntry("rows", 1L)
        .containsEntry("quarantined", 2L)
        .containsEntry("lag_snapshots", 0L)
        .containsEntry("rejected", 2L)
        .containsEntry("alerts", List.of("support_note: 2 of 3 records were rejected"));
    assertThat((List<?>) report.values().get("tasks")).hasSize(2);
    assertThat(entity(other))
        .containsEntry("rows", 0L)
        .containsEntry("quarantined", 0L)
        .containsEntry("score", null)
        .containsEntry("alerts", List.of());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> entity(Status.Report report) {
    var entities = (Map<String, Object>) report.values().get("entities");
    return (Map<String, Object>) entities.get("support_note");
  }

  @Test
  void alsoLooksAfterTablesWithoutAContract() throws Exception {
    deploy(1, "50ms");
    fixture.lake.ensure(BronzeTable.spec("web", "click"));
    fixture.append(
        TableName.of("bronze.web_click"),
        List.<Object[]>of(Fixture.defective("acme", "x", "malformed: x")));
    fixture.json(NOTE.upstream(), note("N", "fine"));

    assertThat(next().table()).isEqualTo("silver.support_note");
    var quarantine = TableName.of("quarantine.web_click");
    while (!fixture.lake.exists(quarantine) || head(quarantine) == null) {
      Thread.onSpinWait();
    }
    assertThat(fixture.query(quarantine, "SELECT reason FROM t"))
        .containsExactly(List.of("malformed: x"));
  }

  private void deploy(int instances, String catchUp) throws Exception {
    var config = new LodeConfig.Silver(1000, 10_000, Span.parse(catchUp), "generated", 0.5);
    var parts =
        new SilverVerticle.Parts(
            bus,
            fixture.lake,
            List.of(NOTE, STOCK),
            config,
            HmacKey.load("generated", folder),
            Clock.systemUTC());
    for (int i = 0; i < instances; i++) {
      var options = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
      await(vertx.deployVerticle(new SilverVerticle(parts, new Shards(instances), i), options));
    }
  }

  private void tell(Snapshot bronze) {
    bus.publish(
        Bronze.COMMITTED,
        new Bronze.Committed("acme", bronze.table().toString(), bronze.id(), 1, false));
  }

  private Snapshot head(TableName table) {
    return fixture.lake.head(table).orElse(null);
  }

  private Silver.Committed next() throws InterruptedException {
    var fact = committed.poll(30, TimeUnit.SECONDS);
    assertThat(fact).as("a Silver commit").isNotNull();
    return fact;
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static String note(String id, String body) {
    return """
    {"note_id":"%s","customer_id":"C","subject":"s","body":"%s",\
    "created_at":"2025-12-01T09:00:00Z","updated_at":"2025-12-01T10:00:00Z"}\
    """
        .formatted(id, body);
  }

  private static String stock(int pieces) {
    return """
    {"product_id":"P","warehouse":"W","on_hand":%d,"updated_at":"2025-12-01T10:00:00Z"}\
    """
        .formatted(pieces);
  }
}
