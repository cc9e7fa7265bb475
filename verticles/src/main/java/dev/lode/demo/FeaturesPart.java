package dev.lode.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.cli.Amounts;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Part 3: current values of customers and products, their age, and how fast they come. */
final class FeaturesPart implements Part {
  private static final int READS = 500;

  private final Api api;
  private final Shop shop;
  private final Truth truth;

  FeaturesPart(Api api, Shop shop) {
    this.api = api;
    this.shop = shop;
    this.truth = new Truth(shop);
  }

  @Override
  public String title() {
    return "Features: one value in training, batch and online";
  }

  @Override
  public void show(Stage stage) {
    customers(stage);
    products(stage);
    stock(stage);
    feast(stage);
    speed(stage);
  }

  private void customers(Stage stage) {
    for (String customer : truth.bestCustomers(3)) {
      JsonNode row = api.features("get_customer_features", "customer_id", customer);
      stage.say("  " + customer + "  " + values(row));
      stage.same(
          customer + " as the ledger has it",
          truth.customerAt(customer, Instant.MAX),
          picked(row, "total_orders", "total_spent", "avg_order_value"));
    }
    JsonNode nobody = api.features("get_customer_features", "customer_id", "C-none");
    stage.same(
        "an unknown customer is NOT_FOUND, not zero",
        "NOT_FOUND",
        nobody.path("statuses").path("total_orders").asText());
  }

  private static String values(JsonNode row) {
    var text = new StringBuilder();
    row.path("features")
        .properties()
        .forEach(
            feature ->
                text.append(feature.getKey())
                    .append(' ')
                    .append(Api.text(feature.getValue()))
                    .append("  "));
    return text.toString().strip();
  }

  private static List<String> picked(JsonNode row, String... names) {
    return Arrays.stream(names).map(name -> Api.text(row.path("features").path(name))).toList();
  }

  private void products(Stage stage) {
    Product product = shop.products().get(1);
    JsonNode row = api.features("get_product_features", "product_id", product.id());
    stage.say("  " + product.name() + "  " + values(row));
    stage.same(
        "pieces sold since midnight 30 days ago",
        List.of(Long.toString(truth.soldLately(product))),
        picked(row, "sales_last_30d"));
  }

  private void stock(Stage stage) {
    Product fresh = shop.products().getFirst();
    Product stale = shop.products().getLast();
    JsonNode rows =
        api.tool(
                "get_features",
                Map.of(
                    "features",
                    List.of("product_stock:inventory_level"),
                    "entities",
                    Stream.of(fresh, stale)
                        .map(product -> Map.of("product_id", product.id()))
                        .toList()))
            .path("rows");
    stage.same(
        "stock counted minutes ago is served: " + fresh.name(),
        List.of(Long.toString(truth.inStock(fresh)), "PRESENT"),
        stock(rows.path(0)));
    stage.same(
        "stock counted hours ago is too old for its ttl of 1 h: " + stale.name(),
        Arrays.asList(null, "OUTSIDE_MAX_AGE"),
        stock(rows.path(1)));
  }

  private static List<String> stock(JsonNode row) {
    String name = row.path("features").fieldNames().next();
    return Arrays.asList(
        Api.text(row.path("features").path(name)), Api.text(row.path("statuses").path(name)));
  }

  private void feast(Stage stage) {
    List<String> best = truth.bestCustomers(2);
    JsonNode answer =
        api.client()
            .post(
                "/get-online-features",
                Map.of(
                    "features",
                    List.of("customer_features:total_orders"),
                    "entities",
                    Map.of("customer_id", best)));
    stage.same(
        "clients of Feast get the same numbers",
        best.stream().map(customer -> truth.customerAt(customer, Instant.MAX).getFirst()).toList(),
        texts(answer.path("results").path(1).path("values")));
  }

  private static List<String> texts(JsonNode array) {
    return java.util.stream.StreamSupport.stream(array.spliterator(), false)
        .map(Api::text)
        .toList();
  }

  private void speed(Stage stage) {
    List<String> best = truth.bestCustomers(50);
    long[] micros = new long[READS];
    for (int i = 0; i < READS; i++) {
      long began = System.nanoTime();
      api.features("get_customer_features", "customer_id", best.get(i % best.size()));
      micros[i] = (System.nanoTime() - began) / 1000;
    }
    Arrays.sort(micros);
    stage.say(
        "  %s reads over HTTP, one after another: p50 %.2f ms, p99 %.2f ms"
            .formatted(
                Amounts.count(READS), micros[READS / 2] / 1e3, micros[READS * 99 / 100] / 1e3));
  }
}
