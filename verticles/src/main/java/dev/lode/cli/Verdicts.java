package dev.lode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** What the contracts found of the files that landed; nothing where nobody was asked. */
final class Verdicts {
  private final Map<String, ContractVerdict> contracts = new TreeMap<>();
  private String table = "";
  private String hint = "";
  private boolean uncontracted;
  private boolean late;

  void add(Outcome outcome, JsonNode verdict) {
    boolean judged = verdict.path("judged").asBoolean();
    table = outcome.table();
    late |= !judged;
    uncontracted |= judged && verdict.path("contracts").isEmpty();
    hint = verdict.path("hint").isTextual() ? verdict.path("hint").asText() : hint;
    for (JsonNode found : verdict.path("contracts")) {
      contracts
          .computeIfAbsent(found.path("table").asText(), ContractVerdict::new)
          .add(outcome, found);
    }
  }

  /** Something is not as it should be: rejected, or not judged in time. */
  boolean isBad() {
    return late || contracts.values().stream().anyMatch(ContractVerdict::rejectsAny);
  }

  void print(Terminal terminal) {
    contracts.values().forEach(found -> found.print(terminal));
    if (uncontracted) {
      String meant = hint.isEmpty() ? "" : " (did you mean " + hint + "?)";
      warn(terminal, "No contract reads " + table + meant + ": its records stay in Bronze");
    }
    if (late) {
      warn(terminal, "Silver has not judged all of it in time: see ./lode tables, or --wait more");
    }
  }

  private static void warn(Terminal terminal, String text) {
    terminal.err().println(terminal.yellow(text));
  }

  void json(ObjectNode json) {
    ArrayNode all = json.putArray("contracts");
    contracts.values().forEach(found -> found.json(all.addObject()));
    json.put("judged", !late);
  }
}
