package dev.lode.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.openapi.OpenApi;
import dev.lode.openapi.Operation;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each operation of the contract, called with a key of one tenant. */
class TenantsTest {
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

  static List<Operation> operations() throws Exception {
    return OpenApi.load(TestServer.config()).operations().stream()
        .filter(Operation::guarded)
        .toList();
  }

  private static TestServer.Answer call(Operation operation, String... headers) throws Exception {
    String path = operation.path().replaceAll("\\{\\w+}", "x");
    var request = server.request(path).headers(headers);
    return server.send(
        operation.method().equals("GET")
            ? request.GET()
            : request
                .header("Content-Type", "application/json")
                .method(operation.method(), BodyPublishers.ofString("{}")));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aKeyOfOneTenantReachesOnlyWhatIsOfOne(Operation operation) throws Exception {
    var answer = call(operation, "X-API-Key", "boss-secret");
    if (operation.everyTenant()) {
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.response().body()).contains("it is about the rows of every tenant");
    } else {
      assertThat(answer.response().body()).doesNotContain("it is about the rows of every tenant");
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aKeyOfOneTenantActsForNoOther(Operation operation) throws Exception {
    var answer = call(operation, "X-API-Key", "boss-secret", "X-Lode-Tenant", "other");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.response().body()).contains("Cannot act for tenant other");
  }

  @Test
  void whatIsOfAllTenantsIsWhatOperatorsDo() throws Exception {
    assertThat(operations().stream().filter(Operation::everyTenant).map(Operation::id))
        .contains(
            "tables",
            "maintain",
            "start_backup",
            "get_backup",
            "metrics",
            "read_catalog",
            "write_catalog",
            "drop_from_catalog");
  }
}
