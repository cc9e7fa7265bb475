package dev.lode.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.cli.Terminal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Part 2: search by meaning, by words and by both; filters; a note taken back. */
final class VectorsPart implements Part {
  private static final String NOTES = "support_notes";

  private final Api api;
  private final Shop shop;
  private final Map<String, String> topics;

  VectorsPart(Api api, Shop shop) {
    this.api = api;
    this.shop = shop;
    this.topics = shop.notes().stream().collect(Collectors.toMap(Note::id, Note::topic));
  }

  @Override
  public String title() {
    return "Vectors: search by meaning, filters, passages for a prompt";
  }

  @Override
  public void show(Stage stage) {
    stage.say("Questions in words that the notes do not use:");
    meaning(stage, "the package is late", "delivery");
    meaning(stage, "they took the money twice", "billing");
    meaning(stage, "customer threatens to switch to a competitor", "leaving");
    products(stage);
    filters(stage);
    words(stage);
    passages(stage);
    withdraw(stage);
  }

  private void meaning(Stage stage, String query, String topic) {
    List<JsonNode> hits =
        stage.timed(
            "“" + query + "”",
            () -> api.hits(Map.of("namespace", NOTES, "query", query, "top_k", 3)));
    hits.forEach(hit -> show(stage, hit));
    long right = hits.stream().filter(hit -> topic.equals(topics.get(id(hit)))).count();
    stage.check("all 3 are about " + topic, right == 3, () -> right + " are, of " + hits.size());
  }

  private static void show(Stage stage, JsonNode hit) {
    stage.passage("%.2f".formatted(hit.path("score").asDouble()), hit.path("text").asText());
  }

  private static String id(JsonNode hit) {
    return hit.path("id").asText().replaceFirst("#\\d+$", "");
  }

  private void products(Stage stage) {
    String query = "something to keep a drink warm while commuting";
    List<JsonNode> hits =
        stage.timed(
            "among products: “" + query + "”",
            () -> api.hits(Map.of("namespace", "products", "query", query, "top_k", 1)));
    hits.forEach(hit -> show(stage, hit));
    stage.same(
        "that is the travel mug", List.of("P-1"), hits.stream().map(VectorsPart::id).toList());
  }

  private void filters(Stage stage) {
    Product product = shop.products().getFirst();
    var filter =
        Map.of(
            "and",
            List.of(
                Map.of("product_id", Map.of("eq", product.id())),
                Map.of("rating", Map.of("range", Map.of("lte", 2)))));
    var search =
        Map.of("namespace", NOTES, "query", "not satisfied", "top_k", 100, "filter", filter);
    List<String> found =
        stage.timed(
            "unhappy notes on the " + product.name() + " only, by filter",
            () -> api.hits(search).stream().map(VectorsPart::id).sorted().toList());
    List<String> matching =
        shop.notes().stream()
            .filter(note -> note.product().equals(product) && note.rating() <= 2)
            .map(Note::id)
            .sorted()
            .toList();
    found = found.stream().filter(topics::containsKey).toList();
    stage.same(
        "every one of the " + matching.size() + " that match, and no other", matching, found);
  }

  private void words(Stage stage) {
    var search =
        Map.<String, Object>of(
            "namespace", NOTES, "query", "dishwasher leaflet", "top_k", 5, "mode", "hybrid");
    List<JsonNode> hits =
        stage.timed("“dishwasher leaflet”, by meaning and by words", () -> api.hits(search));
    show(stage, hits.getFirst());
    stage.check(
        "all 5 hold one of the words",
        hits.stream()
            .allMatch(hit -> hit.path("text").asText().matches("(?is).*(dishwasher|leaflet).*")),
        () -> "found " + hits);
  }

  private void passages(Stage stage) {
    String question = "What do customers complain about when a box arrives?";
    stage.say("Passages for a prompt, each with the record it comes from:");
    api.hits(Map.of("namespace", NOTES, "query", question, "top_k", 2))
        .forEach(
            hit ->
                stage.passage(
                    "[" + hit.path("lineage_id").asText() + "]", hit.path("text").asText()));
  }

  private void withdraw(Stage stage) {
    Note note = shop.notes().getLast();
    api.ingest("helpdesk", "support_note", List.of(note.withdrawn(shop.now())));
    var search =
        Map.<String, Object>of(
            "namespace", NOTES, "query", Terminal.clipped(note.body(), 200), "top_k", 1000);
    stage.becomes(
        "a note that its author takes back is no longer found",
        false,
        () -> api.hits(search).stream().anyMatch(hit -> id(hit).equals(note.id())));
  }
}
