package dev.lode.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Ingest;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.config.TestConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a Bronze of the test's own, which answers at once or counts what it holds. */
class IngestVerticleTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus =
      new Bus(vertx, new Bus.Limits(1000, Duration.ofSeconds(10)), Clock.systemUTC());
  private final Queue<Bronze.Append> appends = new ConcurrentLinkedQueue<>();
  private final Queue<Bronze.Refuse> refused = new ConcurrentLinkedQueue<>();

  IngestVerticleTest() throws Exception {
    Bus.registerCodecs(vertx);
    await(bus.serveAsync(Bronze.REFUSE.owner(0), this::refuse));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private Future<Bronze.Appended> refuse(Bronze.Refuse refuse) {
    refused.add(refuse);
    return Future.succeededFuture(new Bronze.Appended("_unknown", "q", 1, 1, 0));
  }

  private Future<Bronze.Appended> land(Bronze.Append append) {
    appends.add(append);
    return Future.succeededFuture(
        new Bronze.Appended(append.tenantId(), "t", 5, append.records().size(), 0));
  }

  private void deploy(Object... changes) throws Exception {
    var all = new ArrayList<Object>(List.of("deploy.bronze", 1, "deploy.ingest", 1));
    all.addAll(List.of(changes));
    LodeConfig config = TestConfig.with(all.toArray());
    await(vertx.deployVerticle(new IngestVerticle(bus, config, 0, Clock.systemUTC())));
  }

  private void serveBronze() throws Exception {
    await(bus.serveAsync(Bronze.APPEND.owner(0), this::land));
  }

  private Ingest.Opened open(String format, String key) throws Exception {
    return await(
        bus.request(Ingest.OPEN, new Ingest.Open("default", "shop", "order", format, key)));
  }

  private Ingest.Taken send(Ingest.Opened opened, String text) throws Exception {
    return await(
        bus.request(
            Ingest.CHUNK.owner(opened.owner()),
            new Ingest.Chunk("default", opened.streamId(), Bytes.utf8(text))));
  }

  private Ingest.Ingested finish(Ingest.Opened opened) throws Exception {
    return await(
        bus.request(
            Ingest.CLOSE.owner(opened.owner()),
            new Ingest.Close("default", opened.streamId(), false)));
  }

  @Test
  void bringsABodyToBronze() throws Exception {
    serveBronze();
    deploy();
    Ingest.Opened opened = open("ndjson", null);
    assertThat(send(opened, "{\"a\":1}\n{\"a\"").lines()).isEqualTo(1);
    assertThat(send(opened, ":2}\n{").lines()).isEqualTo(2);
    Ingest.Ingested answer = finish(opened);
    assertThat(answer.table()).isEqualTo("bronze.shop_order");
    assertThat(answer.snapshotId()).isEqualTo(5);
    assertThat(answer.received()).isEqualTo(3);
    assertThat(answer.accepted()).isEqualTo(2);
    assertThat(answer.quarantined()).isEqualTo(1);
    assertThat(appends.stream().flatMap(append -> append.records().stream()))
        .extracting(raw -> raw.position() + raw.payload().utf8())
        .containsExactly("1{\"a\":1}", "2{\"a\":2}", "3{");
    assertThat(appends).allMatch(append -> append.format().equals("json") && !append.keyed());
  }

  @Test
  void namesTheSameBatchForTheSameKeyOnly() throws Exception {
    serveBronze();
    deploy();
    String first = finish(open("ndjson", "k1")).batchId();
    assertThat(finish(open("ndjson", "k1")).batchId()).isEqualTo(first);
    assertThat(finish(open("ndjson", "k2")).batchId()).isNotEqualTo(first);
    String free = finish(open("ndjson", null)).batchId();
    assertThat(finish(open("ndjson", null)).batchId()).isNotEqualTo(free);
    assertThat(UUID.fromString(first).version()).isEqualTo(5);
  }

  @Test
  void refusesNamesThatCannotBeTables() throws Exception {
    deploy();
    var bad = new Ingest.Open("default", "Shop", "order", "csv", null);
    assertThatThrownBy(() -> await(bus.request(Ingest.OPEN, bad)))
        .hasMessage("Invalid source: Shop (must match [a-z][a-z0-9_]{0,62})");
    var worse = new Ingest.Open("default", "shop", "x".repeat(64), "csv", null);
    assertThatThrownBy(() -> await(bus.request(Ingest.OPEN, worse)))
        .hasMessage("Invalid entity: " + "x".repeat(64) + " (must match [a-z][a-z0-9_]{0,62})");
  }

  @Test
  void refusesAnUnknownFormat() throws Exception {
    deploy();
    assertThatThrownBy(() -> open("xml", null))
        .hasMessage("Invalid format: xml (must be ndjson, json or csv)");
  }

  @Test
  void refusesMoreBodiesThanTheLimit() throws Exception {
    deploy("ingest.streams-max", 1);
    open("csv", null);
    assertThatThrownBy(() -> open("csv", null))
        .hasMessage("Cannot open a body: 1 are open (ingest.streams-max)")
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OWNER_BUSY));
  }

  @Test
  void keepsPlacesForOthersBesideTheBodiesOfOneTenant() throws Exception {
    deploy("tenants", List.of("default", "other"), "ingest.tenant-streams-max", 1);
    open("csv", null);
    assertThatThrownBy(() -> open("csv", null))
        .hasMessage("Cannot open a body: tenant default has 1 open (ingest.tenant-streams-max)");
    var other = new Ingest.Open("other", "shop", "order", "csv", null);
    await(bus.request(Ingest.OPEN, other));
    assertThat(openBodies()).isEqualTo(2);
  }

  @Test
  void keepsBodiesOfTenantsApart() throws Exception {
    deploy();
    Ingest.Opened opened = open("csv", null);
    var foreign = new Ingest.Chunk("other", opened.streamId(), Bytes.utf8("x"));
    assertThatThrownBy(() -> await(bus.request(Ingest.CHUNK.owner(0), foreign)))
        .hasMessage(
            "Cannot find body "
                + opened.streamId()
                + ": closed, or silent for ingest.idle-timeout");
  }

  @Test
  void abortsASilentBody() throws Exception {
    serveBronze();
    deploy("ingest.idle-timeout", "20ms");
    Ingest.Opened opened = open("csv", null);
    while (openBodies() > 0) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> send(opened, "a\n1\n")).hasMessageStartingWith("Cannot find body ");
    assertThat(appends).isEmpty();
  }

  private int openBodies() throws Exception {
    var report = await(bus.request(Status.of("ingest"), new Status.Ask("default")));
    return ((Number) report.values().get("open_bodies")).intValue();
  }

  @Test
  void keepsWhatComesForAnUnknownTenant() throws Exception {
    deploy();
    var open = new Ingest.Open("nobody", "shop", "order", "csv", null);
    Ingest.Opened opened = await(bus.request(Ingest.OPEN, open));
    var chunk = new Ingest.Chunk("nobody", opened.streamId(), Bytes.utf8("a,b\n1,2\n3,4\n"));
    await(bus.request(Ingest.CHUNK.owner(0), chunk));
    var close = new Ingest.Close("nobody", opened.streamId(), false);
    assertThatThrownBy(() -> await(bus.request(Ingest.CLOSE.owner(0), close)))
        .hasMessage(
            "Cannot ingest for tenant nobody: unknown; what came is kept in"
                + " quarantine.unknown_tenant");
    assertThat(refused).hasSize(1);
    Bronze.Refuse kept = refused.remove();
    assertThat(kept.tenantId()).isEqualTo("_unknown");
    assertThat(kept.append().tenantId()).isEqualTo("nobody");
    assertThat(kept.append().records()).hasSize(2);
  }

  @Test
  void keepsOnlyTheFirstChunkForAnUnknownTenant() throws Exception {
    deploy("ingest.chunk-records", 2);
    var open = new Ingest.Open("nobody", "shop", "order", "ndjson", null);
    Ingest.Opened opened = await(bus.request(Ingest.OPEN, open));
    var chunk = new Ingest.Chunk("nobody", opened.streamId(), Bytes.utf8("{}\n".repeat(9)));
    assertThatThrownBy(() -> await(bus.request(Ingest.CHUNK.owner(0), chunk)))
        .hasMessageStartingWith("Cannot ingest for tenant nobody: unknown");
    assertThat(refused.remove().append().records()).hasSize(2);
    assertThat(refused).isEmpty();
  }

  @Test
  void holdsABoundedPartOfABodyOf256Megabytes() throws Exception {
    var held = new AtomicLong();
    var heldMost = new AtomicLong();
    var landed = new AtomicLong();
    await(
        bus.serveAsync(
            Bronze.APPEND.owner(0),
            append -> {
              long bytes = Body.retained(append);
              heldMost.accumulateAndGet(held.addAndGet(bytes), Math::max);
              return vertx
                  .timer(10, MILLISECONDS)
                  .map(
                      fired -> {
                        held.addAndGet(-bytes);
                        landed.addAndGet(append.records().size());
                        return new Bronze.Appended("default", "t", 5, append.records().size(), 0);
                      });
            }));
    deploy("ingest.chunk-bytes", "1MB", "ingest.chunks-in-flight", 4);
    Ingest.Opened opened = open("json", "big");
    String record = "{\"text\":\"" + "x".repeat(4000) + "\"},";
    byte[] piece = record.repeat(16).getBytes(UTF_8);
    send(opened, "[");
    long lines = 0;
    int pieces = (256 << 20) / piece.length;
    for (int i = 0; i < pieces; i++) {
      var chunk = new Ingest.Chunk("default", opened.streamId(), Bytes.of(piece));
      lines = await(bus.request(Ingest.CHUNK.owner(opened.owner()), chunk)).lines();
    }
    send(opened, "{}]");
    Ingest.Ingested answer = finish(opened);
    assertThat(lines).isEqualTo(pieces * 16L);
    assertThat(answer.accepted()).isEqualTo(lines + 1).isEqualTo(landed.get());
    assertThat(heldMost.get()).isBetween(1L << 20, 5L << 20);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, SECONDS);
  }
}
