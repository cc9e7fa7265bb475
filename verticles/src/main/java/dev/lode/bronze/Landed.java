package dev.lode.bronze;

import dev.lode.codecs.Fingerprint;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * How far each keyed body has landed: all its positions up to there, and none beyond. Remembers the
 * bodies used last; of others it knows that it does not know.
 */
final class Landed {
  private final int max;
  private final Map<UUID, Body> bodies = new LinkedHashMap<>(16, 0.75f, true);
  private boolean forgetful;

  /**
   * What has landed of a body.
   *
   * @param print of the records that have landed; null where nobody has asked the table yet
   * @param whole the body ends there
   */
  record Body(long position, Fingerprint print, boolean whole) {
    static final Body NONE = new Body(0, Fingerprint.NONE, false);
  }

  Landed(int max) {
    this.max = max;
  }

  /** NONE where nothing has landed. */
  Body body(UUID batchId) {
    return bodies.getOrDefault(batchId, Body.NONE);
  }

  /** The body is remembered, or has never been seen. */
  boolean knows(UUID batchId) {
    return !forgetful || bodies.containsKey(batchId);
  }

  /** Those of {@code batchIds} whose records must be looked at before more of them may land. */
  List<UUID> unread(Collection<UUID> batchIds) {
    return batchIds.stream().filter(batch -> body(batch).print() == null).toList();
  }

  void landed(UUID batchId, Body body) {
    bodies.put(batchId, body);
  }

  /** There are bodies in the table that were never told of here. */
  void forgetful() {
    forgetful = true;
  }

  /** Drops the bodies used longest ago; between groups, so that none of a group is dropped. */
  void trim() {
    while (bodies.size() > max) {
      bodies.remove(bodies.keySet().iterator().next());
      forgetful = true;
    }
  }
}
