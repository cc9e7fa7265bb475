package dev.lode.tables.keys;

import java.util.Arrays;
import java.util.stream.LongStream;

/** The rows that have the keys of a batch: what it replaces or deletes. */
public final class KeyMatches {
  /** No row has the key. */
  public static final long NO_ROW = -1;

  private final long[] rowIds;
  private long[] places = new long[1024];
  private int count;

  KeyMatches(int keys) {
    rowIds = new long[keys];
    Arrays.fill(rowIds, NO_ROW);
  }

  void add(int key, long place, long rowId) {
    rowIds[key] = rowIds[key] == NO_ROW ? rowId : Math.min(rowIds[key], rowId);
    if (count == places.length) {
      places = Arrays.copyOf(places, count * 2);
    }
    places[count++] = place;
  }

  /**
   * Of each of the first {@code keys} keys, the id of the row that has it, the least of several; or
   * {@link #NO_ROW}.
   */
  public LongStream rowIds(int keys) {
    return Arrays.stream(rowIds, 0, keys);
  }

  /** The same of the key at {@code i}. */
  public long rowId(int i) {
    return rowIds[i];
  }

  /** Of all rows that have one of the keys, ascending, each once. */
  public long[] places() {
    return Arrays.stream(places, 0, count).sorted().distinct().toArray();
  }
}
