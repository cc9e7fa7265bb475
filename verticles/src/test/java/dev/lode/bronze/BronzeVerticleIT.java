package dev.lode.bronze;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.uuid.Generators;
import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Fingerprint;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.config.TestConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BronzeVerticleIT {
  private static final TableName TABLE = TableName.of("bronze.shop_order");

  @TempDir private Path folder;
  private Vertx vertx;
  private Bus bus;
  private Lake lake;
  private Clock clock = Clock.systemUTC();

  private void start(Object... changes) throws Exception {
    var all = new ArrayList<Object>(List.of("deploy.bronze", 1));
    all.addAll(List.of(changes));
    LodeConfig config = TestConfig.with(all.toArray());
    vertx = Vertx.vertx();
    Bus.registerCodecs(vertx);
    bus = new Bus(vertx, new Bus.Limits(1000, Duration.ofSeconds(20)), Clock.systemUTC());
    lake = TestLake.open(folder);
    var site = new TableWriter.Site(lake, config, Generators.timeBasedEpochGenerator(), clock);
    await(vertx.deployVerticle(new BronzeVerticle(bus, site, 0)));
  }

  @AfterEach
  void stop() throws Exception {
    if (vertx != null) {
      await(vertx.close());
      lake.close();
    }
  }

  private void restart(Object... changes) throws Exception {
    stop();
    start(changes);
  }

  private Future<Bronze.Appended> append(Bronze.Append append) {
    return bus.request(Bronze.APPEND.owner(0), append);
  }

  private List<List<Object>> query(String sql) {
    try (Session session = lake.session()) {
      session.bind("t", Slice.now(TABLE));
      return session.query(sql, 1000).rows();
    }
  }

  private List<Object> positions() {
    return query("SELECT position FROM t ORDER BY position").stream().map(List::getFirst).toList();
  }

  @Test
  void keepsTheExactBytesWithTheirOrigin() throws Exception {
    start();
    byte[] bytes = {'{', 0, (byte) 0xFF, '\n', '}'};
    UUID batch = UUID.randomUUID();
    var raw = new Bronze.Raw(7, Bytes.of(bytes), "encoding: invalid UTF-8 at byte 3");
    var append =
        new Bronze.Append("acme", "shop", "order", batch, "csv", Bytes.utf8("a,b"), List.of(raw));
    Bronze.Appended answer = await(append(append));
    assertThat(answer.table()).isEqualTo("bronze.shop_order");
    assertThat(answer.appended()).isEqualTo(1);
    assertThat(answer.snapshotId()).isEqualTo(lake.head(TABLE).orElseThrow().id());
    List<Object> row =
        query(
                """
                SELECT tenant_id, source, entity, batch_id, position, event_time, op, format,
                  header::VARCHAR, hex(payload), hex(hash), defect,
                  uuid_extract_version(lineage_id),
                  abs(epoch(uuid_extract_timestamp(lineage_id)) - epoch(ingest_time)) < 60
                FROM t\
                """)
            .getFirst();
    assertThat(row.subList(0, 10))
        .containsExactly("acme", "shop", "order", batch, 7L, null, "c", "csv", "a,b", "7B00FF0A7D");
    assertThat(row.get(10)).isEqualTo(sha256(bytes));
    assertThat(row.get(11)).isEqualTo("encoding: invalid UTF-8 at byte 3");
    assertThat(row.subList(12, 14)).containsExactly(7L, true);
  }

  private static String sha256(byte[] bytes) throws Exception {
    byte[] hash = java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
    return HexFormat.of().withUpperCase().formatHex(hash);
  }

  @Test
  void commitsManyAppendsTogether() throws Exception {
    start("bronze.group-time", "200ms");
    var answers = new ArrayList<Future<Bronze.Appended>>();
    for (int i = 0; i < 50; i++) {
      answers.add(append(Appends.free(i % 2 == 0 ? "acme" : "umbrella", 1, 3)));
    }
    await(Future.all(answers));
    assertThat(lake.head(TABLE).orElseThrow().sequence()).isEqualTo(1);
    assertThat(answers.stream().map(answer -> answer.result().snapshotId()).distinct()).hasSize(1);
    assertThat(query("SELECT tenant_id, count(*) FROM t GROUP BY 1 ORDER BY 1"))
        .containsExactly(List.of("acme", 75L), List.of("umbrella", 75L));
    assertThat(query("SELECT count(DISTINCT lineage_id) FROM t")).containsExactly(List.of(150L));
  }

  @Test
  void commitsWhatItHasTakenBeforeItStops() throws Exception {
    start("bronze.group-time", "200ms");
    Future<Bronze.Appended> taken = append(Appends.free("acme", 1, 3));

    for (String deployment : vertx.deploymentIDs()) {
      await(vertx.undeploy(deployment));
    }

    assertThat(await(taken).appended()).isEqualTo(3);
    assertThat(positions()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void tellsEachTenantOfItsRows() throws Exception {
    start("bronze.group-time", "200ms");
    var facts = new ConcurrentLinkedQueue<Bronze.Committed>();
    await(bus.listen(Bronze.COMMITTED, facts::add));
    await(
        Future.all(
            append(Appends.free("acme", 1, 3)),
            append(Appends.free("umbrella", 1, 2)),
            append(Appends.free("acme", 1, 1))));
    while (facts.size() < 2) {
      Thread.onSpinWait();
    }
    long snapshot = lake.head(TABLE).orElseThrow().id();
    assertThat(facts)
        .containsExactlyInAnyOrder(
            new Bronze.Committed("acme", "bronze.shop_order", snapshot, 4, false),
            new Bronze.Committed("umbrella", "bronze.shop_order", snapshot, 2, false));
  }

  @Test
  void landsAKeyedBodyOnceAcrossRestarts() throws Exception {
    start();
    await(append(Appends.keyed(1, 3)));
    await(append(Appends.keyed(4, 6)));
    restart();
    Bronze.Appended again = await(append(Appends.keyed(1, 4)));
    assertThat(again.duplicates()).isEqualTo(4);
    assertThat(again.snapshotId()).isEqualTo(lake.head(TABLE).orElseThrow().id());
    Bronze.Appended rest = await(append(Appends.keyed(5, 9)));
    assertThat(rest.duplicates()).isEqualTo(2);
    assertThat(rest.appended()).isEqualTo(3);
    assertThat(positions()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
  }

  @Test
  void looksUpTheBodiesThatItForgot() throws Exception {
    start("bronze.keys-max", 1);
    UUID other = UUID.fromString("00000000-0000-5000-8000-000000000002");
    await(append(Appends.keyed(1, 2)));
    await(append(Appends.keyed(other, 1, 2)));
    assertThat(await(append(Appends.keyed(1, 2))).duplicates()).isEqualTo(2);
    assertThat(await(append(Appends.keyed(other, 1, 2))).duplicates()).isEqualTo(2);
    restart("bronze.keys-max", 1);
    assertThat(await(append(Appends.keyed(1, 2))).duplicates()).isEqualTo(2);
    assertThat(await(append(Appends.keyed(other, 1, 2))).duplicates()).isEqualTo(2);
  }

  @Test
  void forgetsAKeyWhenItsWindowHasPassed() throws Exception {
    clock = Clock.fixed(Instant.now().minus(Duration.ofDays(8)), ZoneOffset.UTC);
    start();
    await(append(Appends.keyed(1, 2)));
    clock = Clock.systemUTC();
    restart("ingest.idempotency-window", "9d");
    assertThat(await(append(Appends.keyed(1, 2))).duplicates()).isEqualTo(2);
    restart("ingest.idempotency-window", "7d");
    assertThat(await(append(Appends.keyed(1, 2))).duplicates()).isZero();
  }

  @Test
  void landsNothingOfAnotherBodyUnderTheSameKeyAcrossRestartsAndWhereItForgot() throws Exception {
    start("bronze.keys-max", 1);
    UUID other = UUID.fromString("00000000-0000-5000-8000-000000000002");
    await(append(Appends.last(Appends.KEYED, 1, 4)));
    await(append(Appends.last(other, 1, 1)));
    var corrected = new ArrayList<>(Appends.records(1, 4));
    corrected.set(1, new Bronze.Raw(2, Bytes.utf8("{\"a\":500}"), null));
    for (int round = 0; round < 2; round++) {
      assertThatThrownBy(() -> await(append(Appends.of(Appends.KEYED, List.of(), corrected, true))))
          .hasMessage(
              "Cannot append to bronze.shop_order: another body came with this Idempotency-Key, of"
                  + " 4 records, and this is not that body: its first are others, or in another"
                  + " order")
          .extracting("code")
          .isEqualTo(ErrorCode.KEY_REUSED);
      assertThatThrownBy(() -> await(append(Appends.last(Appends.KEYED, 1, 5))))
          .hasMessageEndingWith("it has more");
      assertThatThrownBy(() -> await(append(Appends.last(other, 1, 2))))
          .hasMessageEndingWith("it has more");
      assertThat(await(append(Appends.last(Appends.KEYED, 1, 4))).duplicates()).isEqualTo(4);
      restart("bronze.keys-max", 1);
    }
    assertThat(query("SELECT count(*) FROM t")).containsExactly(List.of(5L));
  }

  @Test
  void comparesTheHeaderToo() throws Exception {
    start();
    await(append(csv("a,b")));
    assertThatThrownBy(() -> await(append(csv("b,a"))))
        .hasMessageEndingWith("its first are others, or in another order");
    restart();
    assertThatThrownBy(() -> await(append(csv("b,a"))))
        .hasMessageEndingWith("its first are others, or in another order");
    assertThat(await(append(csv("a,b"))).duplicates()).isEqualTo(1);
  }

  private static Bronze.Append csv(String header) {
    var records = List.of(new Bronze.Raw(1, Bytes.utf8("1,2"), null));
    Bytes bytes = Bytes.utf8(header);
    Fingerprint before = Fingerprint.of(bytes);
    return new Bronze.Append(
        "acme", "shop", "order", Appends.KEYED, true, "csv", bytes, records, before, true);
  }

  @Test
  void marksABodyThatBrokeOffAndThatItCameWholeLater() throws Exception {
    start();
    mark(true, 3, null);
    assertThat(lake.exists(TableName.of("system.ingest_batches"))).isFalse();
    mark(false, 2, "the body's end is missing");
    restart();
    assertThat(marks()).containsExactly(List.of("incomplete", 2L, "the body's end is missing"));
    mark(true, 3, null);
    assertThat(marks()).containsExactly(Arrays.asList("whole", 3L, null));
  }

  private void mark(boolean whole, long records, String reason) throws Exception {
    var mark = new Bronze.Mark("acme", "shop", "order", Appends.KEYED, whole, records, reason);
    await(bus.request(Bronze.MARK.owner(0), mark));
  }

  private List<List<Object>> marks() {
    try (Session session = lake.session()) {
      session.bind("b", Slice.now(TableName.of("system.ingest_batches")));
      return session.query("SELECT state, records, reason FROM b", 10).rows();
    }
  }

  @Test
  void landsOneOfTwoBodiesThatComeTogetherWithOneKey() throws Exception {
    start("bronze.group-time", "1ms");
    var answers = new ArrayList<Future<Bronze.Appended>>();
    for (int i = 0; i < 40; i++) {
      answers.add(append(Appends.keyed(i * 10 + 1, i * 10 + 10)));
      answers.add(append(Appends.keyed(i * 10 + 1, i * 10 + 10)));
    }
    await(Future.all(answers));
    long landed = answers.stream().mapToLong(answer -> answer.result().appended()).sum();
    assertThat(landed).isEqualTo(400);
    assertThat(query("SELECT count(*), count(DISTINCT position), max(position) FROM t"))
        .containsExactly(List.of(400L, 400L, 400L));
  }

  @Test
  void landsAnyPrefixAndItsRepetitionOnceHoweverOftenItIsKilled() throws Exception {
    start("bronze.group-time", "1ms");
    for (int round = 0; round < 4; round++) {
      for (int from = 1; from <= 400; from += 50) {
        append(Appends.keyed(from, from + 49));
      }
      await(append(Appends.keyed(1, 50)));
      vertx.close();
      lake.close();
      start("bronze.group-time", "1ms");
    }
    for (int from = 1; from <= 400; from += 50) {
      await(append(Appends.keyed(from, from + 49)));
    }
    assertThat(query("SELECT count(*), count(DISTINCT position), max(position) FROM t"))
        .containsExactly(List.of(400L, 400L, 400L));
  }

  @Test
  void refusesTwoEntitiesOneTableAndOnlyTheSecond() throws Exception {
    start();
    await(append(Appends.free("acme", 1, 1)));
    var other =
        new Bronze.Append(
            "acme",
            "shop_order",
            "x",
            UUID.randomUUID(),
            "json",
            null,
            Appends.free("acme", 1, 1).records());
    await(append(other));
    var same =
        new Bronze.Append(
            "acme", "shop", "order_x", UUID.randomUUID(), "json", null, other.records());
    assertThatThrownBy(() -> await(append(same))).hasMessageContaining("it is for Raw records");
    restart();
    assertThatThrownBy(() -> await(append(same))).hasMessageContaining("it is for Raw records");
    assertThat(await(append(other)).appended()).as("the first keeps its table").isEqualTo(1);
  }

  @Test
  void refusesWhatItCannotKeepInOrder() throws Exception {
    start();
    var records = new ArrayList<>(Appends.keyed(1, 3).records());
    records.remove(1);
    var gap = Appends.of(Appends.KEYED, List.of(), records, false);
    assertThatThrownBy(() -> await(append(gap)))
        .hasMessage(
            "Cannot append to bronze.shop_order: positions 1 to 3 of 2 records (must have no gap)");
    UUID random = UUID.fromString("00000000-0000-4000-8000-000000000002");
    assertThatThrownBy(() -> await(append(Appends.keyed(random, 1, 1))))
        .hasMessage(
            "Cannot append to bronze.shop_order: batch "
                + random
                + " (a keyed one must be a name-based UUID, version 5)");
    assertThatThrownBy(() -> await(append(Appends.keyed(2, 1))))
        .hasMessage("Cannot append to bronze.shop_order: no records");
    assertThatThrownBy(() -> await(append(Appends.keyed(2, 3))))
        .hasMessageContaining("record 2 of batch " + Appends.KEYED + " came before record 1");
  }

  @Test
  void keepsRecordsOfUnknownTenantsApart() throws Exception {
    start();
    Bronze.Appended answer =
        await(bus.request(Bronze.REFUSE.owner(0), Bronze.Refuse.of(Appends.free("nobody", 1, 2))));
    assertThat(answer.table()).isEqualTo("quarantine.unknown_tenant");
    try (Session session = lake.session()) {
      session.bind("q", Slice.now(TableName.of("quarantine.unknown_tenant")));
      String sql =
          "SELECT tenant_id, claimed_tenant, position, decode(payload), reason FROM q ORDER BY 3";
      assertThat(session.query(sql, 10).rows())
          .containsExactly(
              List.of("_unknown", "nobody", 1L, "{\"a\":1}", "unknown tenant"),
              List.of("_unknown", "nobody", 2L, "{\"a\":2}", "unknown tenant"));
    }
    assertThat(lake.exists(TABLE)).isFalse();
  }

  @Test
  void reportsItsTablesAlsoAfterARestart() throws Exception {
    start();
    await(append(Appends.free("acme", 1, 3)));
    restart();
    Status.Report report = await(bus.request(Status.of("bronze"), new Status.Ask("acme")));
    assertThat(report.values()).containsEntry("pending_records", 0L);
    var tables = (Map<?, ?>) report.values().get("tables");
    assertThat(tables.keySet().toString()).isEqualTo("[bronze.shop_order]");
    assertThat(tables.get("bronze.shop_order").toString())
        .contains("records=3", "snapshots=1", "committed_at=");
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, SECONDS);
  }
}
