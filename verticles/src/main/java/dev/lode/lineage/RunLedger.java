package dev.lode.lineage;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static java.util.Objects.requireNonNull;

import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * {@code system.lineage_runs}: one row per commit of every other table and tenant whose rows it
 * touched, read off the tables' own history. Its watermarks say how far each was read, and move
 * with the rows.
 */
final class RunLedger {
  static final TableName TABLE = TableName.of("system.lineage_runs");
  static final int BATCH_COMMITS = 1000;
  private static final String POSTED = "lode.source.openlineage";
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "Whose rows were written; _system for none."),
              required("run_id", "UUID", "Names the run; follows from commit and tenant."),
              required("event_time", "TIMESTAMP WITH TIME ZONE", "When it was committed."),
              required("job", "VARCHAR", "The table that was written."),
              required("snapshot_id", "BIGINT", "The snapshot that it made."),
              optional("parent_id", "BIGINT", "The snapshot before it."),
              required("rows_added", "BIGINT", "The tenant's rows that it wrote."),
              required("inputs", "VARCHAR[]", "What it had consumed: table@snapshot."),
              required("event", "VARCHAR", "OpenLineage's RunEvent, JSON.")),
          List.of(),
          List.of(),
          "One OpenLineage run event per commit of every table, and tenant.");

  private final Lake lake;
  private final Predicate<TableName> owned;

  /**
   * @param owned the tables whose commits are recorded here
   */
  RunLedger(Lake lake, Predicate<TableName> owned) {
    this.lake = requireNonNull(lake, "lake is null");
    this.owned = requireNonNull(owned, "owned is null");
  }

  /** A snapshot of this table, and the events in it. */
  record Batch(long snapshotId, List<String> events) {}

  /**
   * Records what was committed since the last time, oldest first.
   *
   * @param posted noted with it: how far events were posted; null for nowhere
   * @return the commits recorded
   */
  int record(Long posted) {
    lake.ensure(SPEC);
    Optional<Snapshot> head = lake.head(TABLE);
    var rows = new ArrayList<Object[]>();
    int commits = 0;
    Progress progress =
        posted == null
            ? Progress.NONE
            : new Progress(Map.of(), Map.of(POSTED, posted.toString()), Map.of());
    for (TableName table : lake.tables()) {
      Long from = head.map(snapshot -> snapshot.watermark(table)).orElse(null);
      List<Snapshot> fresh = fresh(table, from, BATCH_COMMITS - commits);
      if (!fresh.isEmpty()) {
        fresh.forEach(snapshot -> events(snapshot).map(RunLedger::row).forEach(rows::add));
        commits += fresh.size();
        progress = progress.and(Progress.of(table, from, fresh.getLast().id()));
      }
    }
    if (!rows.isEmpty()) {
      lake.append(TABLE, rows, progress);
    }
    return commits;
  }

  private Stream<RunEvent> events(Snapshot snapshot) {
    var tenants = lake.rowsAdded(snapshot);
    long all = Long.parseLong(snapshot.summary().getOrDefault("added-records", "0"));
    return tenants.isEmpty()
        ? Stream.of(new RunEvent(snapshot, "_system", all))
        : tenants.entrySet().stream()
            .map(tenant -> new RunEvent(snapshot, tenant.getKey(), tenant.getValue()));
  }

  /** Runs recorded so far. */
  long runs() {
    return lake.exists(TABLE) ? lake.head(TABLE).map(Snapshot::rows).orElse(0L) : 0;
  }

  /** Commits not recorded yet, over all owned tables. */
  long behind() {
    Optional<Snapshot> head = lake.exists(TABLE) ? lake.head(TABLE) : Optional.empty();
    return lake.tables().stream()
        .mapToLong(
            table ->
                fresh(table, head.map(snapshot -> snapshot.watermark(table)).orElse(null), 10_000)
                    .size())
        .sum();
  }

  /** Oldest first, at most {@code max}. */
  private List<Snapshot> fresh(TableName table, Long from, int max) {
    if (table.layer().equals("system") || !owned.test(table) || max <= 0) {
      return List.of();
    }
    Optional<Snapshot> head = lake.head(table);
    if (head.isEmpty() || Long.valueOf(head.get().id()).equals(from)) {
      return List.of();
    }
    List<Snapshot> fresh =
        lake.history(table).stream()
            .takeWhile(snapshot -> !Long.valueOf(snapshot.id()).equals(from))
            .toList()
            .reversed();
    return fresh.subList(0, Math.min(max, fresh.size()));
  }

  private static Object[] row(RunEvent event) {
    var snapshot = event.snapshot();
    List<String> inputs =
        event.inputs().entrySet().stream()
            .map(input -> input.getKey() + "@" + input.getValue())
            .toList();
    return new Object[] {
      event.tenantId(),
      event.runId(),
      snapshot.committedAt(),
      event.job(),
      snapshot.id(),
      snapshot.parentId(),
      event.rowsAdded(),
      inputs,
      event.json().encode()
    };
  }

  /** How far events were known to be posted when the last were recorded; null for nowhere. */
  Long posted() {
    return lake.exists(TABLE)
        ? lake.head(TABLE)
            .map(snapshot -> snapshot.summary().get(POSTED))
            .map(Long::valueOf)
            .orElse(null)
        : null;
  }

  /** Tells the lake from which snapshot on events are still to be posted. */
  void needs(Long posted) {
    lake.positions().put("openlineage", posted == null ? Map.of() : Map.of(TABLE, posted));
  }

  /** The events of the commit that follows snapshot {@code after}; null for the first. */
  Optional<Batch> next(Long after) {
    Optional<Snapshot> head = lake.exists(TABLE) ? lake.head(TABLE) : Optional.empty();
    if (head.isEmpty() || Long.valueOf(head.get().id()).equals(after)) {
      return Optional.empty();
    }
    List<Snapshot> later =
        lake.history(TABLE).stream()
            .takeWhile(snapshot -> !Long.valueOf(snapshot.id()).equals(after))
            .toList();
    Snapshot next = later.getLast();
    try (Session session = lake.session()) {
      session.bind("runs", Slice.added(TABLE, next.parentId(), next.id()));
      var rows =
          session.query("SELECT event FROM runs ORDER BY event_time", Integer.MAX_VALUE).rows();
      return Optional.of(
          new Batch(next.id(), rows.stream().map(row -> (String) row.getFirst()).toList()));
    }
  }
}
