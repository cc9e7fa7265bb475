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

/**
 * The quality score of each entity: the share of valid records in its latest runs, each counted by
 * its records, so that a replay of one bad record weighs as one. Blocks.
 */
final class Scores {
  private static final TableName RESULTS = TableName.of("system.quality_results");
  private static final int TENANTS_MAX = 1000;
  private static final int ENTITIES_MAX = 10_000;

  private static final int STALE_SECONDS = 5;

  /** Of the latest runs, newest first, as many as judged so many records together. */
  private static final String SHARES =
      """
      SELECT entity, sum(checked - failed) / sum(checked)
      FROM (
        SELECT entity, checked, failed, sum(checked) OVER newest - checked AS newer
        FROM results
        WHERE rule = '*' AND checked > 0
        WINDOW newest AS (PARTITION BY entity ORDER BY "at" DESC, run_id ROWS UNBOUNDED PRECEDING))
      WHERE newer < 10000
      GROUP BY entity
      ORDER BY entity
      """;

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
      var latest = new LinkedHashMap<String, Double>();
      for (List<Object> row : session.query(SHARES, ENTITIES_MAX).rows()) {
        latest.put((String) row.getFirst(), ((Number) row.getLast()).doubleValue());
      }
      return latest;
    }
  }
}
