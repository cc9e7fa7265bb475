package dev.lode.http;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What became of replays whose callers did not wait, for all instances of the door; of each tenant
 * the last ones. Thread-safe.
 */
final class ReplayRuns implements Shareable {
  private static final String NAME = "lode.replays";

  private final int perTenantMax;

  /** By tenant and id; those that ended last come last. */
  private final Map<String, SequencedMap<String, ReplayRun>> tenants = new HashMap<>();

  private ReplayRuns(int perTenantMax) {
    this.perTenantMax = perTenantMax;
  }

  /** The same for all who share {@code vertx}. */
  static ReplayRuns of(Vertx vertx, int perTenantMax) {
    return vertx
        .sharedData()
        .<String, ReplayRuns>getLocalMap(NAME)
        .computeIfAbsent(NAME, first -> new ReplayRuns(perTenantMax));
  }

  /** Forgets one that has ended where there are too many; OWNER_BUSY where none has. */
  synchronized void begin(ReplayRun run) {
    var runs = tenants.computeIfAbsent(run.tenant(), first -> new LinkedHashMap<>());
    if (runs.size() >= perTenantMax && !forgetOne(runs)) {
      throw new Failure(
          ErrorCode.OWNER_BUSY,
          "Cannot POST %s: %d replays are under way (replay.remembered)"
              .formatted(run.path(), runs.size()));
    }
    runs.put(run.id(), run);
  }

  private static boolean forgetOne(Map<String, ReplayRun> runs) {
    Optional<ReplayRun> first = runs.values().stream().filter(run -> !run.isRunning()).findFirst();
    first.ifPresent(run -> runs.remove(run.id()));
    return first.isPresent();
  }

  synchronized void end(ReplayRun run) {
    tenants.get(run.tenant()).putLast(run.id(), run);
  }

  synchronized Optional<ReplayRun> find(String tenant, String id) {
    return Optional.ofNullable(tenants.getOrDefault(tenant, new LinkedHashMap<>()).get(id));
  }
}
