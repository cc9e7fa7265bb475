package dev.lode.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.config.LodeConfig;
import dev.lode.openapi.OpenApi;
import dev.lode.openapi.Operation;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever is sent to whichever operation: an answer, and none of it in the words of the code. */
class MalformedBodiesTest {
  private static final int TRIES = 600;

  /** Names of classes, packages, settings and constants. */
  private static final String INTERNALS =
      "[a-z]+\\.[a-z]+\\.[A-Z]\\w+|[A-Z]\\w*(Feature|Exception|Constraints)\\b|`|java\\.|jackson"
          + "|\\b(START|END)_(OBJECT|ARRAY)\\b|CTRL-CHAR";

  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\"sql\"",
    "\"a\"",
    "\"namespace\":\"n\"",
    "1",
    "-",
    "1e999999",
    "NaN",
    "Infinity",
    "tru",
    "null",
    "//x",
    "'x'",
    "\\u0000",
    "\u0001",
    "\u00e9",
    "\\ud800",
    "\n",
    "{\"sql\":\"SELECT 1\"}",
    "{\"a\":1,\"a\":2}",
    "01",
    "+1",
    ".5",
    "\\x",
    "\ufeff",
    "[[[[[[[["
  };

  private static TestServer server;
  private static List<Operation> operations;

  private record Sent(Operation operation, String body) {
    @Override
    public String toString() {
      return operation.id() + " " + body;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
    operations =
        OpenApi.load(LodeConfig.read(Path.of("../conf/lode.yaml"))).operations().stream()
            .filter(operation -> operation.body() != null)
            .filter(operation -> operation.body().mediaTypes().contains("application/json"))
            .toList();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void answersMalformedJsonInItsOwnWords() {
    assertThat(operations).hasSizeGreaterThan(10);
    RandomCases.check(
        TRIES,
        draw ->
            new Sent(
                draw.one(operations.toArray(new Operation[0])),
                draw.one("", "{", "{\"sql\":") + draw.text(12, PIECES)),
        sent -> {
          var answer = send(sent);
          assertThat(answer.status()).isNotEqualTo(500).isNotEqualTo(0);
          if (answer.status() >= 400) {
            assertThat(answer.response().body().replaceAll("\"type\":\"\\w+\"", ""))
                .doesNotContainPattern(INTERNALS);
          }
        });
  }

  @Test
  void answersTooDeepJson() throws Exception {
    for (Operation operation : operations) {
      var answer = send(new Sent(operation, "{\"a\":" + "[".repeat(5000)));
      assertThat(answer.status()).as(operation.id()).isGreaterThanOrEqualTo(400).isNotEqualTo(500);
      assertThat(answer.response().body().replaceAll("\"type\":\"\\w+\"", ""))
          .doesNotContainPattern(INTERNALS);
    }
  }

  @Test
  void answersTheCatalogsRootWithoutAnError() throws Exception {
    for (String path : List.of("/iceberg", "/iceberg/", "/iceberg/v1", "/iceberg/%00")) {
      assertThat(server.get(path).status()).as(path).isNotEqualTo(500);
    }
  }

  private static TestServer.Answer send(Sent sent) throws Exception {
    String path = sent.operation.path().replaceAll("\\{[^}]*}", "x").replace("*", "x");
    return server.send(
        server
            .request(path)
            .header("Content-Type", "application/json")
            .method(sent.operation.method(), BodyPublishers.ofString(sent.body)));
  }
}
