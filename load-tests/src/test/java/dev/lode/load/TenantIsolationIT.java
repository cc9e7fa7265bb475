package dev.lode.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two tenants on one server, each with its own key. */
class TenantIsolationIT {
  private static final String HEADER =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";
  private static final Map<String, String> TWO_TENANTS =
      Map.of(
          "fsync: true",
          "fsync: false",
          "tenants: [default]",
          "tenants: [north, south]",
          "keys: []",
          """
          keys:
            - {name: north-admin, tenant: north, role: admin, key: north-secret-of-the-test}
            - {name: south-admin, tenant: south, role: admin, key: south-secret-of-the-test}
          """);

  @TempDir Path data;

  @Test
  void oneTenantSeesNoRowOfAnotherThroughAnyTool() throws Exception {
    try (var lode = new TestLode(data, TWO_TENANTS)) {
      LodeClient north = lode.client("north-secret-of-the-test");
      LodeClient south = lode.client("south-secret-of-the-test");
      post(north, "NORTHERN");
      post(south, "SOUTHERN");
      awaitProduct(north, "NORTHERN");
      awaitProduct(south, "SOUTHERN");
      String lineage =
          north
              .sql("SELECT CAST(lineage_id AS VARCHAR) FROM silver.invoice_line")
              .get(0)
              .get(0)
              .asText();
      for (var call : calls(lineage).entrySet()) {
        assertThat(answer(north, call))
            .as("north's own, by %s", call.getKey())
            .contains("NORTHERN");
        assertThat(answer(south, call))
            .as("what south sees of north, by %s", call.getKey())
            .doesNotContain("NORTHERN LANTERN", "\"NORTHERN1\"");
      }
    }
  }

  /** One call of each tool that answers rows; each names what only north has. */
  private static Map<String, Map<String, Object>> calls(String lineage) {
    var calls = new LinkedHashMap<String, Map<String, Object>>();
    calls.put(
        "run_sql",
        Map.of(
            "sql",
            "SELECT i.description, g.stock_code, b.payload FROM silver.invoice_line i,"
                + " gold.product_performance g, bronze.retail_invoice_line b"));
    calls.put(
        "vector_search", Map.of("namespace", "products", "query", "northern lantern", "top_k", 10));
    calls.put(
        "search_and_retrieve",
        Map.of("namespace", "products", "query", "northern lantern", "top_k", 10));
    calls.put("trace_lineage", Map.of("lineage_id", lineage));
    return calls;
  }

  private static String answer(LodeClient client, Map.Entry<String, Map<String, Object>> call)
      throws InterruptedException {
    try {
      return client.tool(call.getKey(), call.getValue()).toString();
    } catch (IOException refused) {
      return refused.getMessage();
    }
  }

  @Test
  void featuresOfAnotherTenantAreNotFound() throws Exception {
    try (var lode = new TestLode(data, TWO_TENANTS)) {
      LodeClient north = lode.client("north-secret-of-the-test");
      LodeClient south = lode.client("south-secret-of-the-test");
      post(north, "NORTHERN");
      post(south, "SOUTHERN");
      var ask = Map.<String, Object>of("customer_id", "NORTHERN1");
      TestLode.await(
          "north's features",
          () -> north.tool("get_customer_features", ask).toString().contains("PRESENT"));
      assertThat(south.tool("get_customer_features", ask).toString()).doesNotContain("PRESENT");
      var train =
          Map.<String, Object>of(
              "features", List.of("customer_features:total_orders"),
              "entity_rows",
                  List.of(
                      Map.of(
                          "customer_id", "NORTHERN1", "event_timestamp", "2012-01-01T00:00:00Z")));
      JsonNode row = south.tool("get_training_dataset", train).get("rows").get(0);
      assertThat(row.get(row.size() - 1).isNull()).isTrue();
    }
  }

  private static void post(LodeClient client, String who) throws Exception {
    String line = "%s1,%s1,%s LANTERN,2,2011-07-01 10:00:00,1.25,%s1,France\n".replace("%s", who);
    client.post(
        "/v1/ingest/retail/invoice_line",
        BodyPublishers.ofString(HEADER + line),
        Map.of("Content-Type", "text/csv"));
  }

  private static void awaitProduct(LodeClient client, String who) throws Exception {
    TestLode.await(
        who + " is searchable",
        () ->
            client
                .tool("vector_search", Map.of("namespace", "products", "query", who, "top_k", 1))
                .toString()
                .contains(who));
    TestLode.await(
        who + " is in gold",
        () -> TestLode.count(client, "SELECT count(*) FROM gold.product_performance") == 1);
  }
}
