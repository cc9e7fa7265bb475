package dev.lode.codecs;

/**
 * How work is split: each key (a table, a namespace and tenant) has exactly one owner among {@code
 * count} instances of a verticle.
 */
public record Shards(int count) {

  public Shards {
    if (count < 1) {
      throw new IllegalArgumentException("Invalid shard count: " + count + " (must be >= 1)");
    }
  }

  /** The owner of {@code key}, in 0..count-1; the same on every machine and after every restart. */
  public int owner(String key) {
    return Math.floorMod(key.hashCode(), count);
  }
}
