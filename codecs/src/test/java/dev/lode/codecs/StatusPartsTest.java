package dev.lode.codecs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusPartsTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus =
      new Bus(vertx, new Bus.Limits(10, Duration.ofSeconds(5)), Clock.systemUTC());

  StatusPartsTest() {
    Bus.registerCodecs(vertx);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(5, SECONDS);
  }

  private void serve(int shard, Map<String, Object> values) throws Exception {
    new StatusParts("x", shard, 2)
        .serve(bus, () -> Future.succeededFuture(values))
        .await(5, SECONDS);
  }

  @Test
  void addsUpNumbersAndUnitesMaps() throws Exception {
    serve(0, Map.of("rows", 1, "tables", Map.of("a", 1), "name", "one"));
    serve(1, Map.of("rows", 2L, "tables", Map.of("b", 2), "more", true));
    Status.Report report = bus.request(Status.of("x"), new Status.Ask("acme")).await(5, SECONDS);
    assertThat(report.tenantId()).isEqualTo("acme");
    assertThat(report.ready()).isTrue();
    assertThat(report.values())
        .isEqualTo(
            Map.of("rows", 3L, "tables", Map.of("a", 1, "b", 2), "name", "one", "more", true));
  }
}
