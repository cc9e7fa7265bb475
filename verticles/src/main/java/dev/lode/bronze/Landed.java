package dev.lode.bronze;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * How far each keyed body has landed: all its positions up to there, and none beyond. Remembers the
 * bodies used last; of others it knows that it does not know.
 */
final class Landed {
  private final int max;
  private final Map<UUID, Long> positions = new LinkedHashMap<>(16, 0.75f, true);
  private boolean forgetful;

  Landed(int max) {
    this.max = max;
  }

  /** 0 where nothing has landed. */
  long position(UUID batchId) {
    return positions.getOrDefault(batchId, 0L);
  }

  /** The body is remembered, or has never been seen. */
  boolean knows(UUID batchId) {
    return !forgetful || positions.containsKey(batchId);
  }

  void landed(UUID batchId, long position) {
    positions.merge(batchId, position, Math::max);
  }

  /** There are bodies in the table that were never told of here. */
  void forgetful() {
    forgetful = true;
  }

  /** Drops the bodies used longest ago; between groups, so that none of a group is dropped. */
  void trim() {
    while (positions.size() > max) {
      positions.remove(positions.keySet().iterator().next());
      forgetful = true;
    }
  }
}
