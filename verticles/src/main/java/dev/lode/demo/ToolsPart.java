package dev.lode.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.cli.Amounts;
import dev.lode.cli.Refused;
import dev.lode.cli.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Part 5: what an agent sees: the tools, one question worked through, and what is refused. */
final class ToolsPart implements Part {
  private static final List<String> NEEDED =
      List.of(
          "vector_search",
          "search_and_retrieve",
          "get_customer_features",
          "get_product_features",
          "get_features",
          "get_training_dataset",
          "trace_lineage",
          "run_sql",
          "list_datasets",
          "describe_dataset");

  private final Api api;
  private final Shop shop;

  ToolsPart(Api api, Shop shop) {
    this.api = api;
    this.shop = shop;
  }

  @Override
  public String title() {
    return "Agent tools: search, features, SQL and lineage behind one manifest";
  }

  @Override
  public void show(Stage stage) {
    manifest(stage);
    churn(stage);
    refused(stage);
    lineage(stage);
  }

  private void manifest(Stage stage) {
    var names = new ArrayList<String>();
    api.client()
        .get("/v1/tools")
        .path("tools")
        .forEach(tool -> names.add(tool.path("name").asText()));
    stage.passage("", String.join(", ", names));
    stage.check("every tool is there", names.containsAll(NEEDED), () -> "found " + names);
    JsonNode openai = api.client().get("/v1/tools?format=openai").path("tools");
    stage.same("as functions of OpenAI too", names.size(), openai.size());
  }

  private void churn(Stage stage) {
    stage.say("An agent asks: which good customers are about to leave, and what are they worth?");
    JsonNode answer =
        stage.timed(
            "search_and_retrieve: notes by meaning, with the features of who wrote them",
            () ->
                api.client()
                    .tool(
                        "search_and_retrieve",
                        Map.of(
                            "namespace",
                            "support_notes",
                            "query",
                            "I will close my account and buy elsewhere",
                            "top_k",
                            5,
                            "features",
                            List.of("customer_features:total_spent"))));
    JsonNode results = answer.path("data").path("results");
    for (JsonNode result : results) {
      stage.passage(
          "%-5s spent %9s "
              .formatted(
                  result.path("metadata").path("customer_id").asText(),
                  Api.text(result.path("features").path("customer_features:total_spent"))),
          result.path("text").asText());
    }
    stage.check(
        "each comes with features and with its lineage",
        results.size() == 5
            && results.findValues("lineage_id").stream().noneMatch(JsonNode::isNull)
            && results.findValues("customer_features:total_spent").size() == 5,
        () -> "found " + results);
    stage.say(
        "  as of %s ago, from %s"
            .formatted(
                Amounts.time(answer.path("freshness_ms").asLong()),
                answer.path("lineage").path("snapshots").properties().stream()
                    .map(Map.Entry::getKey)
                    .toList()));
  }

  private void refused(Stage stage) {
    stage.say("What is not provably a harmless question is refused, with a hint:");
    for (String sql :
        List.of("DROP TABLE silver.invoice", "SELECT * FROM read_csv('/etc/passwd')")) {
      String hint = refusal(sql);
      stage.check(sql, !hint.isEmpty(), () -> "was answered");
      stage.passage(" ", hint);
    }
  }

  /** Empty where it was not refused. */
  private String refusal(String sql) {
    try {
      api.sql(sql);
      return "";
    } catch (Refused e) {
      return e.getMessage() + " " + e.hint();
    }
  }

  private void lineage(Stage stage) {
    stage.say("Where does a customer's figure come from? Down from the raw bytes:");
    Invoice invoice = shop.ledger().standing().iterator().next();
    JsonNode graph =
        stage.timed(
            "trace_lineage of silver.invoice " + invoice.id(),
            () ->
                api.tool(
                    "trace_lineage",
                    Map.of("table", "silver.invoice", "key", Map.of("invoice_id", invoice.id()))));
    new Tree(graph)
        .lines(stage.terminal()).stream().limit(16).forEach(line -> stage.say("  " + line));
    stage.check(
        "its Bronze record holds the bytes that were sent",
        graph.path("nodes").findValues("payload").stream()
            .anyMatch(payload -> payload.asText().contains(invoice.id())),
        () -> "found " + graph);
  }
}
