package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/** Speaks Lode's HTTP API, as any client would. Thread-safe. */
public final class Client implements AutoCloseable {
  /** Keeps every digit of a number, trailing zeros too. */
  public static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final Target target;

  /**
   * Whom to call, and as whom.
   *
   * @param key an API key, or null
   * @param tenant or null for the key's own, or the server's first
   */
  public record Target(String url, String key, String tenant) {
    public Target {
      requireNonNull(url, "url is null");
      url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
  }

  /** An upload: its content type, and headers by name. */
  public record Body(BodyPublisher content, String type, Map<String, String> headers) {}

  public Client(Target target) {
    this.target = requireNonNull(target, "target is null");
  }

  public String url() {
    return target.url();
  }

  public JsonNode get(String path) {
    return send(request(path).timeout(TIMEOUT).GET().build());
  }

  /** Posts {@code body} as JSON. */
  public JsonNode post(String path, Object body) {
    return send(posting(path, body).build());
  }

  /** As {@link #post}, but does not wait where the server can go on without. */
  JsonNode begin(String path, Object body) {
    return send(posting(path, body).header("Prefer", "respond-async").build());
  }

  private HttpRequest.Builder posting(String path, Object body) {
    return request(path)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(bytes(body)));
  }

  /** Calls a tool: its whole envelope. */
  public JsonNode tool(String name, Object arguments) {
    return post("/v1/tools/" + name, arguments);
  }

  /** Posts a body of any length, for as long as it takes. */
  public JsonNode upload(String path, Body body) {
    HttpRequest.Builder request = request(path).header("Content-Type", body.type());
    body.headers().forEach(request::header);
    return send(request.POST(body.content()).build());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request;
    try {
      request = HttpRequest.newBuilder(URI.create(target.url() + path));
    } catch (IllegalArgumentException e) {
      throw new Refused(
          400,
          "Cannot call " + target.url() + path + ": " + e.getMessage(),
          "Give --url as http://host:port.");
    }
    request.header("Accept", "application/json");
    if (target.key() != null) {
      request.header("Authorization", "Bearer " + target.key());
    }
    if (target.tenant() != null) {
      request.header("X-Lode-Tenant", target.tenant());
    }
    return request;
  }

  private JsonNode send(HttpRequest request) {
    HttpResponse<byte[]> response;
    try {
      response = http.send(request, BodyHandlers.ofByteArray());
    } catch (ConnectException e) {
      throw new Refused(
          Refused.UNREACHED,
          "Cannot reach " + target.url() + ": nothing answers there",
          "Start it with ./lode up, or name another with --url.");
    } catch (IOException e) {
      throw broken(request, "the connection broke (" + e + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw broken(request, "interrupted");
    }
    JsonNode body = parsed(response.body());
    if (response.statusCode() / 100 != 2) {
      throw refused(request.uri(), response.statusCode(), body);
    }
    return body;
  }

  /** As {@code problem} says, which came from {@code uri}. */
  static Refused refused(URI uri, int status, JsonNode problem) {
    String detail = problem.path("detail").asText(problem.path("title").asText(""));
    return new Refused(
        status,
        detail.isEmpty() ? "HTTP " + status + " from " + uri : detail,
        problem.path("hint").asText(""));
  }

  private static Refused broken(HttpRequest request, String why) {
    return new Refused(Refused.BROKEN, "No answer from " + request.uri() + ": " + why, "");
  }

  private static JsonNode parsed(byte[] body) {
    try {
      return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  private static byte[] bytes(Object body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot write as JSON: " + body, e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
