package dev.lode.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.codecs.Status;
import dev.lode.tools.FakeOwners;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an agent can find out before it asks. */
class ListingToolsTest {

  @Test
  void listsWhatThereIsToSearchAndToRead() throws Exception {
    try (var server = new TestServer()) {
      server.owners.answer(Status.of("vectors"), FakeOwners::vectors);

      JsonNode namespace =
          server.post("/v1/tools/list_namespaces", "{}").json().at("/data/namespaces/0");
      JsonNode views = server.post("/v1/tools/list_feature_views", "{}").json().path("data");

      assertThat(namespace.path("name").asText()).isEqualTo("products");
      assertThat(namespace.path("documents").asInt()).isEqualTo(2);
      assertThat(namespace.at("/filters/price").asText()).isEqualTo("DECIMAL(18,4)");
      assertThat(views.at("/feature_views/0/name").asText()).isEqualTo("product_features");
      assertThat(views.at("/feature_views/0/keys/0").asText()).isEqualTo("stock_code");
      assertThat(views.at("/feature_views/0/features/0/name").asText()).isEqualTo("sales_last_30d");
      assertThat(views.at("/feature_views/0").has("rows")).isFalse();
      assertThat(views.at("/services/scoring/0").asText())
          .isEqualTo("customer_features:total_spent");
    }
  }

  @Test
  void saysWhyWordsFindNothing() throws Exception {
    try (var server = new TestServer()) {
      String body = "{\"namespace\":\"products\",\"query\":\"the\",\"mode\":\"keyword\"}";
      for (String tool : List.of("vector_search", "search_and_retrieve")) {
        assertThat(server.post("/v1/tools/" + tool, body).json().at("/degraded/0").asText())
            .isEqualTo("no word can be searched for");
      }
    }
  }

  @Test
  void leavesOutToolsWhoseViewIsAbsent() throws Exception {
    try (var server = new TestServer()) {
      assertThat(tools(server)).contains("get_customer_features", "get_product_features");
    }
    try (var server = new TestServer()) {
      server.owners.hideViews();
      assertThat(tools(server))
          .contains("get_features", "list_feature_views")
          .doesNotContain("get_customer_features", "get_product_features");
    }
  }

  private static List<String> tools(TestServer server) throws Exception {
    var names = new ArrayList<String>();
    server
        .get("/v1/tools")
        .json()
        .path("tools")
        .forEach(tool -> names.add(tool.path("name").asText()));
    return names;
  }
}
