package dev.lode.maintenance;

import dev.lode.tables.TableHistory.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which snapshots a table may forget. Every commit writes down all that are kept, so there is a
 * most; what a consumer needs, and what has a name, is kept above it.
 *
 * @param age kept this long after the next one came
 * @param min kept whatever their age
 * @param max kept because of their age
 */
record Expiry(Duration age, int min, int max) {

  /**
   * @param history newest first
   * @param consumed the snapshots up to which the table was consumed
   */
  Set<Long> expirable(List<Entry> history, Collection<Long> consumed, Instant now) {
    int kept = Math.max(recent(history, now), needed(history, consumed));
    var expirable = new LinkedHashSet<Long>();
    for (Entry entry : history.subList(kept, history.size())) {
      if (!entry.named()) {
        expirable.add(entry.id());
      }
    }
    return expirable;
  }

  private int recent(List<Entry> history, Instant now) {
    int kept = Math.min(min, history.size());
    Instant since = now.minus(age);
    while (kept < Math.min(max, history.size())
        && (kept == 0 || history.get(kept - 1).committedAt().isAfter(since))) {
      kept++;
    }
    return kept;
  }

  /** The head that readers see, and all from the first that a consumer has not left behind. */
  private static int needed(List<Entry> history, Collection<Long> consumed) {
    var positions = new HashSet<>(consumed);
    int kept = 0;
    boolean headSeen = false;
    for (int i = 0; i < history.size(); i++) {
      boolean head = !headSeen && !history.get(i).compaction();
      headSeen |= head;
      if (head || positions.contains(history.get(i).id())) {
        kept = i + 1;
      }
    }
    return kept;
  }
}
