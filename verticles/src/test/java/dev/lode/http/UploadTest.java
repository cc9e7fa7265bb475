package dev.lode.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Ingest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadTest {
  private static final String LINES = "{\"a\":1}\n{\"a\":2}\n";

  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private final AtomicLong takenBytes = new AtomicLong();
  private final LinkedBlockingQueue<Ingest.Open> opened = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Ingest.Close> closed = new LinkedBlockingQueue<>();
  private volatile Future<Void> permission = Future.succeededFuture();
  private volatile long accepted = 2;
  private volatile long quarantined = 1;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer("upload-max: 64GB", "upload-max: 100MB");
    serveIngest();
  }

  private void serveIngest() throws Exception {
    Future.all(
            server.bus.serve(Ingest.OPEN, this::open),
            server.bus.serveAsync(Ingest.CHUNK.owner(0), this::take),
            server.bus.serve(Ingest.CLOSE.owner(0), this::close))
        .await(5, SECONDS);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Ingest.Opened open(Ingest.Open open) {
    opened.add(open);
    return new Ingest.Opened(open.tenantId(), "s1", 0);
  }

  private Future<Ingest.Taken> take(Ingest.Chunk chunk) {
    takenBytes.addAndGet(chunk.bytes().length());
    if (takenBytes.get() < 1 << 20) {
      taken.writeBytes(chunk.bytes().array());
    }
    return permission.map(given -> new Ingest.Taken("default", "s1", 0));
  }

  private Ingest.Ingested close(Ingest.Close close) {
    closed.add(close);
    boolean any = takenBytes.get() > 0;
    long landed = any ? accepted : 0;
    long bad = any ? quarantined : 0;
    return new Ingest.Ingested(
        close.tenantId(),
        "b1",
        "bronze.retail_invoice_line",
        77,
        landed + bad,
        landed,
        0,
        bad,
        List.of(new Ingest.Defect(2, "malformed", "no JSON")));
  }

  @Test
  void answersWhatWasCommitted() throws Exception {
    var answer = post("application/x-ndjson", LINES.getBytes(UTF_8), "Idempotency-Key", "k1");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.response().body())
        .isEqualTo(
            "{\"tenant_id\":\"default\",\"batch_id\":\"b1\","
                + "\"table\":\"bronze.retail_invoice_line\",\"snapshot_id\":77,\"received\":3,"
                + "\"accepted\":2,\"duplicates\":0,\"quarantined\":1,\"defects\":"
                + "[{\"line\":2,\"code\":\"malformed\",\"reason\":\"no JSON\"}]}");
    assertThat(opened.take())
        .isEqualTo(new Ingest.Open("default", "retail", "invoice_line", "ndjson", "k1"));
    assertThat(closed.take().aborted()).isFalse();
    assertThat(taken.toString(UTF_8)).isEqualTo(LINES);
    assertThat(server.get("/metrics").response().body())
        .contains("lode_ingest_records_total{outcome=\"accepted\"} 2.0")
        .contains("lode_ingest_bytes_total " + LINES.length() + ".0");
  }

  @Test
  void answersOkWhereNothingIsNew() throws Exception {
    accepted = 0;
    quarantined = 0;
    assertThat(post("application/x-ndjson", new byte[0]).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-ndjson; charset=utf-8, ndjson",
    "application/json, json",
    "Text/CSV; header=present, csv"
  })
  void readsTheFormatFromTheMediaType(String type, String format) throws Exception {
    post(type, "x".getBytes(UTF_8));
    assertThat(opened.take().format()).isEqualTo(format);
  }

  @Test
  void refusesOtherMediaTypes() throws Exception {
    var answer = post("application/xml", "x".getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.json().path("detail").asText())
        .isEqualTo(
            "Cannot read Content-Type application/xml (must be application/x-ndjson or"
                + " application/json or text/csv)");
    assertThat(opened).isEmpty();
  }

  @Test
  void unpacksGzipOfSeveralMembersAndAnyContent() throws Exception {
    byte[] noise = new byte[300_000];
    new Random(7).nextBytes(noise);
    byte[] zeros = new byte[200_000];
    var body = new ByteArrayOutputStream();
    body.writeBytes(gzip(noise));
    body.writeBytes(gzip(zeros));
    body.writeBytes(gzip(new byte[0]));
    assertThat(post("text/csv", body.toByteArray(), "Content-Encoding", "gzip").status())
        .isEqualTo(201);
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(noise);
    whole.writeBytes(zeros);
    assertThat(taken.toByteArray()).isEqualTo(whole.toByteArray());
  }

  @Test
  void refusesGzipThatIsBroken() throws Exception {
    byte[] good = gzip(LINES.getBytes(UTF_8));
    assertBroken("it ends early", Arrays.copyOf(good, good.length - 1));
    assertBroken("it does not begin as gzip does", LINES.getBytes(UTF_8));
    byte[] bad = good.clone();
    bad[bad.length - 8] ^= 1;
    assertBroken("its checksum does not match", bad);
    assertBroken("it ends early", new byte[0]);
  }

  private void assertBroken(String why, byte[] body) throws Exception {
    var answer = post("text/csv", body, "Content-Encoding", "gzip");
    assertThat(answer.json().path("detail").asText())
        .isEqualTo("Cannot read the body as gzip: " + why + "; nothing of the body has landed");
    assertThat(takenBytes.get()).isZero();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(closed.take().aborted()).isTrue();
  }

  @Test
  void takesNothingOfAGzipWithOneBitFlippedWhereverItIs() throws Exception {
    quarantined = 0;
    String lines =
        IntStream.range(0, 20_000)
            .mapToObj(i -> i + "," + i * 7919L % 99991 + ".50")
            .collect(Collectors.joining("\n"));
    byte[] good = gzip(lines.getBytes(UTF_8));
    var random = new Random(12);
    for (int i = 0; i < 30; i++) {
      byte[] bad = good.clone();
      bad[10 + random.nextInt(good.length - 10)] ^= (byte) (1 << random.nextInt(8));
      var answer = post("text/csv", bad, "Content-Encoding", "gzip");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.json().path("detail").asText())
          .startsWith("Cannot read the body as gzip: ")
          .endsWith("; nothing of the body has landed");
    }
    assertThat(takenBytes.get()).isZero();
  }

  @Test
  void keepsALongGzipInAFileUntilItsEnd() throws Exception {
    byte[] noise = new byte[3 << 20];
    new Random(8).nextBytes(noise);
    assertThat(post("text/csv", gzip(noise), "Content-Encoding", "gzip").status()).isEqualTo(201);
    assertThat(takenBytes.get()).isEqualTo(noise.length);
    assertThat(taken.toByteArray()).isEqualTo(Arrays.copyOf(noise, taken.size()));
    byte[] cut = Arrays.copyOf(gzip(noise), 2 << 20);
    assertThat(post("text/csv", cut, "Content-Encoding", "gzip").status()).isEqualTo(400);
    assertThat(takenBytes.get()).isEqualTo(noise.length);
  }

  @Test
  void refusesACompressedBodyThatTheSpoolCannotHold() throws Exception {
    server.close();
    server = new TestServer("gzip-held: 4GB", "gzip-held: 1MB");
    serveIngest();
    byte[] noise = new byte[2 << 20];
    new Random(9).nextBytes(noise);
    var answer = post("text/csv", gzip(noise), "Content-Encoding", "gzip");
    assertThat(answer.json().path("detail").asText())
        .startsWith(
            "Cannot take the body: compressed it is longer than 1048576 bytes (http.gzip-held)");
    assertThat(answer.status()).isEqualTo(413);
    noise = new byte[700_000];
    for (int i = 0; i < 4; i++) {
      assertThat(post("text/csv", gzip(noise), "Content-Encoding", "gzip").status()).isEqualTo(201);
    }
  }

  @Test
  void pausesTheSenderUntilIngestHasTakenWhatItHas() throws Exception {
    Promise<Void> held = Promise.promise();
    permission = held.future();
    int size = 64 << 20;
    try (var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port));
        var selector = Selector.open()) {
      channel.write(head("Content-Length: " + size));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_WRITE);
      long written = 0;
      ByteBuffer block = ByteBuffer.allocate(1 << 20);
      while (written < size && selector.select(700) > 0) {
        selector.selectedKeys().clear();
        written += channel.write(block.clear());
      }
      assertThat(written).as("what kernel and server hold").isLessThan(size / 2);
      assertThat(takenBytes.get()).isLessThanOrEqualTo(1 << 20);
      held.complete();
      channel.keyFor(selector).cancel();
      selector.selectNow();
      channel.configureBlocking(true);
      while (written < size) {
        written += channel.write(block.clear().limit((int) Math.min(1 << 20, size - written)));
      }
      assertThat(closed.poll(20, SECONDS)).isNotNull();
      assertThat(takenBytes.get()).isEqualTo(size);
    }
  }

  @Test
  void abortsWhereTheSenderGoesAway() throws Exception {
    try (var socket = new Socket("127.0.0.1", server.port)) {
      var out = socket.getOutputStream();
      out.write(head("Content-Length: 1000").array());
      out.write(LINES.getBytes(UTF_8));
      out.flush();
      assertThat(opened.poll(5, SECONDS)).isNotNull();
    }
    assertThat(closed.poll(5, SECONDS)).isEqualTo(new Ingest.Close("default", "s1", true));
  }

  @Test
  void refusesMoreThanTheLimit() throws Exception {
    byte[] bomb = gzip(new byte[101 << 20]);
    var answer = post("text/csv", bomb, "Content-Encoding", "gzip");
    assertThat(answer.json().path("detail").asText())
        .startsWith("Cannot take the body: more than 104857600 bytes (http.upload-max)");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(closed.poll(5, SECONDS).aborted()).isTrue();
  }

  @Test
  void tellsTheSenderWhereIngestRefuses() throws Exception {
    permission = Future.failedFuture(new Failure(ErrorCode.OWNER_BUSY, "Cannot take more"));
    var answer = post("text/csv", new byte[3 << 20]);
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.json().path("detail").asText())
        .isEqualTo("Cannot take more; 3 of its records have landed: batch b1 is marked incomplete");
    assertThat(closed.poll(5, SECONDS).aborted()).isTrue();
  }

  @Test
  void leavesItToIngestToJudgeTheTenant() throws Exception {
    post("text/csv", "a".getBytes(UTF_8), "X-Lode-Tenant", "ghost");
    assertThat(opened.take().tenantId()).isEqualTo("ghost");
  }

  @Test
  void givesTheSignToGoOnWhereItIsAwaited() throws Exception {
    try (var socket = new Socket("127.0.0.1", server.port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(head("Expect: 100-continue\r\nContent-Length: 1").array());
      byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue".length());
      assertThat(new String(line, UTF_8)).isEqualTo("HTTP/1.1 100 Continue");
    }
  }

  @Test
  void refusesBeforeTheBodyIsSentWhereItCan() throws Exception {
    var answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.raw(
                    "POST /v1/ingest/Bad/entity HTTP/1.1\r\nHost: localhost\r\n"
                        + "Expect: 100-continue\r\nContent-Length: 1000000\r\n"
                        + "Content-Type: text/csv\r\n\r\n");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(answer.get(10, SECONDS)).startsWith("HTTP/1.1 400").doesNotContain("Continue");
  }

  private TestServer.Answer post(String type, byte[] body, String... headers) throws Exception {
    var request =
        server
            .request("/v1/ingest/retail/invoice_line")
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body));
    return server.send(headers.length == 0 ? request : request.headers(headers));
  }

  private ByteBuffer head(String header) {
    return ByteBuffer.wrap(
        ("POST /v1/ingest/retail/invoice_line HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: text/csv\r\n"
                + header
                + "\r\n\r\n")
            .getBytes(UTF_8));
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }
}
