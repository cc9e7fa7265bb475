package dev.lode.tables;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The ground floor: Iceberg tables and the DuckDB engine over them. Every write is durable when it
 * returns. One writer per table inside the process: writes to a table are serialised. Methods
 * block: call them on worker threads. Thread-safe.
 */
public final class Lake implements AutoCloseable {
  private final Catalog catalog;

  private final Engine engine;
  private final Engine guarded;
  private final Session.Ground ground;
  private final Positions positions = new Positions();
  private final Troubles troubles;

  private Lake(Session.Ground ground, Engine engine, Engine guarded, Troubles troubles) {
    this.troubles = troubles;
    this.catalog = ground.catalog();
    this.ground = ground;
    this.engine = engine;
    this.guarded = guarded;
  }

  /**
   * Creates what is missing under the warehouse and the catalog, and opens both. From now on this
   * process alone writes: the commits of one that did so before are refused, FENCED.
   */
  public static Lake open(LakeOptions options) {
    return open(options, Writer.THIS_PROCESS, new Disk(options.fsync()));
  }

  static Lake open(LakeOptions options, Writer writer, Disk disk) {
    var catalog = Catalog.open(options, writer, disk);
    var guarded = Engine.guarded(options, Views.path(catalog.warehouse()));
    var planner = new Planner();
    var indexes =
        new KeyIndexes(planner, options.scratch().resolve("keys"), options.keyIndexBytesMax());
    var engine = Engine.open(options);
    var changes = new RecentChanges(engine.shelf(), options.recentRowsMax());
    var ground = new Session.Ground(catalog, planner, indexes, new Latest(), changes);
    return new Lake(ground, engine, guarded, new Troubles(options.clock()));
  }

  /** Makes the table as {@code spec} says: created, or widened by columns it lacks. */
  public void ensure(TableSpec spec) {
    ensure(spec, Alterations.NONE);
  }

  /**
   * As {@link #ensure(TableSpec)}, with renames and drops. Changes metadata alone: old files are
   * read by the ids of their columns. INVALID_CONFIG where that cannot be.
   */
  public void ensure(TableSpec spec, Alterations alterations) {
    if (!catalog.exists(spec.name())) {
      catalog.create(spec);
    }
    LakeTable table = catalog.writing(spec.name());
    table.lock().lock();
    try {
      if (Alter.table(table.writable(), spec, alterations)) {
        table.committed();
      }
    } finally {
      table.lock().unlock();
    }
  }

  /** FENCED where another process has taken over the writing; asks the catalog. */
  public void checkWriter() {
    Catalog.ask(
        () -> {
          catalog.database().check();
          return null;
        });
  }

  /** Why {@link #ensure(TableSpec, Alterations)} would fail; empty where it would not. */
  public List<Refusal> refusals(TableSpec spec, Alterations alterations) {
    return SchemaCheck.refusals(catalog, spec, alterations);
  }

  public boolean exists(TableName table) {
    return catalog.exists(table);
  }

  public SortedSet<TableName> tables() {
    return catalog.names();
  }

  /** As it is now; TABLE_NOT_FOUND names the nearest existing table. */
  public TableSpec spec(TableName table) {
    return Schemas.spec(table, catalog.fresh(table).readable());
  }

  /**
   * The current snapshot; empty where nothing was ever committed. Cheap: cached after own commits.
   */
  public Optional<Snapshot> head(TableName table) {
    return catalog.fresh(table).head();
  }

  /** Newest first, as far as they are kept, without compactions. */
  public List<Snapshot> history(TableName name) {
    LakeTable table = catalog.fresh(name);
    var history = new ArrayList<Snapshot>();
    for (var snapshot : SnapshotUtil.currentAncestors(table.readable())) {
      if (!LakeTable.isCompaction(snapshot)) {
        history.add(table.snapshot(snapshot));
      }
    }
    return history;
  }

  /** Whether what changed since {@code snapshot} can still be told: it is kept, and an ancestor. */
  public boolean remembers(TableName name, long snapshot) {
    Table table = catalog.fresh(name).readable();
    return table.currentSnapshot() != null
        && table.snapshot(snapshot) != null
        && SnapshotUtil.isAncestorOf(table, snapshot);
  }

  /** Whether no row that was there at {@code from} is gone or changed at {@code to}. */
  public boolean hasOnlyGrown(TableName name, long from, long to) {
    return !Planner.mayLose(catalog.fresh(name).readable(), from, to);
  }

  /**
   * Whose rows a commit touched, and how many of each it wrote, from its own manifests; empty for a
   * table that is not partitioned by tenant.
   */
  public SortedMap<String, Long> rowsAdded(Snapshot snapshot) {
    Table table = catalog.fresh(snapshot.table()).readable();
    return TenantRows.added(table, ground.planner().manifests(), snapshot.id());
  }

  /**
   * Appends rows given in the order of the table's fields, values as {@link Rows} names them; by
   * parquet-hadoop, one file per partition touched. A short row ends in nulls.
   */
  public Snapshot append(TableName name, Iterable<Object[]> rows, Progress progress) {
    LakeTable table = catalog.writing(name);
    Table readable = table.readable();
    List<DataFile> files = new RowFiles(readable).write(rows);
    return Commits.append(table, progress, files);
  }

  /** Where those stand who read tables and note it outside of tables. */
  public Positions positions() {
    return positions;
  }

  /** What was noted of the whole lake, in its catalog: a backup or a copy has it too. */
  public Optional<String> note(String key) {
    return Optional.ofNullable(catalog.notes().get(key));
  }

  public void note(String key, String value) {
    catalog.note(key, value);
  }

  /** What layers could not do. */
  public Troubles troubles() {
    return troubles;
  }

  /** What keeps the tables small. */
  public Upkeep upkeep() {
    return new Upkeep(ground, engine);
  }

  /** A private workspace in the engine. Waits for a free place; BUSY where none comes in time. */
  public Session session() {
    return new Session(ground, engine.workspace(), false);
  }

  /** Room in the engine's memory for tables that outlive sessions, until it or the lake closes. */
  public Shelf shelf() {
    return engine.shelf();
  }

  /**
   * A session for SQL that strangers wrote, in an engine of its own with half the memory: it reads
   * what is bound, sees no file outside the warehouse, and can neither write nor reconfigure.
   * Whoever runs such SQL must {@link Session#parse} it first and judge its tables and functions.
   */
  public Session guardedSession() {
    return new Session(ground, guarded.workspace(), true);
  }

  /**
   * The catalog for engines that nobody here wrote.
   *
   * @param withoutDeletes tables that are shown as of the newest snapshot that needs no deletion
   *     vectors
   */
  public RestCatalog rest(Set<TableName> withoutDeletes) {
    return new RestCatalog(
        catalog.fenced(), catalog.warehouse(), new WithoutDeletes(catalog.io(), withoutDeletes));
  }

  /**
   * Keeps every file of the warehouse from being removed until it is closed, by whomever in this
   * process: removals wait, so that nobody needs to be asked to. INVALID_CONFIG for an object store
   * or a catalog that other processes share, which remove without asking.
   */
  public Hold hold() {
    return catalog.hold();
  }

  /** All that there is at this moment, its catalog copied into {@code file}, held until closed. */
  public Cut cut(Path file) {
    return Cut.of(catalog, file);
  }

  /** What the key indexes take, outside the heap. */
  public long keyIndexBytes() {
    return ground.indexes().bytes();
  }

  @Override
  public void close() {
    guarded.close();
    engine.close();
    ground.indexes().close();
    catalog.close();
  }
}
