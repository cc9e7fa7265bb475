package dev.lode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks a running Lode to make again what it has, where it is.
 *
 * @param client of that Lode
 */
record InPlace(Client client) {
  private static final int NOT_FOUND = 404;

  /**
   * What is made again, by whom it is asked of.
   *
   * @param path of the request
   * @param body of it
   */
  record Step(String name, String path, Map<String, Object> body) {
    static Step entity(String name, Map<String, Object> body) {
      return new Step(name, "/v1/replay/" + name, body);
    }

    static Step mart(String name) {
      return rebuild("marts", name);
    }

    static Step vectors(String name) {
      return rebuild("vectors", name);
    }

    static Step features(String name) {
      return rebuild("features", name);
    }

    private static Step rebuild(String layer, String name) {
      return new Step(name, "/v1/%s/%s/rebuild".formatted(layer, name), Map.of());
    }
  }

  JsonNode run(Step step) {
    return client.post(step.path, step.body);
  }

  /** As {@link #run}; where there is nothing to make it from yet, an answer that says so. */
  JsonNode tried(Step step) {
    try {
      return run(step);
    } catch (Refused e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
      return Client.JSON.createObjectNode().put("name", step.name).put("note", e.getMessage());
    }
  }

  /** Everything, what others are made of first. */
  List<Step> all() {
    JsonNode state = client.get("/v1/dashboard");
    var steps = new ArrayList<Step>();
    state
        .at("/layers/silver/entities")
        .fieldNames()
        .forEachRemaining(entity -> steps.add(Step.entity(entity, Map.of())));
    state
        .at("/layers/gold/marts")
        .forEach(mart -> steps.add(Step.mart(mart.path("name").asText().replace("gold.", ""))));
    state
        .at("/vector_store/namespaces")
        .forEach(namespace -> steps.add(Step.vectors(namespace.path("namespace").asText())));
    for (JsonNode view : state.at("/feature_store/views")) {
      if (!view.path("source").asText().equals("push")) {
        steps.add(Step.features(view.path("name").asText()));
      }
    }
    return steps;
  }

  /** Whether it is done. */
  static boolean isDone(JsonNode answer) {
    return answer.path("published").asBoolean(true);
  }

  /** One line of it. */
  static String line(JsonNode answer) {
    if (answer.has("table")) {
      return "%s: %s read, %s accepted, %s rejected"
              .formatted(
                  text(answer, "table"),
                  count(answer, "read"),
                  count(answer, "accepted"),
                  count(answer, "rejected"))
          + note(answer);
    }
    if (answer.has("mart")) {
      return isDone(answer)
          ? "gold.%s: %s rows".formatted(text(answer, "mart"), count(answer, "rows"))
          : "gold.%s: not published, the old rows stay: %s"
              .formatted(text(answer, "mart"), text(answer, "reason"));
    }
    if (answer.has("namespace")) {
      return "vectors %s: %s texts embedded, %s reused, %s documents removed"
          .formatted(
              text(answer, "namespace"),
              count(answer, "embedded"),
              count(answer, "reused"),
              count(answer, "removed"));
    }
    return answer.has("view")
        ? "features %s: %s rows differed".formatted(text(answer, "view"), count(answer, "rows"))
        : text(answer, "name") + note(answer);
  }

  private static String note(JsonNode answer) {
    return answer.path("note").isTextual() ? " (" + text(answer, "note") + ")" : "";
  }

  private static String text(JsonNode answer, String field) {
    return answer.path(field).asText();
  }

  private static String count(JsonNode answer, String field) {
    return Amounts.count(answer.path(field).asLong());
  }
}
