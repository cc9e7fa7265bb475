package dev.lode.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A replay or rebuild whose caller did not wait for it.
 *
 * @param path that was posted to
 * @param endedAt null while it runs
 * @param answer as the caller would have had it; null unless it is done
 * @param problem likewise; null unless it failed
 */
record ReplayRun(
    String id,
    String tenant,
    String path,
    Instant beganAt,
    Instant endedAt,
    Object answer,
    Map<String, Object> problem) {

  ReplayRun {
    requireNonNull(id, "id is null");
    requireNonNull(beganAt, "beganAt is null");
  }

  ReplayRun done(Instant now, Object with) {
    return new ReplayRun(id, tenant, path, beganAt, now, with, null);
  }

  ReplayRun failed(Instant now, Map<String, Object> with) {
    return new ReplayRun(id, tenant, path, beganAt, now, null, with);
  }

  boolean isRunning() {
    return endedAt == null;
  }

  Map<String, Object> json(Instant now) {
    var json = new LinkedHashMap<String, Object>();
    json.put("id", id);
    json.put("state", isRunning() ? "running" : problem == null ? "done" : "failed");
    json.put("path", path);
    json.put("began_at", beganAt);
    json.put("millis", Duration.between(beganAt, isRunning() ? now : endedAt).toMillis());
    json.put("answer", answer);
    json.put("problem", problem);
    return json;
  }
}
