package dev.lode.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Ingest;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over plain sockets: what no client library would send. */
class FramingTest {
  private static final String NEXT = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
  private static final String POST =
      "POST /v1/tools/run_sql HTTP/1.1\r\nContent-Type: application/json\r\n";
  private static final String INGEST =
      "POST /v1/ingest/shop/order HTTP/1.1\r\nHost: localhost\r\n"
          + "Content-Type: application/x-ndjson\r\n";

  private final LinkedBlockingQueue<Ingest.Open> opened = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<Ingest.Close> closed = new LinkedBlockingQueue<>();
  private TestServer server;

  private void start(String... changes) throws Exception {
    server = new TestServer(changes);
    Future.all(
            server.bus.serve(
                Ingest.OPEN,
                open -> {
                  opened.add(open);
                  return new Ingest.Opened(open.tenantId(), "s1", 0);
                }),
            server.bus.serve(
                Ingest.CHUNK.owner(0), chunk -> new Ingest.Taken(chunk.tenantId(), "s1", 0)),
            server.bus.serve(Ingest.CLOSE.owner(0), this::close))
        .await(5, SECONDS);
  }

  private Ingest.Ingested close(Ingest.Close close) {
    closed.add(close);
    return new Ingest.Ingested("default", "b1", "bronze.shop_order", 7, 1, 1, 0, 0, List.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** What came until the server closed the connection. */
  private List<String> answers(String request) throws IOException {
    var answers = new ArrayList<>(List.of(server.raw(request).split("(?=HTTP/1\\.1 )")));
    answers.removeIf(String::isEmpty);
    return answers;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: localhost\nTransfer-Encoding: xchunked\n",
        "Host: localhost\nTransfer-Encoding: gzip\n",
        "Host: localhost\nTransfer-Encoding: identity\n",
        "Host: localhost\nTransfer-Encoding: chunked, identity\n",
        "Host: localhost\nTransfer-Encoding: gzip, chunked\n",
        "Host: localhost\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n",
        "Host: localhost\nTransfer-Encoding: chunked\nTransfer-Encoding: identity\n",
        "Host: localhost\nTransfer-Encoding: \n",
        "Host: localhost\nTransfer-Encoding : chunked\n",
        "Host: localhost\nContent-Length: 2\nTransfer-Encoding: chunked\n",
        "Host: localhost\nTransfer-Encoding: chunked\nContent-Length: 2\n",
        "Host: localhost\nContent-Length: 2\nContent-Length: 3\n",
        "Host: localhost\nContent-Length: 2\nContent-Length: 2\n",
        "Host: localhost\nContent-Length: 2, 2\n",
        "Host: localhost\nContent-Length: +2\n",
        "Host: localhost\nContent-Length: -2\n",
        "Host: localhost\nContent-Length: 0x2\n",
        "Host: localhost\nContent-Length: 99999999999999999999\n",
        "Host: localhost\nContent-Length : 2\n",
        "Host: localhost\nHost: other\nContent-Length: 2\n",
        "Host: localhost\nHost: localhost\nContent-Length: 2\n",
        "Content-Length: 2\n",
        "Host: localhost\nX-Folded: a\n b\nContent-Length: 2\n",
        "Host: localhost\nX-Folded: a\n\tContent-Length: 5\nContent-Length: 2\n",
        "Host: localhost\nTransfer-Encoding:\n chunked\n",
        " Host: localhost\nContent-Length: 2\n",
        "Host: localhost\nNo colon here\nContent-Length: 2\n"
      })
  void refusesARequestWhoseEndIsInDoubtAndNeverReadsOn(String headers) throws Exception {
    start();
    String head = POST + headers.replace("\n", "\r\n") + "\r\n";
    for (String body : List.of("", "{}", "0\r\n\r\n")) {
      List<String> answers = answers(head + body + NEXT);
      assertThat(answers).hasSize(1);
      assertThat(answers.getFirst())
          .startsWith("HTTP/1.1 400 ")
          .contains("application/problem+json", "\"code\":\"INVALID_REQUEST\"");
    }
  }

  @Test
  void looksAtHeadsHoweverTheyArriveAndAtEachOfAConnection() throws Exception {
    start();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
      socket.setSoTimeout(5000);
      var out = socket.getOutputStream();
      String good = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\r\n\r\n";
      String bad = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n";
      for (byte b : (good + good + bad + good).getBytes(UTF_8)) {
        out.write(b);
        out.flush();
      }
      String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(all.split("HTTP/1\\.1 200", -1)).hasSize(3);
      assertThat(all.split("HTTP/1\\.1 400", -1)).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"fffffffff\r\n", "100000000\r\n", "-1\r\n", "zz\r\n", "\r\n", "2 2\r\n{}\r\n"})
  void refusesAChunkOfAnImpossibleSize(String chunk) throws Exception {
    start();
    for (String head : List.of(POST + "Host: localhost\r\n", INGEST)) {
      List<String> answers = answers(head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + NEXT);
      assertThat(answers).hasSize(1);
      assertThat(answers.getFirst()).startsWith("HTTP/1.1 400 ").contains("framing");
    }
    assertThat(closed.poll(5, SECONDS).aborted()).isTrue();
  }

  @Test
  void tellsHowMuchHadLandedOfABodyWhoseChunksBreak() throws Exception {
    start();
    String body = "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"a\":1}\n\r\nfffffffffff\r\n";
    assertThat(answers(INGEST + body).getFirst())
        .contains("1 of its records have landed: batch b1 is marked incomplete");
  }

  @Test
  void takesChunksWithExtensionsAndTrailers() throws Exception {
    start();
    String body =
        "Transfer-Encoding: CHUNKED\r\nConnection: close\r\n\r\n8;a=b\r\n{\"a\":1}\n\r\n"
            + "0\r\nX: y\r\n\r\n";
    assertThat(answers(INGEST + body).getFirst()).startsWith("HTTP/1.1 201");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /health/live", "POST /v1/ingest/shop/order"})
  void answersAnExpectationThatItDoesNotKnow(String target) throws Exception {
    start();
    String head =
        " HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nConnection: close\r\n"
            + "Content-Type: text/csv\r\nContent-Length: 0\r\n\r\n";
    assertThat(answers(target + head).getFirst()).matches("(?s)HTTP/1\\.1 (20|4)\\d.*");
  }

  @Test
  void endsABodyThatHardlyComes() throws Exception {
    start("request-timeout: 60s", "request-timeout: 300ms");
    String answer = answers(INGEST + "Content-Length: 1000\r\n\r\n{\"a\":").getFirst();
    assertThat(answer)
        .startsWith("HTTP/1.1 408 ")
        .contains("Cannot wait for the body: only 5 bytes came within 300 ms", "BODY_SLOW");
    String json = POST + "Host: localhost\r\nContent-Length: 1000\r\n\r\n{";
    assertThat(answers(json).getFirst())
        .startsWith("HTTP/1.1 408 ")
        .contains("its body has not come within 300 ms (http.request-timeout)");
  }

  @Test
  void tellsConnectionsBeyondTheLimitWhy() throws Exception {
    start("connections-max: 4096", "connections-max: 1");
    try (var first = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
      first.setSoTimeout(5000);
      first.getOutputStream().write(NEXT.getBytes(UTF_8));
      assertThat(first.getInputStream().read()).isEqualTo('H');
      assertThat(answers(NEXT).getFirst())
          .startsWith("HTTP/1.1 503 ")
          .contains("http.connections-max", "Retry-After");
      assertThat(server.raw("")).isEmpty();
    }
    String live = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    String answer = "503";
    while (answer.contains("503")) {
      answer = server.raw(live);
    }
    assertThat(answer).startsWith("HTTP/1.1 200");
  }

  @Test
  void answersWhoeverIsConnectedWhenItStops() throws Exception {
    start("drain-time: 8s", "drain-time: 800ms");
    var body =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return server.raw(INGEST + "Content-Length: 1000\r\n\r\n{\"a\":1}\n");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(opened.poll(5, SECONDS)).isNotNull();
    Future.all(server.vertx.deploymentIDs().stream().map(server.vertx::undeploy).toList())
        .await(10, SECONDS);
    assertThat(body.get(5, SECONDS))
        .startsWith("HTTP/1.1 503 ")
        .contains("Lode is stopping", "1 of its records have landed");
    assertThat(closed.poll(5, SECONDS).aborted()).isTrue();
  }
}
