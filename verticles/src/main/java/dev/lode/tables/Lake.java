package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
  private final Storage storage;
  private final Positions positions = new Positions();

  private Lake(Catalog catalog, Engine engine, Engine guarded) {
    this.catalog = catalog;
    this.storage = new Storage(catalog, new Planner(), new Holds());
    this.engine = engine;
    this.guarded = guarded;
  }

  /** Creates what is missing under the warehouse and the catalog, and opens both. */
  public static Lake open(LakeOptions options) {
    var catalog = Catalog.open(options);
    var guarded = Engine.guarded(options, Views.path(catalog.warehouse()));
    return new Lake(catalog, Engine.open(options), guarded);
  }

  /** Makes the table as {@code spec} says: created, or widened by columns it lacks. */
  public void ensure(TableSpec spec) {
    if (!catalog.exists(spec.name())) {
      catalog.create(spec);
    }
    LakeTable table = catalog.table(spec.name());
    table.lock().lock();
    try {
      if (new Evolution(spec, table.writable()).apply()) {
        table.committed();
      }
    } finally {
      table.lock().unlock();
    }
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

  /**
   * Appends rows given in the order of the table's fields, values as {@link Rows} names them; by
   * parquet-hadoop, one file per partition touched. A short row ends in nulls.
   */
  public Snapshot append(TableName name, Iterable<Object[]> rows, Progress progress) {
    LakeTable table = catalog.table(name);
    Table readable = table.readable();
    List<DataFile> files = new RowFiles(readable).write(rows);
    return Commits.append(table, progress, files);
  }

  /** Where those stand who read tables and note it outside of tables. */
  public Positions positions() {
    return positions;
  }

  /** Until it is closed, no file is removed that any table can reach now. */
  public Hold hold() {
    return storage.holds().open();
  }

  /** What keeps the tables small. */
  public Upkeep upkeep() {
    return new Upkeep(storage, engine);
  }

  /** A private workspace in the engine. Waits for a free place; BUSY where none comes in time. */
  public Session session() {
    return new Session(storage, engine.workspace(), false);
  }

  /**
   * A session for SQL that strangers wrote, in an engine of its own with half the memory: it reads
   * what is bound, sees no file outside the warehouse, and can neither write nor reconfigure.
   * Whoever runs such SQL must {@link Session#parse} it first and judge its tables and functions.
   */
  public Session guardedSession() {
    return new Session(storage, guarded.workspace(), true);
  }

  @Override
  public void close() {
    guarded.close();
    engine.close();
    catalog.close();
  }
}
