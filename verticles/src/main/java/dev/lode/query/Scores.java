package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The latest quality score of each entity, as Silver wrote them. Blocks. */
final class Scores {
  private static final TableName RESULTS = TableName.of("system.quality_results");
  private static final int TENANTS_MAX = 1000;
  private static final int ENTITIES_MAX = 10_000;

  private static final int STALE_SECONDS = 5;

  private final Lake lake;
  private final Clock clock;
  private final Recent<Seen, Map<String, Double>> scores = new Recent<>(TENANTS_MAX);

  Scores(Lake lake, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** Results come every second under load: they are read again after some only. */
  private record Seen(String tenantId, long period) {}

  /** Entity to score, 0..1. */
  Map<String, Double> latest(String tenantId) {
    long period = clock.instant().getEpochSecond() / STALE_SECONDS;
    return scores.of(new Seen(tenantId, period), this::read);
  }

  private Map<String, Double> read(Seen seen) {
    if (!lake.exists(RESULTS)) {
      return Map.of();
    }
    try (Session session = lake.session()) {
      session.bind("results", Slice.now(RESULTS).tenant(seen.tenantId()));
      var rows =
          session.query(
              "SELECT entity, arg_max(score, \"at\") FROM results WHERE rule = '*'"
                  + " GROUP BY entity ORDER BY entity",
              ENTITIES_MAX);
      var latest = new LinkedHashMap<String, Double>();
      for (List<Object> row : rows.rows()) {
        if (row.getLast() instanceof Number score) {
          latest.put((String) row.getFirst(), score.doubleValue());
        }
      }
      return latest;
    }
  }
}
