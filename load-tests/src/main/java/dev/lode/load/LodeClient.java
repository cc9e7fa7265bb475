package dev.lode.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Talks to a running Lode as any client does: HTTP and JSON. */
final class LodeClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS_MAX = 10_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String key;

  LodeClient(String url) {
    this(url, null);
  }

  /** {@code key} as a bearer token; null for none. */
  LodeClient(String url, String key) {
    this.url = url;
    this.key = key;
  }

  /** The answer's JSON; a status other than 2xx is an IOException with the problem's text. */
  JsonNode post(String path, BodyPublisher body, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url + path)).POST(body);
    headers.forEach(request::header);
    return send(request);
  }

  /** As {@link #post}. */
  JsonNode get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url + path)));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    var response = http.send(request.build(), BodyHandlers.ofByteArray());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
    }
    return JSON.readTree(response.body());
  }

  /** Calls a tool; answers its {@code data}. */
  JsonNode tool(String name, Map<String, Object> arguments)
      throws IOException, InterruptedException {
    return envelope(name, arguments).get("data");
  }

  /** Calls a tool; answers its data and what they are worth. */
  JsonNode envelope(String name, Map<String, Object> arguments)
      throws IOException, InterruptedException {
    return post(
        "/v1/tools/" + name,
        BodyPublishers.ofByteArray(JSON.writeValueAsBytes(arguments)),
        Map.of("Content-Type", "application/json"));
  }

  /** Rows of one SELECT, at most {@value #ROWS_MAX}. */
  JsonNode sql(String sql) throws IOException, InterruptedException {
    return tool("run_sql", Map.of("sql", sql, "max_rows", ROWS_MAX)).get("rows");
  }
}
