package dev.lode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a running Lode to make again what it has, where it is.
 *
 * @param client of that Lode
 * @param terminal where what is under way is shown
 */
record InPlace(Client client, Terminal terminal) {
  private static final int UNAUTHORISED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

  /**
   * What is made again, by whom it is asked of.
   *
   * @param kind of what it makes
   * @param path of the request
   * @param body of it
   */
  record Step(String kind, String name, String path, Map<String, Object> body) {
    static Step entity(String name, Map<String, Object> body) {
      return new Step("entity", name, "/v1/replay/" + name, body);
    }

    static Step mart(String name) {
      return rebuild("mart", "marts", name);
    }

    static Step vectors(String name) {
      return rebuild("vectors", "vectors", name);
    }

    static Step features(String name) {
      return rebuild("features", "features", name);
    }

    private static Step rebuild(String kind, String layer, String name) {
      return new Step(kind, name, "/v1/%s/%s/rebuild".formatted(layer, name), Map.of());
    }
  }

  /** Waits for it, however long it takes. */
  JsonNode run(Step step) {
    JsonNode begun = client.begin(step.path, step.body);
    return begun.has("state") ? ended(step, begun) : begun;
  }

  private JsonNode ended(Step step, JsonNode begun) {
    var line = new Underway(terminal, step.kind + " " + step.name);
    JsonNode now = begun;
    try {
      while (now.path("state").asText().equals("running")) {
        line.show();
        LockSupport.parkNanos(POLL_NANOS);
        now = asked(step, begun.path("id").asText());
      }
    } finally {
      line.clear();
    }
    if (now.path("state").asText().equals("done")) {
      return now.path("answer");
    }
    JsonNode problem = now.path("problem");
    throw Client.refused(URI.create(step.path), problem.path("status").asInt(), problem);
  }

  private JsonNode asked(Step step, String id) {
    try {
      return client.get("/v1/replays/" + id);
    } catch (Refused e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
      throw new Refused(
          Refused.BROKEN,
          "Cannot follow %s %s: this Lode does not know of it, so it was started anew meanwhile"
              .formatted(step.kind, step.name),
          "Run the same command again: a second time changes nothing.");
    }
  }

  /**
   * As {@link #run}; where there is nothing to make it from yet, or it fails, an answer that says
   * so: the others are none the worse. Refused where no other would be answered either.
   */
  JsonNode tried(Step step) {
    try {
      return run(step);
    } catch (Refused e) {
      if (e.status() <= 0 || e.status() == UNAUTHORISED || e.status() == FORBIDDEN) {
        throw e;
      }
      var answer = Client.JSON.createObjectNode();
      return e.status() == NOT_FOUND
          ? answer.put("name", step.name).put("note", e.getMessage())
          : answer
              .put("name", step.kind + " " + step.name)
              .put("published", false)
              .put("note", "failed: " + e.getMessage());
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
