package dev.lode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.bronze.BronzeVerticle;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Ingest;
import dev.lode.config.LodeConfig;
import dev.lode.config.TestConfig;
import dev.lode.ingest.IngestVerticle;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From bytes to committed rows, with two instances of each verticle. */
class IngestToBronzeIT {
  private static final int PIECE = 7001;

  @TempDir private Path folder;
  private Vertx vertx;
  private Bus bus;
  private Lake lake;

  @BeforeEach
  void start() throws Exception {
    LodeConfig config =
        TestConfig.with(
            "deploy.bronze", 2,
            "deploy.ingest", 2,
            "ingest.chunk-records", 500,
            "bronze.pending-max", 1200);
    vertx = Vertx.vertx();
    Bus.registerCodecs(vertx);
    bus = new Bus(vertx, new Bus.Limits(1000, Duration.ofSeconds(20)), Clock.systemUTC());
    lake = TestLake.open(folder);
    for (int shard = 0; shard < 2; shard++) {
      await(vertx.deployVerticle(new BronzeVerticle(bus, config, shard, lake)));
      await(vertx.deployVerticle(new IngestVerticle(bus, config, shard, Clock.systemUTC())));
    }
  }

  /** Everything in memory is lost; only what was committed stays. */
  @AfterEach
  void kill() throws Exception {
    await(vertx.close());
    lake.close();
  }

  private Ingest.Opened open(String format, String key) throws Exception {
    var open = new Ingest.Open("default", "retail", "invoice_line", format, key);
    return await(bus.request(Ingest.OPEN, open));
  }

  /** Sends at most {@code bytesMax} of the body, chunk by chunk. */
  private void send(Ingest.Opened opened, byte[] body, int bytesMax) throws Exception {
    var in = new ByteArrayInputStream(body, 0, Math.min(body.length, bytesMax));
    for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
      var chunk = new Ingest.Chunk("default", opened.streamId(), Bytes.of(piece));
      await(bus.request(Ingest.CHUNK.owner(opened.owner()), chunk));
    }
  }

  private Ingest.Ingested post(String format, String key, byte[] body) throws Exception {
    Ingest.Opened opened = open(format, key);
    send(opened, body, body.length);
    return await(
        bus.request(
            Ingest.CLOSE.owner(opened.owner()),
            new Ingest.Close("default", opened.streamId(), false)));
  }

  private List<List<Object>> query(String sql) {
    try (Session session = lake.session()) {
      session.bind("t", Slice.now(TableName.of("bronze.retail_invoice_line")));
      return session.query(sql, 100_000).rows();
    }
  }

  private static byte[] orders(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj("{\"id\":%d}"::formatted)
        .collect(Collectors.joining("\n"))
        .getBytes(UTF_8);
  }

  @Test
  void keepsEveryLineOfARealDayByteForByte() throws Exception {
    for (Path day : RetailDays.first(2)) {
      byte[] body = Files.readAllBytes(day);
      List<String> lines = lines(day);
      Ingest.Ingested answer = post("csv", day.getFileName().toString(), body);
      assertThat(answer.received()).isEqualTo(lines.size() - 1);
      assertThat(answer.accepted()).isEqualTo(lines.size() - 1);
      assertThat(answer.table()).isEqualTo("bronze.retail_invoice_line");
      assertThat(answer.snapshotId())
          .isEqualTo(lake.head(TableName.of(answer.table())).orElseThrow().id());
      String ofBody = " FROM t WHERE batch_id = '" + answer.batchId() + "'";
      assertThat(query("SELECT decode(payload)" + ofBody + " ORDER BY position"))
          .extracting(List::getFirst)
          .isEqualTo(lines.subList(1, lines.size()));
      assertThat(
              query(
                  "SELECT DISTINCT decode(header), format, count(*) OVER (),"
                      + " bool_and(hash = unhex(sha256(payload))) OVER ()"
                      + ofBody))
          .containsExactly(List.of(lines.getFirst(), "csv", lines.size() - 1L, true));
    }
  }

  private static List<String> lines(Path day) throws IOException {
    return Files.readAllLines(day, UTF_8);
  }

  @Test
  void landsARealDayOnceWhenItIsPostedTwiceAndOnceMoreAfterARestart() throws Exception {
    Path day = RetailDays.first(1).getFirst();
    byte[] body = Files.readAllBytes(day);
    long records = lines(day).size() - 1L;
    Ingest.Ingested first = post("csv", "day-1", body);
    Ingest.Ingested second = post("csv", "day-1", body);
    kill();
    start();
    Ingest.Ingested third = post("csv", "day-1", body);
    assertThat(first.accepted()).isEqualTo(records);
    for (Ingest.Ingested again : List.of(second, third)) {
      assertThat(again.accepted()).isZero();
      assertThat(again.duplicates()).isEqualTo(records);
      assertThat(again.batchId()).isEqualTo(first.batchId());
    }
    assertThat(query("SELECT count(*) FROM t")).containsExactly(List.of(records));
    assertThat(post("csv", null, body).accepted()).isEqualTo(records);
  }

  @Test
  void landsEveryRecordOnceWhenKilledInTheMiddleOfABody() throws Exception {
    byte[] body = orders(8_000);
    for (int part = 1; part <= 3; part++) {
      send(open("ndjson", "k"), body, body.length / 4 * part);
      kill();
      start();
    }
    Ingest.Ingested answer = post("ndjson", "k", body);
    assertThat(answer.received()).isEqualTo(8_000);
    assertThat(answer.duplicates()).isPositive();
    assertThat(
            query(
                "SELECT count(*), count(DISTINCT position), count(DISTINCT payload),"
                    + " max(position) FROM t"))
        .containsExactly(List.of(8_000L, 8_000L, 8_000L, 8_000L));
  }

  @Test
  void landsNothingOfAnotherBodyBehindOneThatWasKilledAndMarksWhatBrokeOff() throws Exception {
    byte[] body = orders(8_000);
    Ingest.Opened opened = open("ndjson", "k");
    send(opened, body, body.length / 2);
    var close = new Ingest.Close("default", opened.streamId(), true);
    Ingest.Ingested left = await(bus.request(Ingest.CLOSE.owner(opened.owner()), close));
    assertThat(left.landed()).isPositive().isLessThan(4_100);
    assertThat(marks()).containsExactly(List.of("incomplete", left.landed()));
    kill();
    start();
    String[] lines = new String(body, UTF_8).split("\n");
    Collections.reverse(Arrays.asList(lines));
    byte[] reversed = String.join("\n", lines).getBytes(UTF_8);
    assertThatThrownBy(() -> post("ndjson", "k", reversed))
        .hasMessageContaining("this is not that body")
        .extracting("code")
        .isEqualTo(ErrorCode.KEY_REUSED);
    assertThat(query("SELECT count(*) FROM t")).containsExactly(List.of(left.landed()));
    assertThat(post("ndjson", "k", body).duplicates()).isEqualTo(left.landed());
    assertThat(query("SELECT count(*), count(DISTINCT payload) FROM t"))
        .containsExactly(List.of(8_000L, 8_000L));
    assertThat(marks()).containsExactly(List.of("whole", 8_000L));
  }

  private List<List<Object>> marks() {
    try (Session session = lake.session()) {
      session.bind("b", Slice.now(TableName.of("system.ingest_batches")));
      return session.query("SELECT state, records FROM b", 10).rows();
    }
  }

  @Test
  void landsEveryBodyOnceWhenTogetherTheyKeepBronzeBusy() throws Exception {
    byte[] body = orders(4_000);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<java.util.concurrent.Future<Ingest.Ingested>>();
      for (String key : List.of("k1", "k2", "k3", "k4")) {
        answers.add(threads.submit(() -> post("ndjson", key, body)));
      }
      for (var answer : answers) {
        assertThat(answer.get().accepted()).isEqualTo(4_000);
      }
    }
    assertThat(query("SELECT count(*), count(DISTINCT (batch_id, position)) FROM t"))
        .containsExactly(List.of(16_000L, 16_000L));
  }

  @Test
  void goesOnBehindBadLinesAndKeepsThem() throws Exception {
    byte[] body = "{\"id\":1}\n{\"id\":\n\n{\"id\":3}\nx\n".getBytes(UTF_8);
    body[3] = (byte) 0xFF;
    Ingest.Ingested answer = post("ndjson", null, body);
    assertThat(answer.received()).isEqualTo(4);
    assertThat(answer.accepted()).isEqualTo(1);
    assertThat(answer.quarantined()).isEqualTo(3);
    assertThat(answer.defects())
        .extracting(defect -> defect.line() + " " + defect.code())
        .containsExactly("1 encoding", "2 malformed", "5 malformed");
    assertThat(query("SELECT position, hex(payload), defect[:8] FROM t ORDER BY position"))
        .containsExactly(
            List.of(1L, "7B2269FF223A317D", "encoding"),
            List.of(2L, "7B226964223A", "malforme"),
            Arrays.asList(3L, "7B226964223A337D", null),
            List.of(4L, "78", "malforme"));
  }

  @Test
  void keepsAnUnknownTenantsRecordsApart() throws Exception {
    var open = new Ingest.Open("nobody", "retail", "invoice_line", "ndjson", "k");
    Ingest.Opened opened = await(bus.request(Ingest.OPEN, open));
    var chunk = new Ingest.Chunk("nobody", opened.streamId(), Bytes.of(orders(3)));
    await(bus.request(Ingest.CHUNK.owner(opened.owner()), chunk));
    var close = new Ingest.Close("nobody", opened.streamId(), false);
    assertThatThrownBy(() -> await(bus.request(Ingest.CLOSE.owner(opened.owner()), close)))
        .hasMessageStartingWith("Cannot ingest for tenant nobody: unknown");
    assertThat(lake.head(TableName.of("quarantine.unknown_tenant")).orElseThrow().rows())
        .isEqualTo(3);
    assertThat(lake.exists(TableName.of("bronze.retail_invoice_line"))).isFalse();
  }

  @Test
  void landsTwoBodiesThatComeTogetherWithOneKeyAsOne() throws Exception {
    byte[] body = orders(5_000);
    Ingest.Opened one = open("ndjson", "k");
    Ingest.Opened other = open("ndjson", "k");
    assertThat(one.owner()).isNotEqualTo(other.owner());
    for (Ingest.Opened opened : List.of(one, other)) {
      send(opened, body, 20_000);
    }
    Ingest.Ingested whole = post("ndjson", "k", body);
    assertThat(whole.received()).isEqualTo(5_000);
    assertThat(query("SELECT count(*), count(DISTINCT position) FROM t"))
        .containsExactly(List.of(5_000L, 5_000L));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.await(30, SECONDS);
  }
}
