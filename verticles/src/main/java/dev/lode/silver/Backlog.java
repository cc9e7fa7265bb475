package dev.lode.silver;

import dev.lode.tables.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * What a run takes next of a table that only grows: all of it if that is few records, else up to a
 * snapshot before the limit.
 *
 * @param from exclusive; null for the beginning
 * @param known whether {@code from} is still in the history, so that what follows it can be told
 */
record Backlog(Long from, Snapshot to, boolean known) {

  /**
   * @param history newest first
   * @param from what was consumed; null for nothing
   * @param recordsMax unless one commit alone has more
   */
  static Optional<Backlog> next(List<Snapshot> history, Long from, long recordsMax) {
    if (history.isEmpty() || (from != null && history.getFirst().id() == from)) {
      return Optional.empty();
    }
    var consumed =
        history.stream().filter(snapshot -> from != null && snapshot.id() == from).findFirst();
    if (from != null && consumed.isEmpty()) {
      return Optional.of(new Backlog(from, history.getFirst(), false));
    }
    long start = consumed.map(Snapshot::rows).orElse(0L);
    Snapshot to = null;
    for (Snapshot snapshot : history) {
      if (from != null && snapshot.id() == from) {
        break;
      }
      to = snapshot;
      if (snapshot.rows() - start <= recordsMax) {
        break;
      }
    }
    return Optional.of(new Backlog(from, to, true));
  }
}
