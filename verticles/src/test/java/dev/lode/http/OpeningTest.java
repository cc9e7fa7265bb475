package dev.lode.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Bus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One opening in a thousand left a connection without an answer, under this very load. */
class OpeningTest {
  private static final byte[] REQUEST =
      "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII);

  @Test
  void answersOrClosesConnectionsThatComeWhileItOpens() throws Exception {
    for (int i = 0; i < 50; i++) {
      int port = freePort();
      var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      Vertx vertx =
          Vertx.builder()
              .withMetrics(new MicrometerMetricsFactory(meters))
              .with(
                  new VertxOptions()
                      .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
              .build();
      try {
        var bus = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(5)), Clock.systemUTC());
        var config = TestServer.config("port: 0", "port: " + port);
        List<CompletableFuture<String>> answers =
            Stream.generate(() -> CompletableFuture.supplyAsync(() -> firstAnswer(port)))
                .limit(3)
                .toList();
        vertx
            .deployVerticle(new HttpVerticle(bus, config, meters, Clock.systemUTC()))
            .await(10, SECONDS);
        for (var answer : answers) {
          assertThat(answer.get(20, SECONDS)).isIn("HTTP/1.1 200 OK", "closed");
        }
      } finally {
        vertx.close().await(10, SECONDS);
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Of the first connection that is taken. */
  private static String firstAnswer(int port) {
    while (true) {
      try (var socket = new Socket("127.0.0.1", port)) {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(REQUEST);
        byte[] line = socket.getInputStream().readNBytes(15);
        return line.length == 0 ? "closed" : new String(line, US_ASCII);
      } catch (ConnectException e) {
        Thread.onSpinWait();
      } catch (SocketException e) {
        return "closed";
      } catch (IOException e) {
        return e.toString();
      }
    }
  }
}
