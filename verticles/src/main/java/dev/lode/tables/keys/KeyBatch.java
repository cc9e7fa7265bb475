package dev.lode.tables.keys;

import java.util.Arrays;
import java.util.function.LongPredicate;

/** The hashes of a batch of keys, in the order of the batch. */
public final class KeyBatch {
  private long[] high = new long[1024];
  private long[] low = new long[1024];
  private int size;

  public void add(long highHash, long lowHash) {
    if (size == high.length) {
      high = Arrays.copyOf(high, size * 2);
      low = Arrays.copyOf(low, size * 2);
    }
    high[size] = highHash;
    low[size++] = lowHash;
  }

  public int size() {
    return size;
  }

  /** False where no key is there twice. */
  public boolean mayRepeat() {
    long[] sorted = Arrays.copyOf(high, size);
    Arrays.sort(sorted);
    for (int i = 1; i < size; i++) {
      if (sorted[i] == sorted[i - 1]) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param isLive whether the row at a place is still there: the table may know rows that are gone
   */
  public KeyMatches match(KeyTable table, LongPredicate isLive) {
    var matches = new KeyMatches(size);
    for (int i = 0; i < size; i++) {
      int key = i;
      table.forEach(
          high[i],
          low[i],
          (place, rowId) -> {
            if (isLive.test(place)) {
              matches.add(key, place, rowId);
            }
          });
    }
    return matches;
  }

  /** Puts the row of the key at {@code i} into the table, as {@link KeyTable#put} does. */
  public void put(int i, KeyTable table, KeyTable.Row row, LongPredicate gone) {
    table.put(high[i], low[i], row, gone);
  }

  /** Takes the keys from the {@code first} on out of the table: their rows are gone. */
  public void removeFrom(KeyTable table, int first) {
    for (int i = first; i < size; i++) {
      table.removeIf(high[i], low[i], place -> true);
    }
  }
}
