package dev.lode.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Features;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Query;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Vectors;
import dev.lode.config.LodeConfig;
import dev.lode.openapi.OpenApi;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpVerticleTest {
  private static final String MUG = "{\"namespace\":\"products\",\"query\":\"mug\"}";
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void answersAToolCallInItsEnvelope() throws Exception {
    var answer = server.post("/v1/tools/vector_search", MUG);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.json().fieldNames())
        .toIterable()
        .containsExactly(
            "data", "lineage", "freshness_ms", "quality_score", "truncated", "degraded");
    assertThat(answer.json().at("/data/hits/0/id").asText()).isEqualTo("85123A");
    assertThat(server.owners.lastAsked(Vectors.Search.class).tenantId()).isEqualTo("default");
  }

  @Test
  void keepsMoneyExact() throws Exception {
    var answer = server.post("/v1/tools/run_sql", "{\"sql\":\"SELECT 1\"}");
    assertThat(answer.response().body()).contains("12.50");
  }

  @Test
  void writesProblemsThatAnAgentCanActOn() throws Exception {
    var answer =
        server.post(
            "/v1/tools/vector_search",
            "{\"namespace\":\"products\",\"query\":\"x\",\"top_k\":0}",
            "traceparent",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.header("traceparent"))
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    JsonNode problem = answer.json();
    assertThat(problem.path("type").asText()).isEqualTo("urn:lode:problem:invalid-request");
    assertThat(problem.path("title").asText()).isEqualTo("invalid request");
    assertThat(problem.path("status").asInt()).isEqualTo(answer.status()).isEqualTo(400);
    assertThat(problem.path("detail").asText()).isEqualTo("Invalid top_k: 0 (must be 1..1000)");
    assertThat(problem.path("instance").asText()).isEqualTo("/v1/tools/vector_search");
    assertThat(problem.path("code").asText()).isEqualTo("INVALID_REQUEST");
    assertThat(problem.path("hint").asText()).isNotBlank();
    assertThat(problem.path("trace_id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
  }

  @Test
  void namesTheNearestTool() throws Exception {
    assertProblem(
        server.post("/v1/tools/vectr_search", MUG),
        404,
        "Cannot call vectr_search: there is no such tool (did you mean vector_search?)");
  }

  @Test
  void refusesWhatIsNoPathOfTheContract() throws Exception {
    assertProblem(server.get("/v2/x"), 404, "Cannot GET /v2/x: there is no such path");
  }

  @Test
  void namesTheMethodsThatAreAllowed() throws Exception {
    var answer = server.get("/v1/tools/run_sql");
    assertProblem(answer, 405, "Cannot GET /v1/tools/run_sql: allowed are OPTIONS, POST");
    assertThat(answer.header("allow")).isEqualTo("OPTIONS, POST");
    var options =
        server.send(server.request("/health/live").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.status()).isEqualTo(204);
    assertThat(options.header("allow")).isEqualTo("GET, HEAD, OPTIONS");
    var head = server.send(server.request("/health/live").method("HEAD", BodyPublishers.noBody()));
    assertThat(head.status()).isEqualTo(200);
    assertProblem(
        server.send(server.request("/v1/ingest/a/b").DELETE()),
        405,
        "Cannot DELETE /v1/ingest/a/b: allowed are OPTIONS, POST");
  }

  @Test
  void refusesBodiesThatAreNotJsonAsItIsMeant() throws Exception {
    assertProblem(
        server.post("/v1/tools/run_sql", "{\"sql\":\n \"SELECT 1\",}"),
        400,
        "Malformed JSON at line 2, column 13: Unexpected character ('}' (code 125)): was expecting"
            + " double-quote to start field name");
    assertProblem(
        server.post("/v1/tools/run_sql", "{\"sql\":\"SELECT 1\",\"sql\":\"SELECT 2\"}"),
        400,
        "Malformed JSON at line 1, column 24: the name 'sql' is given twice");
    assertProblem(
        server.post("/v1/tools/run_sql", "[1]"), 400, "Invalid body: it is no JSON object");
    assertProblem(server.post("/v1/tools/run_sql", ""), 400, "Missing body: a JSON object");
    assertProblem(
        server.post("/v1/tools/run_sql", "{\"max_rows\":1e1000000}"),
        400,
        "Invalid number: its exponent is beyond 400");
    assertThat(server.post("/v1/tools/run_sql", "{} {}").status()).isEqualTo(400);
    assertThat(server.post("/v1/tools/run_sql", "{\"a\":".repeat(2000)).status()).isEqualTo(400);
  }

  @Test
  void takesAnAbsentBodyWhereNoneIsNeeded() throws Exception {
    var answer =
        server.send(server.request("/v1/tools/list_datasets").POST(BodyPublishers.noBody()));
    assertThat(answer.json().at("/data/datasets")).hasSize(2);
  }

  @Test
  void refusesOtherMediaTypesAndNamesThoseItTakes() throws Exception {
    var form =
        server
            .request("/v1/tools/run_sql")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("{}"));
    assertProblem(
        server.send(form),
        415,
        "Cannot read Content-Type application/x-www-form-urlencoded (must be application/json)");
    var latin =
        server
            .request("/v1/tools/run_sql")
            .header("Content-Type", "application/json; charset=ISO-8859-1")
            .POST(BodyPublishers.ofString("{}"));
    assertProblem(server.send(latin), 415, "Cannot read charset=iso-8859-1 (must be utf-8)");
    var packed =
        server
            .request("/v1/tools/run_sql")
            .header("Content-Type", "application/json;charset=utf-8")
            .header("Content-Encoding", "br")
            .POST(BodyPublishers.ofString("{}"));
    assertProblem(server.send(packed), 415, "Cannot read Content-Encoding br (must be identity)");
  }

  @Test
  void refusesABodyThatIsTooLarge() throws Exception {
    var answer = server.post("/v1/tools/run_sql", "x".repeat(9 << 20));
    assertProblem(
        answer,
        413,
        "Cannot POST /v1/tools/run_sql: the body is too large (http.request-body-max)");
    assertThat(answer.header("connection")).isEqualTo("close");
  }

  @Test
  void answersAProblemToWhatIsNotHttp() throws Exception {
    assertThat(raw("\u0001\u0002 nonsense\r\n\r\n")).contains(" 400 ", "application/problem+json");
    assertThat(raw("GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .contains(" 400 ", "application/problem+json");
    assertThat(raw("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .contains(" 431 ", "LIMIT_EXCEEDED");
  }

  @Test
  void saysWhenToComeBackWhereAPartIsBusyOrDown() throws Exception {
    try (var own = new TestServer()) {
      own.owners.fail(Query.RUN, ErrorCode.OWNER_BUSY, "Cannot open a session: all are in use");
      var busy = own.post("/v1/tools/run_sql", "{\"sql\":\"SELECT 1\"}");
      assertProblem(busy, 429, "Cannot open a session: all are in use");
      assertThat(busy.header("retry-after")).isEqualTo("1");
      own.owners.fail(Vectors.SEARCH.owner(0), ErrorCode.BACKEND_DOWN, "Cannot search: down");
      var down = own.post("/v1/tools/vector_search", MUG);
      assertProblem(down, 503, "Cannot search: down");
      assertThat(down.header("retry-after")).isEqualTo("1");
    }
  }

  @Test
  void answersAbsentOwnersAsUnavailable() throws Exception {
    assertProblem(
        server.post("/v1/marts/nowhere/rebuild", ""),
        503,
        "Cannot reach gold.rebuild: not deployed");
  }

  @Test
  void replaysAndRebuildsThroughTheirOwners() throws Exception {
    try (var own = new TestServer()) {
      own.owners
          .answer(
              Silver.REPLAY,
              ask -> new Silver.Replayed(ask.tenantId(), "silver.invoice_line", 5, 10, 9, 1, null))
          .await(5, SECONDS);
      own.owners
          .answer(
              Gold.REBUILD, ask -> new Gold.Rebuilt(ask.tenantId(), ask.mart(), 6, 3, true, null))
          .await(5, SECONDS);
      var replayed =
          own.post(
              "/v1/replay/invoice_line",
              "{\"quarantine_only\":true,\"since\":\"2011-01-31T00:00:00Z\"}");
      assertThat(replayed.json().path("accepted").asInt()).isEqualTo(9);
      assertThat(replayed.json().path("snapshot_id").asInt()).isEqualTo(5);
      assertThat(own.owners.lastAsked(Silver.Replay.class))
          .isEqualTo(
              new Silver.Replay(
                  "default", "invoice_line", true, Instant.parse("2011-01-31T00:00:00Z")));
      assertThat(
              own.post("/v1/marts/daily_revenue/rebuild", "").json().path("published").asBoolean())
          .isTrue();
      own.owners
          .answer(
              Vectors.REBUILD,
              ask -> new Vectors.Synced(ask.tenantId(), ask.namespace(), 7, 2, 1, 0))
          .await(5, SECONDS);
      own.owners
          .answer(Features.REBUILD, ask -> new Features.Synced(ask.tenantId(), ask.view(), 8, 4))
          .await(5, SECONDS);
      assertThat(own.post("/v1/vectors/products/rebuild", "").json().path("embedded").asInt())
          .isEqualTo(2);
      assertThat(own.post("/v1/features/spend/rebuild", "").json().path("rows").asInt())
          .isEqualTo(4);
      assertProblem(
          own.post("/v1/replay/Bad-Name", "{}"),
          400,
          "Invalid entity: \"Bad-Name\" (must be matching ^[a-z][a-z0-9_]{0,63}$)");
    }
  }

  @Test
  void readsTheManifestInEachForm() throws Exception {
    JsonNode own = server.get("/v1/tools").json().path("tools");
    assertThat(own).hasSize(12);
    assertThat(own.get(0).path("input").path("additionalProperties").asBoolean(true)).isFalse();
    var openai = server.get("/v1/tools?format=openai").json().path("tools");
    assertThat(openai).hasSize(12);
    openai.forEach(tool -> assertStrict(tool.at("/function/parameters"), true));
    var anthropic = server.get("/v1/tools?format=anthropic").json().path("tools");
    var optional = new ArrayList<Integer>();
    anthropic.forEach(
        tool -> {
          JsonNode schema = tool.path("input_schema");
          assertStrict(schema, false);
          if (tool.path("strict").asBoolean()) {
            optional.add(schema.path("properties").size() - schema.path("required").size());
          }
        });
    assertThat(optional.stream().mapToInt(i -> i).sum()).isBetween(10, 24);
    assertProblem(
        server.get("/v1/tools?format=xml"),
        400,
        "Invalid format: \"xml\" (must be one of lode, openai, anthropic)");
  }

  /**
   * What strict modes ask for: closed objects only; for OpenAI, all of their properties required.
   */
  private static void assertStrict(JsonNode schema, boolean allRequired) {
    if (schema.has("properties")) {
      assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
      if (allRequired) {
        assertThat(schema.path("required")).hasSize(schema.path("properties").size());
      }
      schema.path("properties").forEach(property -> assertStrict(property, allRequired));
    } else {
      assertThat(schema.path("type").toString()).doesNotContain("object");
    }
    if (schema.has("items")) {
      assertStrict(schema.path("items"), allRequired);
    }
    assertThat(schema.fieldNames())
        .toIterable()
        .isSubsetOf(
            "type",
            "description",
            "enum",
            "items",
            "properties",
            "required",
            "additionalProperties");
  }

  @Test
  void servesItsContractAndAPageThatShowsItFromItself() throws Exception {
    assertThat(server.get("/openapi.yaml").response().body()).startsWith("openapi: 3.1.0");
    assertThat(server.get("/openapi.json").json().path("paths")).hasSizeGreaterThan(20);
    var page = server.get("/docs");
    assertThat(page.header("content-type")).startsWith("text/html");
    assertThat(page.response().body()).doesNotContain("http://", "https://");
    for (String file :
        List.of("swagger-ui-bundle.js", "swagger-ui.css", "start.js", "favicon-32x32.png")) {
      assertThat(server.get("/docs/" + file).status()).as(file).isEqualTo(200);
      assertThat(page.response().body()).contains("/docs/" + file);
    }
    assertThat(server.get("/").header("location")).isEqualTo("/docs");
  }

  @Test
  void tellsPrometheusOfToolCalls() throws Exception {
    server.post("/v1/tools/list_datasets", "{}");
    assertThat(server.get("/metrics").response().body())
        .containsPattern("lode_tool_calls_total\\{outcome=\"ok\",tool=\"list_datasets\"} \\d")
        .contains("lode_tool_duration_seconds_bucket");
  }

  @Test
  void livesButIsNotReadyWhereAPartIsMissing() throws Exception {
    assertThat(server.get("/health/live").json().path("status").asText()).isEqualTo("live");
    var answer = server.get("/health/ready");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.json().path("detail").asText())
        .startsWith("Not ready: {ingest=Cannot reach ingest.status: not deployed")
        .doesNotContain("tools=", "features=");
  }

  @Test
  void gathersADashboardAndNamesTheMissing() throws Exception {
    JsonNode page = server.get("/v1/dashboard").json();
    assertThat(page.at("/feature_store/feature_groups").asInt()).isEqualTo(2);
    assertThat(page.at("/layers/tools/ready").asBoolean()).isTrue();
    assertThat(page.at("/layers/vectors/error").asText())
        .isEqualTo("Cannot reach vectors.status: not deployed");
    assertThat(page.fieldNames())
        .toIterable()
        .contains("data_layers", "vector_store", "quality", "sync_tasks");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/openapi.json", "/v1/tools", "/health/live", "/metrics"})
  void answersHeadWithoutABody(String path) throws Exception {
    var head = server.send(server.request(path).method("HEAD", BodyPublishers.noBody()));
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.response().body()).isEmpty();
  }

  @Test
  void startsOnlyWhereContractAndHandlersMatch() throws Exception {
    LodeConfig config = TestServer.config();
    var access = Access.of(config, name -> null);
    var limits = new Routes.Limits(1, java.time.Duration.ofSeconds(1), java.time.Clock.systemUTC());
    var routes = new Routes(OpenApi.load(config), access, limits, Map.of("nonsense", e -> {}));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> routes.router(server.vertx))
        .hasMessageStartingWith(
            "Cannot serve openapi/lode.yaml: operations without a handler: [dashboard, docs,")
        .hasMessageEndingWith("handlers without an operation: [nonsense]");
  }

  private static void assertProblem(TestServer.Answer answer, int status, String detail) {
    assertThat(answer.json().path("detail").asText()).isEqualTo(detail);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.json().path("hint").asText()).isNotBlank();
  }

  private static String raw(String text) throws IOException {
    return server.raw(text);
  }
}
