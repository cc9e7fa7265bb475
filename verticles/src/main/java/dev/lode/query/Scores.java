package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The latest quality score of each entity, as Silver wrote them. Blocks. */
final class Scores {
  private static final TableName RESULTS = TableName.of("system.quality_results");
  private static final int TENANTS_MAX = 1000;
  private static final int ENTITIES_MAX = 10_000;

  private final Lake lake;
  private final Recent<Seen, Map<String, Double>> scores = new Recent<>(TENANTS_MAX);

  Scores(Lake lake) {
    this.lake = requireNonNull(lake, "lake is null");
  }

  private record Seen(String tenantId, long snapshotId) {}

  /** Entity to score, 0..1. */
  Map<String, Double> latest(String tenantId) {
    if (!lake.exists(RESULTS)) {
      return Map.of();
    }
    return lake.head(RESULTS)
        .map(Snapshot::id)
        .map(id -> scores.of(new Seen(tenantId, id), this::read))
        .orElse(Map.of());
  }

  private Map<String, Double> read(Seen seen) {
    try (Session session = lake.session()) {
      session.bind("results", Slice.at(RESULTS, seen.snapshotId()).tenant(seen.tenantId()));
      var rows =
          session.query(
              "SELECT entity, arg_max(score, run_at) FROM results GROUP BY entity ORDER BY entity",
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
