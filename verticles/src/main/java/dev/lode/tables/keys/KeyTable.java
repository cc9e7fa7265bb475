package dev.lode.tables.keys;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.LongPredicate;

/**
 * Hashes of keys to rows: the place of each ({@link FileNumbers}) and its row id. A hash has two
 * halves of 63 bits: eight bits of {@code high} choose a bucket, {@code low} and 32 more bits of
 * {@code high} are kept. One key may have several rows. Not thread-safe.
 */
public final class KeyTable implements AutoCloseable {
  private static final int BUCKETS = 256;
  private static final int BUCKET_SHIFT = 55;
  private static final long ROW_ID_MAX = (1L << 48) - 1;

  private final IndexMemory memory;
  private final KeyBucket[] buckets = new KeyBucket[BUCKETS];
  private long size;

  /** Where a row is, and its lineage inside the table. */
  public record Row(long place, long rowId) {}

  /** What is told of a row. */
  public interface Visitor {
    void row(long place, long rowId);
  }

  /**
   * @param expected rows to come
   */
  public KeyTable(IndexMemory memory, long expected) {
    this.memory = memory;
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] = new KeyBucket(memory, expected / BUCKETS);
    }
  }

  public long size() {
    return size;
  }

  /** In memory, without what lies in files. */
  public long bytes() {
    return memory.bytes();
  }

  public void forEach(long high, long low, Visitor visitor) {
    KeyBucket bucket = bucket(high);
    for (int slot = bucket.first(low); bucket.has(slot, low); slot++) {
      if (bucket.tag(slot) == (int) high) {
        visitor.row(bucket.place(slot), bucket.rowId(slot));
      }
    }
  }

  /** Adds a row of a key; in place of one that is {@code gone}, where there is such. */
  public void put(long high, long low, Row row, LongPredicate gone) {
    KeyBucket bucket = bucket(high);
    for (int slot = bucket.first(low); bucket.has(slot, low); slot++) {
      if (bucket.tag(slot) == (int) high && gone.test(bucket.place(slot))) {
        check(row);
        bucket.set(slot, row.place, row.rowId);
        return;
      }
    }
    add(high, low, row);
  }

  public void add(long high, long low, Row row) {
    check(row);
    bucket(high).add(low, (int) high, row.place, row.rowId);
    size++;
  }

  private static void check(Row row) {
    boolean fits =
        row.place >= 0
            && row.place < FileNumbers.PLACES
            && row.rowId >= 0
            && row.rowId <= ROW_ID_MAX;
    if (!fits) {
      throw new IllegalArgumentException(
          "Cannot index row %d at place %d (must be below 2^48 and 2^32 - 1)"
              .formatted(row.rowId, row.place));
    }
  }

  /** Forgets those rows of a key whose places are {@code gone}. */
  public void removeIf(long high, long low, LongPredicate gone) {
    KeyBucket bucket = bucket(high);
    int before = bucket.count();
    bucket.removeIf(low, slot -> bucket.tag(slot) == (int) high && gone.test(bucket.place(slot)));
    size -= before - bucket.count();
  }

  private KeyBucket bucket(long high) {
    return buckets[(int) (high >>> BUCKET_SHIFT)];
  }

  public void write(DataOutput out) throws IOException {
    for (KeyBucket bucket : buckets) {
      bucket.write(out);
    }
  }

  public static KeyTable read(IndexMemory memory, DataInput in) throws IOException {
    var table = new KeyTable(memory, 0);
    try {
      for (KeyBucket bucket : table.buckets) {
        bucket.read(in);
        table.size += bucket.count();
      }
      return table;
    } catch (IOException e) {
      table.close();
      throw e;
    }
  }

  /** Frees its memory. */
  @Override
  public void close() {
    for (KeyBucket bucket : buckets) {
      bucket.free();
    }
  }
}
