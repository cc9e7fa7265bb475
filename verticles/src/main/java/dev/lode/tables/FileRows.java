package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.util.function.LongConsumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.deletes.PositionDeleteIndex;

/**
 * Rows of one data file.
 *
 * @param records that must be read, about: few where positions are given
 * @param part which of them
 * @param positions what {@code part} refers to; null for ALL
 * @param change +1 or -1: what these rows are to a change feed
 * @param after only rows that were written or updated after this sequence number; null for all
 */
record FileRows(
    String location, long records, Part part, Positions positions, int change, Long after) {
  enum Part {
    ALL,
    EXCEPT,
    ONLY
  }

  /** Rows by their number in the file, from 0. */
  interface Positions {
    void forEach(LongConsumer sink);
  }

  FileRows {
    requireNonNull(location, "location is null");
    requireNonNull(part, "part is null");
  }

  /** All rows but the dead. */
  static FileRows live(DataFile file, PositionDeleteIndex dead, int change) {
    return live(file, dead, change, null);
  }

  static FileRows live(DataFile file, PositionDeleteIndex dead, int change, Long after) {
    Part part = dead == null || dead.isEmpty() ? Part.ALL : Part.EXCEPT;
    Positions positions = part == Part.ALL ? null : dead::forEach;
    return new FileRows(file.location(), file.recordCount(), part, positions, change, after);
  }

  static FileRows only(DataFile file, Positions positions, int change) {
    return new FileRows(file.location(), 0, Part.ONLY, positions, change, null);
  }
}
