package dev.lode.codecs;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Safe, read-only questions to the tables of one tenant. */
public sealed interface Query extends Message {
  Address<Run, Result> RUN = new Address<>("query.run", Run.class, Result.class);
  Address<ListDatasets, Datasets> LIST =
      new Address<>("query.list", ListDatasets.class, Datasets.class);
  Address<Assess, Assessed> ASSESS = new Address<>("query.assess", Assess.class, Assessed.class);

  /**
   * One SELECT over the tenant's datasets; anything not provably allowed is refused.
   *
   * @param role what may be read: {@code admin} every layer, others silver, gold and platinum
   * @param asOf every dataset as it was then; null for now
   */
  record Run(String tenantId, String role, String sql, int rowsMax, Instant asOf) implements Query {
    /** As the datasets are now. */
    public Run(String tenantId, String role, String sql, int rowsMax) {
      this(tenantId, role, sql, rowsMax, null);
    }
  }

  /** {@code snapshots}: each table read, and the snapshot that the rows show. */
  record Result(
      String tenantId,
      List<Column> columns,
      List<List<Object>> rows,
      boolean truncated,
      Map<String, Long> snapshots)
      implements Query {
    public Result {
      columns = List.copyOf(columns);
      rows = rows.stream().map(Values::copy).toList();
      snapshots = Map.copyOf(snapshots);
    }
  }

  /** {@code name} null for all that {@code role} may read, else that one with its columns. */
  record ListDatasets(String tenantId, String role, String name) implements Query {}

  record Datasets(String tenantId, List<Dataset> datasets) implements Query {
    public Datasets {
      datasets = List.copyOf(datasets);
    }
  }

  /**
   * {@code rows} counts this tenant's; {@code snapshotId} is 0 and {@code committedAt} (ISO-8601)
   * is null where nothing was ever committed; {@code upstream}: table to snapshot id.
   */
  record Dataset(
      String name,
      String layer,
      String description,
      long rows,
      long snapshotId,
      String committedAt,
      List<Field> columns,
      List<String> key,
      Map<String, String> upstream) {
    public Dataset {
      columns = List.copyOf(columns);
      key = List.copyOf(key);
      upstream = Map.copyOf(upstream);
    }
  }

  /** A column of a dataset, and what it means. */
  record Field(String name, String type, boolean required, String description) {}

  /** Asks what rows of these snapshots (table to id) are worth. */
  record Assess(String tenantId, Map<String, Long> snapshots) implements Query {
    public Assess {
      snapshots = Map.copyOf(snapshots);
    }
  }

  /**
   * @param oldest when the oldest of the snapshots was committed; null where none is known
   * @param qualityScore 0..1, the lowest among the entities they were made from, each the share of
   *     valid records in its latest runs; null where unknown
   * @param degraded what could not be done of the tables that they are made of, one sentence each
   */
  record Assessed(String tenantId, Instant oldest, Double qualityScore, List<String> degraded)
      implements Query {
    public Assessed {
      degraded = List.copyOf(degraded);
    }
  }
}
