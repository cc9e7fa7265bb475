package dev.lode.features;

import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the history of a view stands: the last sequence given out, and the last time of recording,
 * which never goes back. It moves in the same commit as the rows, so one writer wins.
 */
record Position(long sequence, long createdMicros) {
  private static final String KEY = "lode.source.features";

  static Position of(Optional<Snapshot> head) {
    String text = head.map(snapshot -> snapshot.summary().get(KEY)).orElse(null);
    if (text == null) {
      return new Position(0, Long.MIN_VALUE);
    }
    int slash = text.indexOf('/');
    return new Position(
        Long.parseLong(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
  }

  /** The time to record rows under: now, unless the clock went back. */
  long created(long nowMicros) {
    return Math.max(nowMicros, createdMicros);
  }

  Progress to(Position next) {
    var expected = new HashMap<String, String>();
    expected.put(KEY, equals(of(Optional.empty())) ? null : text());
    return new Progress(expected, Map.of(KEY, next.text()), Map.of());
  }

  private String text() {
    return sequence + "/" + createdMicros;
  }
}
