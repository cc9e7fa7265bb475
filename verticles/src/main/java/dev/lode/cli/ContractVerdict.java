package dev.lode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one contract found, in all files that were posted. */
final class ContractVerdict {
  private static final int RULES_SHOWN = 20;

  private final String table;
  private final Map<String, Rule> rules = new LinkedHashMap<>();
  private long received;
  private long rejected;

  /** {@code sample}: one of its records, and why. */
  private record Rule(String name, long records, String sample) {}

  ContractVerdict(String table) {
    this.table = table;
  }

  void add(Outcome outcome, JsonNode found) {
    received += outcome.received();
    rejected += found.path("rejected").asLong();
    for (JsonNode rule : found.path("rules")) {
      String where =
          "record %s of %s: ".formatted(rule.path("position").asText(), outcome.file().path());
      rules.merge(
          rule.path("rule").asText(),
          new Rule(
              rule.path("rule").asText(),
              rule.path("records").asLong(),
              where + rule.path("reason").asText()),
          (one, other) -> new Rule(one.name, one.records + other.records, one.sample));
    }
  }

  boolean rejectsAny() {
    return rejected > 0;
  }

  void print(Terminal terminal) {
    String accepted = Amounts.count(received - rejected);
    terminal
        .out()
        .printf("%s: %s accepted, %s quarantined%n", table, accepted, Amounts.count(rejected));
    rules.values().stream()
        .sorted(Comparator.comparingLong(Rule::records).reversed())
        .limit(RULES_SHOWN)
        .map(rule -> "  %s by rule %s, as %s".formatted(rule.records, rule.name, rule.sample))
        .forEach(terminal.out()::println);
  }

  void json(ObjectNode json) {
    json.put("table", table).put("accepted", received - rejected).put("rejected", rejected);
    ArrayNode all = json.putArray("rules");
    for (Rule rule : rules.values()) {
      all.addObject()
          .put("rule", rule.name)
          .put("records", rule.records)
          .put("sample", rule.sample);
    }
  }
}
