package dev.lode.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Where the rows of some files are in the one file that was made of them: in the order of the
 * files, then of their places, without those that were dead when they were moved.
 */
final class MovedRows {
  private final List<long[]> dead = new ArrayList<>();
  private final List<Long> starts = new ArrayList<>();
  private long size;

  /**
   * The next file.
   *
   * @param gone its dead rows
   */
  void add(long count, FileRows.Positions gone) {
    var positions = new ArrayList<Long>();
    gone.forEach(positions::add);
    long[] sorted = positions.stream().mapToLong(Long::longValue).sorted().toArray();
    dead.add(sorted);
    starts.add(size);
    size += count - sorted.length;
  }

  /** The new places of rows of file {@code file} that have died since. */
  void died(int file, FileRows.Positions now, LongConsumer sink) {
    now.forEach(position -> move(file, position, sink));
  }

  private void move(int file, long position, LongConsumer sink) {
    int before = Arrays.binarySearch(dead.get(file), position);
    if (before < 0) {
      sink.accept(starts.get(file) + position - (-before - 1));
    }
  }
}
