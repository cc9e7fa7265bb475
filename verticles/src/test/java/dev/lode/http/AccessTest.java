package dev.lode.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Vectors;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  private static final String MUG = "{\"namespace\":\"products\",\"query\":\"mug\"}";

  @Nested
  class WithKeys {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
      server =
          new TestServer(
              "tenants: [default]", "tenants: [default, other]", "keys: []", TestServer.KEYS);
    }

    @AfterAll
    static void stop() {
      server.close();
    }

    @Test
    void letsInByEitherHeader() throws Exception {
      assertThat(search("Authorization", "Bearer agent-secret")).isEqualTo(200);
      assertThat(search("authorization", "bearer agent-secret ")).isEqualTo(200);
      assertThat(search("X-API-Key", "agent-secret")).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
      "X-Nothing, x, no API key came with the request",
      "Authorization, Bearer wrong, the API key is unknown",
      "Authorization, Bearer, Authorization must be: Bearer <key>",
      "Authorization, Basic YTpi, Authorization must be: Bearer <key>",
      "X-API-Key, agent-secre, the API key is unknown",
      "X-API-Key, env:HOME, the API key is unknown"
    })
    void keepsOutStrangersEvenFromThisMachine(String header, String value, String reason)
        throws Exception {
      var answer = server.post("/v1/tools/vector_search", MUG, header, value);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"lode\"");
      assertThat(answer.json().path("detail").asText()).isEqualTo("Cannot let you in: " + reason);
      assertThat(answer.json().path("code").asText()).isEqualTo("UNAUTHENTICATED");
    }

    @Test
    void opensOneTenantByEachKeyAndNoOther() throws Exception {
      search("X-API-Key", "loader-secret");
      assertThat(server.owners.lastAsked(Vectors.Search.class).tenantId()).isEqualTo("other");
      var answer =
          server.post(
              "/v1/tools/vector_search",
              MUG,
              "X-API-Key",
              "agent-secret",
              "X-Lode-Tenant",
              "other");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.json().path("detail").asText())
          .isEqualTo("Cannot act for tenant other: this key is for default");
    }

    @Test
    void allowsByRole() throws Exception {
      var answer = server.post("/v1/marts/daily_revenue/rebuild", "", "X-API-Key", "agent-secret");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.json().path("detail").asText())
          .isEqualTo(
              "Cannot POST /v1/marts/daily_revenue/rebuild: role reader may not (roles: writer,"
                  + " admin)");
      assertThat(
              server
                  .post("/v1/marts/daily_revenue/rebuild", "", "X-API-Key", "loader-secret")
                  .status())
          .isEqualTo(503);
      var ingest = server.request("/v1/ingest/a/b").header("X-API-Key", "agent-secret");
      assertThat(
              server
                  .send(ingest.POST(java.net.http.HttpRequest.BodyPublishers.ofString("{}")))
                  .status())
          .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/tools", "/v1/dashboard", "/v1/tools?format=openai"})
    void asksForAKeyToLook(String path) throws Exception {
      assertThat(server.get(path).status()).isEqualTo(401);
      assertThat(server.get(path, "X-API-Key", "agent-secret").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/openapi.json", "/openapi.yaml", "/docs"})
    void showsItsHealthAndContractToAll(String path) throws Exception {
      assertThat(server.get(path).status()).isEqualTo(200);
    }

    private int search(String header, String value) throws Exception {
      return server.post("/v1/tools/vector_search", MUG, header, value).status();
    }
  }

  @Nested
  class WithoutKeys {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
      server = new TestServer("tenants: [default]", "tenants: [default, other]");
    }

    @AfterAll
    static void stop() {
      server.close();
    }

    @Test
    void actsForTheTenantThatIsNamedOrTheFirst() throws Exception {
      server.post("/v1/tools/vector_search", MUG);
      assertThat(server.owners.lastAsked(Vectors.Search.class).tenantId()).isEqualTo("default");
      server.post("/v1/tools/vector_search", MUG, "X-Lode-Tenant", "other");
      assertThat(server.owners.lastAsked(Vectors.Search.class).tenantId()).isEqualTo("other");
      var ghost = server.post("/v1/tools/vector_search", MUG, "X-Lode-Tenant", "ghost");
      assertThat(ghost.status()).isEqualTo(404);
      assertThat(ghost.json().path("code").asText()).isEqualTo("TENANT_UNKNOWN");
      var strange = server.post("/v1/tools/vector_search", MUG, "X-Lode-Tenant", "../x");
      assertThat(strange.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
      "localhost, 200",
      "127.0.0.1, 200",
      "[::1], 200",
      "evil.example, 401",
      "127.0.0.1.evil.example, 401",
      "localhost.evil.example, 401"
    })
    void servesOnlyHostsOfThisMachine(String host, int status) throws Exception {
      assertThat(get("Host: " + host + ":" + server.port)).contains("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "X-Forwarded-For: 203.0.113.9",
          "Forwarded: for=203.0.113.9",
          "X-Real-IP: 203.0.113.9",
          "Via: 1.1 proxy",
          "Origin: https://evil.example",
          "Origin: null"
        })
    void servesNeitherProxiesNorOtherOrigins(String header) throws Exception {
      assertThat(get("Host: localhost\r\n" + header)).contains("HTTP/1.1 401");
    }

    @Test
    void servesItsOwnPage() throws Exception {
      assertThat(get("Host: localhost\r\nOrigin: http://localhost")).contains("HTTP/1.1 200");
    }

    private static String get(String headers) throws Exception {
      return server.raw("GET /v1/tools HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n");
    }
  }

  @Nested
  class AtStart {

    @Test
    void refusesToListenToTheWorldWithoutKeys() throws Exception {
      assertRefused(
          "Cannot listen on 0.0.0.0 without keys: everyone who reaches it would be admin",
          "host: 127.0.0.1",
          "host: 0.0.0.0");
    }

    @Test
    void refusesKeysThatCannotBeUsed() throws Exception {
      assertRefused(
          "Invalid key a: role boss (must be admin, writer or reader)",
          "keys: []",
          "keys: [{name: a, tenant: default, role: boss, key: x}]");
      assertRefused(
          "Invalid key a: tenant ghost (tenants: [default], '*' for all)",
          "keys: []",
          "keys: [{name: a, tenant: ghost, role: admin, key: x}]");
      assertRefused(
          "Invalid key a: no secret at env:NOWHERE",
          "keys: []",
          "keys: [{name: a, tenant: default, role: admin, key: 'env:NOWHERE'}]");
    }

    @Test
    void readsSecretsFromTheEnvironment() throws Exception {
      var config =
          TestServer.config(
              "host: 127.0.0.1",
              "host: 0.0.0.0",
              "keys: []",
              "keys: [{name: a, tenant: default, role: admin, key: 'env:SECRET'}]");
      var asked = new java.util.ArrayList<String>();
      Access.of(
          config,
          name -> {
            asked.add(name);
            return "x";
          });
      assertThat(asked).isEqualTo(List.of("SECRET"));
    }

    private static void assertRefused(String message, String... changes) throws Exception {
      var config = TestServer.config(changes);
      assertThatThrownBy(() -> Access.of(config, name -> null))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
          .hasMessage(message);
    }
  }
}
