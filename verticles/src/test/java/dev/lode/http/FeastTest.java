package dev.lode.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Features;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Feast's shapes, for clients that speak them already. */
class FeastTest {
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void answersOnlineFeaturesInFeastsShape() throws Exception {
    var answer =
        server.post(
            "/get-online-features",
            "{\"features\":[\"customer_features:total_orders\"],"
                + "\"entities\":{\"entity_id\":[\"17850\",\"0\"]},\"full_feature_names\":false}");
    assertThat(answer.json())
        .isEqualTo(
            new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(
                    """
                    {"metadata": {"feature_names": ["entity_id", "total_orders"]},
                     "results": [
                      {"values": ["17850", "0"], "statuses": ["PRESENT", "PRESENT"],
                       "event_timestamps": ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"]},
                      {"values": [12.50, null], "statuses": ["PRESENT", "NOT_FOUND"],
                       "event_timestamps": ["2011-01-31T00:00:00Z", "1970-01-01T00:00:00Z"]}]}
                    """));
    var full =
        server.post(
            "/get-online-features",
            "{\"feature_service\":\"customer_features\",\"entities\":{\"entity_id\":[1]},"
                + "\"full_feature_names\":true}");
    assertThat(full.json().at("/metadata/feature_names/1").asText())
        .isEqualTo("customer_features__total_orders");
    assertProblem(
        server.post(
            "/get-online-features",
            "{\"features\":[\"a:b\"],\"entities\":{\"a\":[1],\"b\":[1,2]}}"),
        400,
        "Invalid entities: its columns are not equally long");
  }

  @Test
  void pushesRowsInFeastsShape() throws Exception {
    try (var own = new TestServer()) {
      own.owners
          .answer(
              Features.PUSH,
              push -> new Features.Pushed(push.tenantId(), push.view(), push.rows().size(), 4))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      var answer =
          own.post(
              "/push",
              "{\"push_source_name\":\"customer_features\",\"to\":\"online\",\"df\":{"
                  + "\"customer_id\":[\"1\",\"2\"],\"total_orders\":[3,null]}}");
      assertThat(answer.json().path("rows").asInt()).isEqualTo(2);
      assertThat(own.owners.lastAsked(Features.Push.class).rows().getLast())
          .containsEntry("customer_id", "2")
          .containsEntry("total_orders", null);
    }
  }

  /** As feast 0.67 sends it with {@code online_store: remote}. */
  @Test
  void answersFeastsOwnClient() throws Exception {
    var read =
        server.post(
            "/get-online-features",
            "{\"features\":[\"customer_features:total_orders\"],\"feature_service\":null,"
                + "\"entities\":{\"entity_id\":[\"17850\"]},\"full_feature_names\":false,"
                + "\"include_feature_view_version_metadata\":false,\"new\":{\"x\":1}}");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.json().at("/results/1/values/0").decimalValue()).isEqualByComparingTo("12.5");
    try (var own = new TestServer()) {
      own.owners
          .answer(
              Features.PUSH,
              push -> new Features.Pushed(push.tenantId(), push.view(), push.rows().size(), 4))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      var written =
          own.post(
              "/write-to-online-store",
              "{\"feature_view_name\":\"customer_features\",\"allow_registry_cache\":false,"
                  + "\"df\":{\"customer_id\":[\"1\"],\"total_orders\":[3],"
                  + "\"event_timestamp\":[\"2024-01-01T00:00:00\"],\"created\":[null]}}");
      assertThat(written.status()).isEqualTo(200);
      assertThat(own.owners.lastAsked(Features.Push.class).view()).isEqualTo("customer_features");
    }
  }

  private static void assertProblem(TestServer.Answer answer, int status, String detail) {
    assertThat(answer.json().path("detail").asText()).isEqualTo(detail);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    assertThat(answer.json().path("hint").asText()).isNotBlank();
  }
}
