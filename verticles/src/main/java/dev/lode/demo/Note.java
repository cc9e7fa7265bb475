package dev.lode.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a customer wrote to the support desk.
 *
 * @param topic what it is about; known here alone, never sent
 */
record Note(
    String id,
    String topic,
    String customerId,
    Product product,
    String subject,
    String body,
    int rating,
    Instant createdAt) {

  static List<Note> some(int count, List<Invoice> invoices, Dice dice, Instant today) {
    JsonNode texts = Texts.read("notes.yaml");
    List<String> greetings = Texts.list(texts.path("greetings"));
    var topics = texts.path("topics").properties().stream().toList();
    var notes = new ArrayList<Note>();
    for (int i = 1; i <= count; i++) {
      var topic = topics.get(i % topics.size());
      Invoice invoice = dice.one(invoices);
      int days = dice.between(1, 40);
      notes.add(
          new Note(
              "N-" + i,
              topic.getKey(),
              invoice.customerId(),
              invoice.product(),
              any(topic.getValue(), "subjects", dice),
              body(dice.one(greetings), topic.getValue(), dice)
                  .replace("{product}", invoice.product().name())
                  .replace("{days}", "" + (days + dice.between(2, 9))),
              Integer.parseInt(any(topic.getValue(), "ratings", dice)),
              today.minus(Duration.ofDays(days)).plusSeconds(dice.between(0, 80_000))));
    }
    return notes;
  }

  private static String body(String greeting, JsonNode topic, Dice dice) {
    return String.join(
        " ",
        greeting,
        any(topic, "problems", dice),
        any(topic, "consequences", dice),
        any(topic, "wishes", dice));
  }

  private static String any(JsonNode topic, String part, Dice dice) {
    return dice.one(Texts.list(topic.path(part)));
  }

  Map<String, Object> row() {
    var row = new LinkedHashMap<String, Object>();
    row.put("note_id", id);
    row.put("customer_id", customerId);
    row.put("product_id", product.id());
    row.put("subject", subject);
    row.put("body", body);
    row.put("rating", rating);
    row.put("created_at", createdAt.toString());
    row.put("updated_at", createdAt.toString());
    return row;
  }

  /** The note is taken back. */
  Map<String, Object> withdrawn(Instant at) {
    var row = new LinkedHashMap<String, Object>();
    row.put("note_id", id);
    row.put("updated_at", at.toString());
    row.put("deleted", true);
    return row;
  }
}
