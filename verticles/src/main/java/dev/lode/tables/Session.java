package dev.lode.tables;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A private workspace in the engine: its own connection, schemas and temporary tables. Slices are
 * bound to names, SQL runs over them, and a SELECT becomes a commit. Not thread-safe; close it.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Session implements AutoCloseable {

  /**
   * Binds {@code slice} as a view; {@code name} is {@code x} or {@code schema.x} (made when
   * missing).
   */
  public Snapshot bind(String name, Slice slice) {
    throw new UnsupportedOperationException(name + slice);
  }

  /** Runs one statement for its effect: temporary tables, macros. */
  public void execute(String sql) {
    throw new UnsupportedOperationException(sql);
  }

  /** Runs one query; at most {@code rowsMax} rows come back. */
  public Rows query(String sql, int rowsMax, Object... parameters) {
    throw new UnsupportedOperationException(sql + rowsMax + parameters.length);
  }

  /** Cancels whatever runs longer from now on: DEADLINE_PASSED. */
  public void limit(Duration time) {
    throw new UnsupportedOperationException("" + time);
  }

  /**
   * Bulk-loads rows into a new temporary table: {@code columnsDdl} is {@code a VARCHAR, b BIGINT}.
   */
  public void load(String name, String columnsDdl, Iterable<Object[]> rows) {
    throw new UnsupportedOperationException(name + columnsDdl + rows);
  }

  /**
   * Commits the rows of {@code select}; columns are matched by name. Empty where there are no rows
   * and no progress.
   */
  public Optional<Snapshot> append(TableName table, String select, Progress progress) {
    throw new UnsupportedOperationException("" + table + select + progress);
  }

  /**
   * Makes the table hold, per key, the row of {@code select} instead of what it held: deletion
   * vectors for the old, new files for the new, one commit. {@code select} may hold each key once.
   * Rows of {@code deleteKeys} (a SELECT of the key columns, or null) are deleted only.
   */
  public Optional<Snapshot> upsert(
      TableName table, List<String> key, String select, String deleteKeys, Progress progress) {
    throw new UnsupportedOperationException("" + table + key + select + deleteKeys + progress);
  }

  /**
   * Makes the table hold exactly the rows of {@code select}; one commit, even where there are none.
   */
  public Snapshot replace(TableName table, String select, Progress progress) {
    throw new UnsupportedOperationException("" + table + select + progress);
  }

  /** Writes {@code select} to one Parquet file outside the lake; returns its rows. */
  public long export(String select, java.nio.file.Path file) {
    throw new UnsupportedOperationException(select + file);
  }

  /**
   * What {@code sql} reads and calls, from the engine's own parser; SQL_REFUSED if not one SELECT.
   */
  public Statement parse(String sql) {
    throw new UnsupportedOperationException(sql);
  }

  @Override
  public void close() {}
}
