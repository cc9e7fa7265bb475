package dev.lode.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Part 6: what was known of each customer at each label's time, never later. */
final class TrainingPart implements Part {
  private static final List<String> FEATURES =
      List.of(
          "customer_features:total_orders",
          "customer_features:total_spent",
          "customer_features:avg_order_value");

  private final Api api;
  private final Shop shop;
  private final Truth truth;

  TrainingPart(Api api, Shop shop) {
    this.api = api;
    this.shop = shop;
    this.truth = new Truth(shop);
  }

  @Override
  public String title() {
    return "Training dataset: point-in-time correct, proven against a plain loop";
  }

  @Override
  public void show(Stage stage) {
    List<Map<String, Object>> labels = labels();
    JsonNode dataset =
        stage.timed(
            labels.size() + " labels, each joined with its customer's features as of then",
            () ->
                api.tool(
                    "get_training_dataset", Map.of("features", FEATURES, "entity_rows", labels)));
    stage.same("a row for each label", labels.size(), dataset.path("rows").size());
    stage.same("not one value from the future", 0L, wrong(labels, dataset));
    stage.rows(head(dataset, 5));
    parquet(stage);
  }

  private List<Map<String, Object>> labels() {
    var labels = new ArrayList<Map<String, Object>>();
    for (Customer customer : shop.customers()) {
      for (int daysAgo : new int[] {90, 45, 10}) {
        Instant at = shop.today().minus(Duration.ofDays(daysAgo)).plus(Duration.ofHours(12));
        labels.add(
            Map.of(
                "customer_id",
                customer.id(),
                "event_timestamp",
                at.toString(),
                "churned",
                daysAgo == 10 && customer.segment().equals("consumer")));
      }
    }
    return labels;
  }

  private long wrong(List<Map<String, Object>> labels, JsonNode dataset) {
    var columns = dataset.path("columns").findValuesAsText("name");
    long wrong = 0;
    for (int i = 0; i < labels.size(); i++) {
      JsonNode row = dataset.path("rows").path(i);
      var label = labels.get(i);
      List<String> expected =
          truth.customerAt(
              label.get("customer_id").toString(),
              Instant.parse(label.get("event_timestamp").toString()));
      List<String> found =
          FEATURES.stream().map(feature -> Api.text(row.path(column(columns, feature)))).toList();
      wrong += found.equals(expected) ? 0 : 1;
    }
    return wrong;
  }

  private static int column(List<String> columns, String feature) {
    int at = columns.indexOf(feature);
    return at < 0 ? columns.indexOf(feature.substring(feature.indexOf(':') + 1)) : at;
  }

  private static JsonNode head(JsonNode dataset, int rows) {
    var head = ((com.fasterxml.jackson.databind.node.ObjectNode) dataset).deepCopy();
    var all = head.putArray("rows");
    for (int i = 0; i < rows; i++) {
      all.add(dataset.path("rows").path(i));
    }
    return head;
  }

  private void parquet(Stage stage) {
    JsonNode file =
        stage.timed(
            "the same for every customer as of now, as a Parquet file",
            () ->
                api.tool(
                    "get_training_dataset", Map.of("features", FEATURES, "format", "parquet")));
    Path path = Path.of(file.path("path").asText());
    stage.check(
        file.path("row_count").asLong() + " rows in " + path.getFileName(),
        Files.isRegularFile(path),
        () -> "no file at " + path);
  }
}
