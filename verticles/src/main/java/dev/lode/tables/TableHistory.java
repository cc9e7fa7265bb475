package dev.lode.tables;

import java.time.Instant;
import java.util.List;

/**
 * The snapshots that a table keeps, newest first.
 *
 * @param entries compactions among them
 */
public record TableHistory(List<Entry> entries) {

  public TableHistory {
    entries = List.copyOf(entries);
  }

  /**
   * One snapshot.
   *
   * @param compaction it changed no row
   * @param named a tag, or a branch, leads to it
   */
  public record Entry(long id, Instant committedAt, boolean compaction, boolean named) {}
}
