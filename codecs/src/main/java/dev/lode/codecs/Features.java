package dev.lode.codecs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Feature values online and offline, by one contract of meaning (feature-semantics). */
public sealed interface Features extends Message {
  Address<Read, Online> READ = new Address<>("features.read", Read.class, Online.class);
  Address<Push, Pushed> PUSH = new Address<>("features.push", Push.class, Pushed.class);
  Address<Train, Dataset> TRAIN = new Address<>("features.train", Train.class, Dataset.class);
  Address<Rebuild, Synced> REBUILD = new Address<>("features.rebuild", Rebuild.class, Synced.class);
  Topic<Synced> SYNCED = new Topic<>("features.synced", Synced.class);

  /**
   * @param features names {@code view:feature}; or one name alone: a feature service, or a view for
   *     all its features; order is kept
   * @param entities one map of entity key to value per row; order is kept. Where the features have
   *     one key, {@code entity_id} stands for it, whatever its name. A value is converted to the
   *     key's type where that loses nothing: {@code "17850"} finds 17850
   */
  record Read(String tenantId, List<String> features, List<Map<String, Object>> entities)
      implements Features {
    public Read {
      features = List.copyOf(features);
      entities = entities.stream().map(Values::copy).toList();
    }
  }

  /**
   * {@code features} resolved, in order; one row per asked entity. {@code snapshots}: view to
   * snapshot id.
   */
  record Online(String tenantId, List<String> features, List<Row> rows, Map<String, Long> snapshots)
      implements Features {
    public Online {
      features = List.copyOf(features);
      rows = List.copyOf(rows);
      snapshots = Map.copyOf(snapshots);
    }
  }

  /**
   * One entity's values, in the order of the features.
   *
   * @param values JSON values; null unless the status is PRESENT
   * @param statuses PRESENT, NULL_VALUE, NOT_FOUND, OUTSIDE_MAX_AGE, or INVALID: not to be computed
   * @param eventTimestamps of the chosen rows; null where there is none
   */
  record Row(
      Map<String, Object> entity,
      List<Object> values,
      List<String> statuses,
      List<Instant> eventTimestamps) {
    public Row {
      entity = Values.copy(entity);
      values = Values.copy(values);
      statuses = List.copyOf(statuses);
      eventTimestamps = Collections.unmodifiableList(new ArrayList<>(eventTimestamps));
    }
  }

  /**
   * Rows written to the online store and the offline table alike; each has its keys and event time.
   */
  record Push(String tenantId, String view, List<Map<String, Object>> rows) implements Features {
    public Push {
      rows = rows.stream().map(Values::copy).toList();
    }
  }

  record Pushed(String tenantId, String view, long rows, long snapshotId) implements Features {}

  /**
   * @param entityRows one map per row: entity keys, {@code event_timestamp}, extra columns kept;
   *     empty for the snapshot as of {@code end}, one row per entity
   * @param entitySql instead of rows, a SELECT that gives them; null for none
   * @param knownAsOf only what had been recorded by each row's time
   * @param end as of when, where no rows are given; null for now
   * @param parquet write a file and answer its path, else answer rows (at most
   *     features.training-rows-max)
   */
  record Train(
      String tenantId,
      List<String> features,
      List<Map<String, Object>> entityRows,
      String entitySql,
      boolean knownAsOf,
      Instant end,
      boolean parquet)
      implements Features {
    public Train {
      features = List.copyOf(features);
      entityRows = entityRows.stream().map(Values::copy).toList();
    }
  }

  /** {@code path} is null unless Parquet was asked for; then {@code rows} is empty. */
  record Dataset(
      String tenantId,
      List<Column> columns,
      List<List<Object>> rows,
      long rowCount,
      String path,
      Map<String, Long> snapshots)
      implements Features {
    public Dataset {
      columns = List.copyOf(columns);
      rows = rows.stream().map(Values::copy).toList();
      snapshots = Map.copyOf(snapshots);
    }
  }

  /**
   * Evaluates {@code view} for every entity of every tenant, whether or not its sources have moved,
   * records what differs, and puts all of it online again.
   */
  record Rebuild(String tenantId, String view) implements Features {}

  /**
   * The view's offline table is at {@code snapshotId}, and the online store shows the same rows.
   *
   * @param rows of the tenant that were recorded by this
   */
  record Synced(String tenantId, String view, long snapshotId, long rows) implements Features {}
}
