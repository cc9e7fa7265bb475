package dev.lode.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lode.codecs.Bus;
import dev.lode.config.LodeConfig;
import dev.lode.tools.FakeOwners;
import dev.lode.tools.ToolsVerticle;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** An HTTP edge on a free port with the tools behind it, over layers that are fakes. */
final class TestServer implements AutoCloseable {
  static final String KEYS =
      """
      keys:
        - {name: boss, tenant: default, role: admin, key: boss-secret}
        - {name: agent, tenant: default, role: reader, key: agent-secret}
        - {name: loader, tenant: other, role: writer, key: loader-secret}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(5)), Clock.systemUTC());
  final FakeOwners owners = new FakeOwners(bus);
  final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  record Answer(int status, HttpResponse<String> response) {
    JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }
  }

  /** {@code changes}: what to replace in the configuration that ships, and by what, in turn. */
  TestServer(String... changes) throws Exception {
    LodeConfig config = config(changes);
    Bus.registerCodecs(vertx);
    owners.serve();
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var http = new HttpVerticle(bus, config, meters, Clock.systemUTC());
    vertx
        .deployVerticle(new ToolsVerticle(bus, config, meters, Clock.systemUTC()))
        .compose(deployed -> vertx.deployVerticle(http))
        .await(10, SECONDS);
    port = http.port();
  }

  static LodeConfig config(String... changes) throws IOException {
    String text =
        Files.readString(Path.of("../conf/lode.yaml"))
            .replace("port: 8420", "port: 0")
            .replaceFirst("(?s)deploy:.*?\n\n", deploy());
    for (int i = 0; i < changes.length; i += 2) {
      text = text.replace(changes[i], changes[i + 1]);
    }
    Path file = Files.createTempFile("lode", ".yaml");
    try {
      Files.writeString(file, text);
      return LodeConfig.read(file);
    } finally {
      Files.delete(file);
    }
  }

  private static String deploy() {
    return "deploy: {http: 1, ingest: 1, bronze: 0, silver: 1, gold: 1, vectors: 1, features: 1,"
        + " lineage: 0, maintenance: 0, tools: 1, catalog: 1}\n\n";
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(10));
  }

  Answer get(String path, String... headers) throws Exception {
    return send(with(request(path), headers).GET());
  }

  Answer post(String path, String body, String... headers) throws Exception {
    var request = request(path).header("Content-Type", "application/json");
    return send(with(request, headers).POST(BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder with(HttpRequest.Builder request, String... headers) {
    return headers.length == 0 ? request : request.headers(headers);
  }

  Answer send(HttpRequest.Builder request) throws Exception {
    var response = client.send(request.build(), BodyHandlers.ofString());
    return new Answer(response.statusCode(), response);
  }

  /** What comes back for these bytes until the connection closes. */
  String raw(String text) throws IOException {
    try (var socket = new Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(text.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Override
  public void close() {
    client.close();
    vertx.close().await();
  }
}
