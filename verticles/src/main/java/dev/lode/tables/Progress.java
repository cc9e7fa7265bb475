package dev.lode.tables;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a commit has consumed, moved in the same commit as the data, as a compare-and-set. Keys are
 * {@code lode.watermark.<upstream table>} (a snapshot id) or {@code lode.source.<connector>} (a
 * position). Every commit carries all earlier ones forward.
 *
 * @param expected what must hold before the commit; a null value means "not there yet"
 * @param next what holds after it
 * @param notes further summary properties of this snapshot alone ({@code lode.run-id}…)
 */
public record Progress(
    Map<String, String> expected, Map<String, String> next, Map<String, String> notes) {
  public static final Progress NONE = new Progress(Map.of(), Map.of(), Map.of());
  public static final String WATERMARK = "lode.watermark.";

  public Progress {
    expected = new LinkedHashMap<>(expected);
    next = Map.copyOf(next);
    notes = Map.copyOf(notes);
  }

  /**
   * {@code upstream} was consumed up to snapshot {@code from} (null: nothing), and now up to {@code
   * to}.
   */
  public static Progress of(TableName upstream, Long from, long to) {
    var expected = new LinkedHashMap<String, String>();
    expected.put(WATERMARK + upstream, from == null ? null : from.toString());
    return new Progress(expected, Map.of(WATERMARK + upstream, Long.toString(to)), Map.of());
  }

  public Progress and(Progress other) {
    var expectedBoth = new LinkedHashMap<>(expected);
    expectedBoth.putAll(other.expected);
    var nextBoth = new LinkedHashMap<>(next);
    nextBoth.putAll(other.next);
    var notesBoth = new LinkedHashMap<>(notes);
    notesBoth.putAll(other.notes);
    return new Progress(expectedBoth, nextBoth, notesBoth);
  }

  /** Whether it neither moves nor notes anything. */
  public boolean isNone() {
    return equals(NONE);
  }

  public Progress note(String key, String value) {
    return and(new Progress(Map.of(), Map.of(), Map.of(key, value)));
  }
}
