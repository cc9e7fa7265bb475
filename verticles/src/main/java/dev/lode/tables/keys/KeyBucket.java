package dev.lode.tables.keys;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.function.IntPredicate;

/**
 * Entries in the order of their hashes, with gaps: an entry stands at the slot that its hash points
 * to or, past others, after it (ordered linear probing). That lets it be 95 % full, which is what
 * keeps an entry within 24 bytes, and still be searched within a few cache lines; it grows in one
 * sweep. Several entries may have the same hash.
 */
final class KeyBucket {
  private static final int ENTRY = 22;
  private static final int TAG = 8;
  private static final int PLACE = 12;
  private static final int ROW_ID = 16;
  private static final int ROW_ID_HIGH = 20;
  private static final int CHUNK = 1 << 16;

  private final IndexMemory memory;
  private IndexMemory.Block block;
  private MemorySegment slots;

  /** How many slots hashes point to; some more follow for what the last ones push on. */
  private int capacity;

  private int slotsMax;
  private int count;

  KeyBucket(IndexMemory memory, long expected) {
    this.memory = memory;
    take(Math.toIntExact(expected + expected / 16 + 4));
  }

  private void take(int homes) {
    capacity = homes;
    slotsMax = homes + homes / 512 + Math.min(homes, 32);
    block = memory.allocate((long) slotsMax * ENTRY);
    slots = block.segment();
  }

  int count() {
    return count;
  }

  /** The first slot that is free or has this hash or a greater one. */
  int first(long hash) {
    int slot = home(hash);
    while (isTaken(slot) && hash(slot) < hash) {
      slot++;
    }
    return slot;
  }

  /** Whether {@code slot} has the hash; false ends a search, {@link #tag} may still differ. */
  boolean has(int slot, long hash) {
    return isTaken(slot) && hash(slot) == hash;
  }

  int tag(int slot) {
    return slots.get(JAVA_INT_UNALIGNED, at(slot) + TAG);
  }

  long place(int slot) {
    return (slots.get(JAVA_INT_UNALIGNED, at(slot) + PLACE) & 0xFFFF_FFFFL) - 1;
  }

  long rowId(int slot) {
    long low = slots.get(JAVA_INT_UNALIGNED, at(slot) + ROW_ID) & 0xFFFF_FFFFL;
    long high = slots.get(JAVA_SHORT_UNALIGNED, at(slot) + ROW_ID_HIGH) & 0xFFFFL;
    return high << 32 | low;
  }

  void add(long hash, int tag, long place, long rowId) {
    if ((count + 1) * 20L > capacity * 19L) {
      grow();
    }
    int slot = first(hash);
    int free = slot;
    while (isTaken(free)) {
      free++;
    }
    if (free == slotsMax - 1) {
      grow();
      add(hash, tag, place, rowId);
      return;
    }
    move(slot, free, 1);
    long at = at(slot);
    slots.set(JAVA_LONG_UNALIGNED, at, hash);
    slots.set(JAVA_INT_UNALIGNED, at + TAG, tag);
    set(slot, place, rowId);
    count++;
  }

  void set(int slot, long place, long rowId) {
    long at = at(slot);
    slots.set(JAVA_INT_UNALIGNED, at + PLACE, (int) (place + 1));
    slots.set(JAVA_INT_UNALIGNED, at + ROW_ID, (int) rowId);
    slots.set(JAVA_SHORT_UNALIGNED, at + ROW_ID_HIGH, (short) (rowId >>> 32));
  }

  /** Of the entries with this hash, removes those whose slots are {@code gone}. */
  void removeIf(long hash, IntPredicate gone) {
    int slot = first(hash);
    while (has(slot, hash)) {
      if (gone.test(slot)) {
        remove(slot);
      } else {
        slot++;
      }
    }
  }

  private void remove(int slot) {
    int end = slot + 1;
    while (isTaken(end) && home(hash(end)) < end) {
      end++;
    }
    move(slot + 1, end, -1);
    slots.asSlice(at(end - 1), ENTRY).fill((byte) 0);
    count--;
  }

  /** The last slot stays free, so that every search comes to an end. */
  private void grow() {
    IndexMemory.Block full = block;
    int fullSlots = slotsMax;
    take(larger());
    while (!copied(full.segment(), fullSlots)) {
      memory.free(block);
      take(larger());
    }
    memory.free(full);
  }

  private int larger() {
    return Math.addExact(capacity, capacity / 32 + 4);
  }

  private boolean copied(MemorySegment old, int oldSlots) {
    int next = 0;
    for (int slot = 0; slot < oldSlots; slot++) {
      long from = at(slot);
      if (old.get(JAVA_INT_UNALIGNED, from + PLACE) != 0) {
        next = Math.max(next, home(old.get(JAVA_LONG_UNALIGNED, from)));
        if (next >= slotsMax - 1) {
          return false;
        }
        MemorySegment.copy(old, from, slots, at(next), ENTRY);
        next++;
      }
    }
    return true;
  }

  private void move(int from, int to, int by) {
    MemorySegment.copy(slots, at(from), slots, at(from + by), (long) (to - from) * ENTRY);
  }

  /** In the order of the hashes, which have 63 bits. */
  private int home(long hash) {
    return (int) Math.unsignedMultiplyHigh(hash << 1, capacity);
  }

  private boolean isTaken(int slot) {
    return slots.get(JAVA_INT_UNALIGNED, at(slot) + PLACE) != 0;
  }

  private long hash(int slot) {
    return slots.get(JAVA_LONG_UNALIGNED, at(slot));
  }

  private static long at(int slot) {
    return (long) slot * ENTRY;
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(capacity);
    out.writeInt(count);
    byte[] chunk = new byte[CHUNK];
    for (long at = 0; at < slots.byteSize(); at += CHUNK) {
      int length = (int) Math.min(CHUNK, slots.byteSize() - at);
      MemorySegment.copy(slots, at, MemorySegment.ofArray(chunk), 0, length);
      out.write(chunk, 0, length);
    }
  }

  /** Instead of what it holds. */
  void read(DataInput in) throws IOException {
    free();
    take(in.readInt());
    count = in.readInt();
    byte[] chunk = new byte[CHUNK];
    for (long at = 0; at < slots.byteSize(); at += CHUNK) {
      int length = (int) Math.min(CHUNK, slots.byteSize() - at);
      in.readFully(chunk, 0, length);
      MemorySegment.copy(MemorySegment.ofArray(chunk), 0, slots, at, length);
    }
  }

  void free() {
    memory.free(block);
  }
}
