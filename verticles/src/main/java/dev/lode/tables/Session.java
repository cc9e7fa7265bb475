package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * A private workspace in the engine: its own connection, schemas and temporary tables. Slices are
 * bound to names, SQL runs over them, and a SELECT becomes a commit. Not thread-safe; close it.
 */
public final class Session implements AutoCloseable {
  private final Ground ground;
  private final Catalog catalog;
  private final Planner planner;
  private final Workspace workspace;
  private final Hold hold;
  private final boolean guarded;

  /** Null where every write is a commit of its own. */
  private Transaction transaction;

  private final Map<TableName, LakeTable.State> pinned = new HashMap<>();

  /** View to the tables that it refers to. */
  private final Map<String, List<String>> bound = new HashMap<>();

  private final List<RecentChanges.Change> held = new ArrayList<>();

  /** A guarded query is parsed by who checks it and by who runs it. */
  private final Map<String, Statement> parsed = new HashMap<>();

  /** What all sessions of a lake share. */
  record Ground(
      Catalog catalog, Planner planner, KeyIndexes indexes, Latest latest, RecentChanges changes) {
    Ground {
      requireNonNull(catalog, "catalog is null");
      requireNonNull(planner, "planner is null");
      requireNonNull(indexes, "indexes is null");
      requireNonNull(latest, "latest is null");
      requireNonNull(changes, "changes is null");
    }
  }

  Session(Ground ground, Workspace workspace, boolean guarded) {
    this.ground = ground;
    this.catalog = ground.catalog;
    this.planner = ground.planner;
    this.workspace = requireNonNull(workspace, "workspace is null");
    this.hold = catalog.holds().open();
    this.guarded = guarded;
  }

  /**
   * From now on these are bound as they are at this moment, all at the same one: a transaction of
   * this process is seen in all of them or in none.
   */
  public void pin(Collection<TableName> tables) {
    pinned.putAll(catalog.states(tables));
  }

  /**
   * Binds {@code slice} as a view; {@code name} is {@code x} or {@code schema.x} (made when
   * missing). Returns the snapshot that the view shows; null where nothing was ever committed: the
   * view is empty then.
   */
  public Snapshot bind(String name, Slice slice) {
    return bind(name, slice, null);
  }

  /** As {@link #bind(String, Slice)}, of the rows for which the SQL {@code condition} is true. */
  public Snapshot bind(String name, Slice slice, String condition) {
    LakeTable.State pin = pinned.get(slice.table());
    LakeTable lakeTable = pin == null ? catalog.fresh(slice.table()) : catalog.table(slice.table());
    LakeTable.State state = pin == null ? lakeTable.state() : pin;
    Snapshot shown = shown(lakeTable, state, slice);
    var views = new Views(workspace);
    String select =
        shown == null || slice.kind() != Slice.Kind.CHANGED || slice.from() == null || guarded
            ? select(views, state, slice, shown)
            : changed(views, state, slice, shown);
    show(
        name,
        condition == null ? select : "SELECT * FROM (%s) WHERE %s".formatted(select, condition),
        views);
    return shown;
  }

  private String select(Views views, LakeTable.State state, Slice slice, Snapshot shown) {
    Table table = state.table();
    List<FileRows> rows =
        shown == null ? List.of() : planner.plan(table, slice, planned(state, slice, shown));
    var schema =
        slice.kind() == Slice.Kind.AS_OF && shown != null
            ? SnapshotUtil.schemaFor(table, shown.id())
            : table.schema();
    return views.select(schema, rows, slice.ranges(), slice.kind() == Slice.Kind.CHANGED);
  }

  /** From memory, where all that changed has room there. */
  private String changed(Views views, LakeTable.State state, Slice slice, Snapshot shown) {
    var schema = state.table().schema();
    var change =
        new RecentChanges.Change(slice.table(), schema.schemaId(), slice.from(), shown.id());
    var all = Slice.changed(slice.table(), slice.from(), shown.id());
    var copy = ground.changes().hold(workspace, change, () -> select(views, state, all, shown));
    if (copy.isEmpty()) {
      return select(views, state, slice, shown);
    }
    held.add(change);
    var conditions = Ranges.conditions(schema, slice.ranges());
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    return "SELECT * FROM " + copy.get() + where;
  }

  /** Binds the rows that are live now and have one of the keys, as a view. */
  public void bind(String name, KeyLookup lookup) {
    LakeTable lakeTable = catalog.table(lookup.table());
    var rows = new KeyRows(workspace, ground, lookup).find(lakeTable);
    var views = new Views(workspace);
    show(name, views.select(lakeTable.readable().schema(), rows, List.of(), false), views);
  }

  private void show(String name, String select, Views views) {
    workspace.execute("CREATE OR REPLACE VIEW " + made(name) + " AS " + select);
    List<String> replaced = bound.put(name, views.tables());
    if (replaced != null) {
      replaced.forEach(unused -> workspace.execute("DROP TABLE " + unused));
    }
  }

  private static Snapshot shown(LakeTable lakeTable, LakeTable.State state, Slice slice) {
    Snapshot head = state.head().orElse(null);
    if (slice.snapshot() == null || (head != null && head.id() == slice.snapshot())) {
      return head;
    }
    var shown = state.table().snapshot(slice.snapshot());
    if (shown == null) {
      throw new Failure(
          ErrorCode.NOT_FOUND,
          "No snapshot %d of %s".formatted(slice.snapshot(), slice.table()),
          "Leave the snapshot out for the current one.");
    }
    return lakeTable.snapshot(shown);
  }

  /** The rows of the head are read where compactions have put them since. */
  private static long planned(LakeTable.State state, Slice slice, Snapshot shown) {
    boolean isHead = state.head().orElseThrow().id() == shown.id();
    return isHead && slice.kind() == Slice.Kind.AT
        ? state.table().currentSnapshot().snapshotId()
        : shown.id();
  }

  private String made(String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      return Sql.name(name);
    }
    String schema = Sql.name(name.substring(0, dot));
    workspace.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
    return schema + "." + Sql.name(name.substring(dot + 1));
  }

  /**
   * Runs one statement for its effect: temporary tables, macros. Returns the rows that it wrote,
   * where it writes rows.
   */
  public long execute(String sql) {
    write();
    return workspace.execute(sql);
  }

  /** Runs one query; at most {@code rowsMax} rows come back. A guarded session refuses the rest. */
  public Rows query(String sql, int rowsMax, Object... parameters) {
    if (guarded) {
      parse(sql);
    }
    return workspace.query(sql, rowsMax, parameters);
  }

  /** The engine's plan of a query, without names of the house. */
  public Rows explain(String sql) {
    parse(sql);
    Rows plan = workspace.query("EXPLAIN " + sql, 1);
    return new Rows(
        plan.columns(),
        plan.rows().stream().map(row -> row.stream().map(Views::shown).toList()).toList(),
        false);
  }

  /** Cancels each statement that runs longer from now on: DEADLINE_PASSED. */
  public void limit(Duration time) {
    workspace.limit(time);
  }

  /**
   * Who reads the messages of failures from now on wrote {@code statement}: what stands in it may
   * stand in them, with its place. All other values are cut out.
   */
  public void author(String statement) {
    workspace.author(statement);
  }

  /** Cuts each result of a query after about so many bytes from now on: truncated. */
  public void limitBytes(long bytesMax) {
    workspace.limitBytes(bytesMax);
  }

  /**
   * Bulk-loads rows into a new temporary table: {@code columnsDdl} is {@code a VARCHAR, b BIGINT}.
   */
  public void load(String name, String columnsDdl, Iterable<Object[]> rows) {
    workspace.load(name, columnsDdl, rows);
  }

  /**
   * From now on writes are seen together, at {@link #commit()}, or never. Tables are written to in
   * the order of their names; nobody else writes to them meanwhile.
   */
  public void begin() {
    write();
    if (transaction != null) {
      throw new IllegalStateException("Cannot begin: a transaction has begun");
    }
    transaction = new Transaction(catalog);
  }

  /**
   * Ends what {@link #begin()} began, in one transaction of the catalog. COMMIT_CONFLICT where
   * another process changed one of the tables: nothing is written then.
   */
  public void commit() {
    try (var all = transaction) {
      transaction = null;
      all.commit();
    }
  }

  /**
   * Commits the rows of {@code select}; columns are matched by name. Empty where there are no rows
   * and no progress.
   */
  public Optional<Snapshot> append(TableName name, String select, Progress progress) {
    write();
    LakeTable table = catalog.writing(name);
    Table readable = table.readable();
    var staged = Staged.of(workspace, name, readable.schema(), select);
    try {
      if (staged.count() == 0 && progress.isNone()) {
        return Optional.empty();
      }
      var files = files(name, readable, staged);
      enter(table);
      return Optional.of(Commits.append(table, progress, files));
    } finally {
      staged.drop(workspace);
    }
  }

  /** As {@link Lake#append}. */
  public Snapshot append(TableName name, Iterable<Object[]> rows, Progress progress) {
    write();
    LakeTable table = catalog.writing(name);
    var files = new RowFiles(table.readable()).write(rows);
    enter(table);
    return Commits.append(table, progress, files);
  }

  private void enter(LakeTable table) {
    if (transaction != null) {
      transaction.enter(table);
    }
  }

  private List<DataFile> files(TableName name, Table table, Staged staged) {
    return staged.count() == 0
        ? List.of()
        : new StagedFiles(workspace, name, table).write(staged.relation(), false);
  }

  /**
   * Makes the table hold, per key, the new row instead of what it held: deletion vectors for the
   * old, new files for the new, one commit. Empty where there was nothing to do and no progress.
   */
  public Optional<Snapshot> upsert(TableName name, Upsert upsert, Progress progress) {
    write();
    LakeTable table = catalog.writing(name);
    enter(table);
    table.lock().lock();
    try {
      return new Upserts(workspace, planner, table, upsert).commit(ground.indexes, progress);
    } finally {
      table.lock().unlock();
    }
  }

  /**
   * Makes the table hold exactly the rows of {@code select}; one commit, even where there are none.
   */
  public Snapshot replace(TableName name, String select, Progress progress) {
    write();
    LakeTable table = catalog.writing(name);
    Table readable = table.readable();
    var staged = Staged.of(workspace, name, readable.schema(), select);
    try {
      var files = files(name, readable, staged);
      enter(table);
      return Commits.replace(table, progress, files);
    } finally {
      staged.drop(workspace);
    }
  }

  /** Writes {@code select} to one Parquet file outside the lake; returns its rows. */
  public long export(String select, Path file) {
    write();
    var stats =
        workspace.query(
            "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd, RETURN_STATS)"
                .formatted(select, Sql.text(file.toString())),
            1);
    return ((Number) stats.rows().getFirst().get(1)).longValue();
  }

  /**
   * What {@code sql} reads and calls, from the engine's own parser; SQL_REFUSED if not one SELECT.
   */
  public Statement parse(String sql) {
    return parsed.computeIfAbsent(sql, text -> SqlParser.parse(workspace, text));
  }

  private void write() {
    if (guarded) {
      throw new Failure(ErrorCode.FORBIDDEN, "Cannot write in a guarded session");
    }
  }

  @Override
  public void close() {
    if (transaction != null) {
      transaction.close();
    }
    held.forEach(ground.changes()::release);
    hold.close();
    workspace.close();
  }
}
