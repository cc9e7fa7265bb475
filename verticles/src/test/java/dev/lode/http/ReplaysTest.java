package dev.lode.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.codecs.CallContext;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Silver;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Promise;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplaysTest {
  private static final String REPLAY = "/v1/replay/invoice_line";
  private static final String[] CHANGES = {
    "request-timeout: 60s",
    "request-timeout: 200ms",
    "tenants: [default]",
    "tenants: [default, other]",
    "remembered: 100",
    "remembered: 2"
  };
  private final Promise<Silver.Replayed> replayed = Promise.promise();
  private TestServer server;
  private volatile Instant deadline;

  @BeforeEach
  void start() throws Exception {
    server = new TestServer(CHANGES);
    server
        .bus
        .serveAsync(
            Silver.REPLAY,
            ask -> {
              deadline = CallContext.current().deadline();
              return replayed.future();
            })
        .await(5, SECONDS);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void endsAReplayThatTakesLongerThanARequestMay() throws Exception {
    var begun = begin(REPLAY);
    assertThat(begun.status()).isEqualTo(202);
    assertThat(begun.header("preference-applied")).isEqualTo("respond-async");
    String location = begun.header("location");
    assertThat(location).isEqualTo("/v1/replays/" + begun.json().path("id").asText());
    assertThat(deadline).isAfter(Instant.now().plus(Duration.ofMinutes(29)));

    var waited = server.post(REPLAY, "");
    assertThat(waited.status()).isEqualTo(504);
    assertThat(waited.json().path("hint").asText())
        .isEqualTo(
            "It may go on all the same; ask with Prefer: respond-async to learn how it ends.");
    assertThat(server.get(location).json().path("state").asText()).isEqualTo("running");

    replayed.complete(new Silver.Replayed("default", "silver.invoice_line", 5, 10, 9, 1, null));
    JsonNode ended = ended(location);
    assertThat(ended.path("state").asText()).isEqualTo("done");
    assertThat(ended.path("path").asText()).isEqualTo(REPLAY);
    assertThat(ended.at("/answer/accepted").asInt()).isEqualTo(9);
    assertThat(ended.path("millis").asInt()).isGreaterThanOrEqualTo(200);
    assertThat(ended.path("problem").isNull()).isTrue();
  }

  @Test
  void tellsOfItAtTheOtherInstanceToo() throws Exception {
    // At another address, else both would share the port.
    var config = TestServer.config("host: 127.0.0.1", "host: localhost");
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var other = new HttpVerticle(server.bus, config, meters, Clock.systemUTC());
    server.vertx.deployVerticle(other).await(10, SECONDS);
    assertThat(other.port()).isNotEqualTo(server.port);
    String location = begin(REPLAY).header("location");
    var uri = URI.create("http://localhost:" + other.port() + location);
    var told = server.send(HttpRequest.newBuilder(uri));
    assertThat(told.json().path("state").asText()).isEqualTo("running");
  }

  @Test
  void tellsNoOtherTenant() throws Exception {
    String location = begin(REPLAY).header("location");
    var other = server.get(location, "X-Lode-Tenant", "other");
    assertThat(other.status()).isEqualTo(404);
    assertThat(other.json().path("detail").asText())
        .isEqualTo(
            "Cannot tell of replay %s: none of this tenant has that id"
                .formatted(location.replace("/v1/replays/", "")));
    assertThat(server.get(location, "X-Lode-Tenant", "default").status()).isEqualTo(200);
  }

  @Test
  void keepsTheProblemOfOneThatFailed() throws Exception {
    JsonNode problem = ended(begin("/v1/marts/m/rebuild").header("location")).path("problem");
    var same = server.post("/v1/marts/m/rebuild", "");
    assertThat(problem.path("status").asInt()).isEqualTo(same.status()).isEqualTo(503);
    assertThat(problem.path("detail").asText())
        .isEqualTo("Cannot reach gold.rebuild: not deployed");
    assertThat(problem.path("instance").asText()).isEqualTo("/v1/marts/m/rebuild");
  }

  @Test
  void remembersTheLastAndTakesNoMoreThanThose() throws Exception {
    server
        .owners
        .answer(Gold.REBUILD, ask -> new Gold.Rebuilt(ask.tenantId(), ask.mart(), 6, 3, true, null))
        .await(5, SECONDS);
    String running = begin(REPLAY).header("location");
    String first = begin("/v1/marts/a/rebuild").header("location");
    ended(first);
    begin(REPLAY);
    assertThat(server.get(first).status()).isEqualTo(404);
    assertThat(server.get(running).status()).isEqualTo(200);
    var refused = begin(REPLAY);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.json().path("detail").asText())
        .isEqualTo("Cannot POST " + REPLAY + ": 2 replays are under way (replay.remembered)");
  }

  @Test
  void refusesAtOnceWhatIsWronglyAsked() throws Exception {
    var refused = server.post(REPLAY, "{\"since\": \"yesterday\"}", "Prefer", "respond-async");
    assertThat(refused.status()).isEqualTo(400);
  }

  private TestServer.Answer begin(String path) throws Exception {
    return server.post(path, "", "Prefer", "handling=strict, Respond-Async; x=y");
  }

  private JsonNode ended(String location) throws Exception {
    JsonNode now;
    do {
      now = server.get(location).json();
    } while (now.path("state").asText().equals("running"));
    return now;
  }
}
