package dev.lode.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several days of the real shop through the whole house, against {@link RetailOracle}. */
class RetailIT {
  private static final int DAYS = 6;

  @TempDir Path data;

  @Test
  void everyTotalEqualsAnIndependentComputation() throws Exception {
    List<Path> days = TestLode.days(DAYS);
    var oracle = new RetailOracle();
    try (var lode = new TestLode(data, Map.of("fsync: true", "fsync: false"))) {
      for (Path day : days) {
        oracle.read(day);
        lode.post(day);
      }
      long lines = oracle.lines.size();
      assertThat(lode.post(days.getFirst()).get("accepted").asLong()).isZero();
      TestLode.await(
          "gold shows every line",
          () -> lode.count("SELECT sum(lines) FROM gold.daily_revenue") == lines);
      assertThat(lode.count("SELECT count(*) FROM bronze.retail_invoice_line")).isEqualTo(lines);
      assertThat(lode.count("SELECT count(*) FROM silver.invoice_line")).isEqualTo(lines);
      flagsAreRight(lode, oracle);
      totals(lode, oracle);
      cohortsAreRight(lode, oracle);
      vectorsAndFeaturesFollow(lode, oracle);
    }
  }

  private static void flagsAreRight(TestLode lode, RetailOracle oracle) throws Exception {
    assertThat(flagged(lode, "missing_customer")).isEqualTo(oracle.flagged("customer"));
    assertThat(flagged(lode, "non_positive_price")).isEqualTo(oracle.flagged("price"));
    assertThat(flagged(lode, "exact_duplicate")).isEqualTo(oracle.flagged("repeated"));
  }

  private static long flagged(TestLode lode, String rule) throws Exception {
    return lode.count(
        "SELECT count(*) FROM silver.invoice_line WHERE list_contains(_flags, '" + rule + "')");
  }

  private static void totals(TestLode lode, RetailOracle oracle) throws Exception {
    same(
        lode.client()
            .sql("SELECT CAST(day AS VARCHAR), revenue, lines, invoices FROM gold.daily_revenue"),
        oracle.days());
    String customers =
        "SELECT sum(units) = (SELECT sum(quantity) FROM silver.invoice_line"
            + " WHERE customer_id IS NOT NULL) FROM gold.customer_360";
    TestLode.await("customers are complete", () -> lode.count(customers) == 1);
    same(
        lode.client()
            .sql(
                "SELECT customer_id, total_orders, total_spent, avg_order_value,"
                    + " first_order_date, last_order_date FROM gold.customer_360"),
        oracle.customers());
    TestLode.await(
        "products are complete",
        () ->
            lode.count("SELECT sum(quantity) FROM gold.product_performance") == oracle.quantity());
    same(
        lode.client()
            .sql("SELECT stock_code, quantity, revenue, orders FROM gold.product_performance"),
        oracle.products());
  }

  private static void cohortsAreRight(TestLode lode, RetailOracle oracle) throws Exception {
    var expected = new TreeMap<String, Integer>(oracle.cohorts());
    int all = expected.values().stream().mapToInt(Integer::intValue).sum();
    TestLode.await(
        "the mart has been rebuilt on its schedule",
        () -> lode.count("SELECT sum(customers) FROM gold.cohort_retention") == all);
    var found = new TreeMap<String, Integer>();
    for (JsonNode row :
        lode.client()
            .sql(
                "SELECT CAST(cohort AS VARCHAR), months_since, customers"
                    + " FROM gold.cohort_retention WHERE customers > 0")) {
      found.put(row.get(0).asText() + "+" + row.get(1).asInt(), row.get(2).asInt());
    }
    assertThat(found).isEqualTo(expected);
  }

  private static void vectorsAndFeaturesFollow(TestLode lode, RetailOracle oracle)
      throws Exception {
    TestLode.await(
        "each product has its vector",
        () ->
            lode.client().get("/v1/dashboard").at("/vector_store/total_vectors").asInt()
                == oracle.described().size());
    JsonNode hits =
        lode.client()
            .tool("vector_search", Map.of("namespace", "products", "query", "a", "top_k", 1000))
            .get("hits");
    assertThat(hits).hasSize(Math.min(1000, oracle.described().size()));
    var customers = oracle.customers();
    TestLode.await(
        "the features of each customer equal the totals",
        () -> {
          JsonNode rows =
              lode.client()
                  .tool(
                      "get_customer_features",
                      Map.of("customer_ids", List.copyOf(customers.keySet())))
                  .get("rows");
          return StreamSupport.stream(rows.spliterator(), false)
              .allMatch(row -> features(row, customers));
        });
  }

  private static boolean features(JsonNode row, Map<String, List<Object>> customers) {
    List<Object> customer = customers.get(row.get("entity").get("customer_id").asText());
    JsonNode features = row.get("features");
    return equal(features.get("total_orders"), customer.get(0))
        && equal(features.get("total_spent"), customer.get(1))
        && equal(features.get("avg_order_value"), customer.get(2));
  }

  private static void same(JsonNode rows, Map<String, List<Object>> expected) {
    assertThat(rows.size()).isEqualTo(expected.size());
    for (JsonNode row : rows) {
      List<Object> wanted = expected.get(row.get(0).asText());
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(equal(row.get(i + 1), wanted.get(i)))
            .as("%s, column %d: expected %s", row, i + 1, wanted)
            .isTrue();
      }
    }
  }

  private static boolean equal(JsonNode found, Object wanted) {
    return wanted instanceof Number
        ? found.decimalValue().compareTo(new BigDecimal(wanted.toString())) == 0
        : found.asText().equals(wanted.toString());
  }
}
