package dev.lode.tables;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The ground floor: Iceberg tables and the DuckDB engine over them. Every write is durable when it
 * returns. One writer per table inside the process: writes to a table are serialised. Methods
 * block: call them on worker threads. Thread-safe.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Lake implements AutoCloseable {

  /** Creates what is missing under the warehouse and the catalog, and opens both. */
  public static Lake open(LakeOptions options) {
    throw new UnsupportedOperationException("" + options);
  }

  /** Makes the table as {@code spec} says: created, or widened by columns it lacks. */
  public void ensure(TableSpec spec) {
    throw new UnsupportedOperationException("" + spec);
  }

  public boolean exists(TableName table) {
    throw new UnsupportedOperationException("" + table);
  }

  public SortedSet<TableName> tables() {
    throw new UnsupportedOperationException();
  }

  /** As it is now; TABLE_NOT_FOUND names the nearest existing table. */
  public TableSpec spec(TableName table) {
    throw new UnsupportedOperationException("" + table);
  }

  /**
   * The current snapshot; empty where nothing was ever committed. Cheap: cached after own commits.
   */
  public Optional<Snapshot> head(TableName table) {
    throw new UnsupportedOperationException("" + table);
  }

  /** Newest first, as far as they are kept. */
  public List<Snapshot> history(TableName table) {
    throw new UnsupportedOperationException("" + table);
  }

  /**
   * Appends rows given in the order of the table's fields, values as {@link Rows} names them; by
   * parquet-hadoop, one file per partition touched.
   */
  public Snapshot append(TableName table, Iterable<Object[]> rows, Progress progress) {
    throw new UnsupportedOperationException("" + table + rows + progress);
  }

  /** A private workspace in the engine. Waits for a free place; BUSY where none comes in time. */
  public Session session() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
