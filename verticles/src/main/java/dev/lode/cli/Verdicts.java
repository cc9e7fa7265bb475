package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** What the contracts found of the files that landed, once Silver has seen their records. */
final class Verdicts {
  private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();
  private static final int RULES_SHOWN = 20;

  private final Map<String, Found> contracts = new TreeMap<>();
  private String table = "";
  private String hint;
  private boolean uncontracted;
  private boolean late;

  /** By one contract, in all files. */
  private static final class Found {
    private final Map<String, Rule> rules = new LinkedHashMap<>();
    private long received;
    private long rejected;
  }

  /** {@code sample}: one of its records, and why. */
  private record Rule(String name, long records, String sample) {}

  private Verdicts() {}

  /** Asks for each until it is judged, or the time is up. */
  static Verdicts of(Client client, String path, List<Outcome> outcomes, Duration patience) {
    requireNonNull(client, "client is null");
    var verdicts = new Verdicts();
    long end = System.nanoTime() + patience.toNanos();
    for (Outcome outcome : outcomes) {
      if (!outcome.isFailed() && outcome.received() > 0) {
        verdicts.add(outcome, judged(client, path, outcome, end));
      }
    }
    return verdicts;
  }

  /** Nobody was asked. */
  static Verdicts none() {
    return new Verdicts();
  }

  private static JsonNode judged(Client client, String path, Outcome outcome, long end) {
    String batch = "%s/%s?snapshot_id=%s".formatted(path, outcome.batchId(), outcome.snapshotId());
    JsonNode verdict = client.get(batch);
    while (!verdict.path("judged").asBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(POLL_NANOS);
      verdict = client.get(batch);
    }
    return verdict;
  }

  private void add(Outcome outcome, JsonNode verdict) {
    table = outcome.table();
    late |= !verdict.path("judged").asBoolean();
    uncontracted |= verdict.path("judged").asBoolean() && verdict.path("contracts").isEmpty();
    hint = verdict.path("hint").asText(hint);
    for (JsonNode contract : verdict.path("contracts")) {
      Found found = contracts.computeIfAbsent(contract.path("table").asText(), name -> new Found());
      found.received += outcome.received();
      found.rejected += contract.path("rejected").asLong();
      contract.path("rules").forEach(rule -> add(found, rule, outcome));
    }
  }

  private static void add(Found found, JsonNode rule, Outcome outcome) {
    String sample =
        "record %d of %s: %s"
            .formatted(
                rule.path("position").asLong(),
                outcome.file().path(),
                rule.path("reason").asText());
    found.rules.merge(
        rule.path("rule").asText(),
        new Rule(rule.path("rule").asText(), rule.path("records").asLong(), sample),
        (one, other) -> new Rule(one.name, one.records + other.records, one.sample));
  }

  /** Something is not as it should be: rejected, or not judged in time. */
  boolean isBad() {
    return late || contracts.values().stream().anyMatch(found -> found.rejected > 0);
  }

  void print(Terminal terminal) {
    contracts.forEach((name, found) -> print(terminal, name, found));
    if (uncontracted) {
      String meant = hint == null || hint.equals("null") ? "" : " (did you mean " + hint + "?)";
      terminal
          .err()
          .println(
              terminal.yellow(
                  "No contract reads %s%s: its records stay in Bronze".formatted(table, meant)));
    }
    if (late) {
      terminal
          .err()
          .println(
              terminal.yellow(
                  "Silver has not judged all of it in time: see ./lode tables, or --wait longer"));
    }
  }

  private static void print(Terminal terminal, String name, Found found) {
    terminal
        .out()
        .printf(
            "%s: %s accepted, %s quarantined%n",
            name, Amounts.count(found.received - found.rejected), Amounts.count(found.rejected));
    found.rules.values().stream()
        .sorted(Comparator.comparingLong(Rule::records).reversed())
        .limit(RULES_SHOWN)
        .forEach(
            rule ->
                terminal
                    .out()
                    .printf(
                        "  %s by rule %s, as %s%n",
                        Amounts.count(rule.records), rule.name, rule.sample));
  }

  void json(ObjectNode json) {
    ArrayNode all = json.putArray("contracts");
    contracts.forEach(
        (name, found) -> {
          ObjectNode one = all.addObject();
          one.put("table", name);
          one.put("accepted", found.received - found.rejected);
          one.put("rejected", found.rejected);
          ArrayNode rules = one.putArray("rules");
          for (Rule rule : new ArrayList<>(found.rules.values())) {
            rules
                .addObject()
                .put("rule", rule.name)
                .put("records", rule.records)
                .put("sample", rule.sample);
          }
        });
    json.put("judged", !late);
  }
}
