package dev.lode.features.online;

import dev.lode.features.spec.Feature;
import dev.lode.features.spec.Times;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * A version of an entity's values; times in microseconds since 1970.
 *
 * @param values of the view's stored features, in order; then the newest event, where the view
 *     tells of it and the row is none itself; of rows of a table, at last, which features have no
 *     value, and why
 */
public record OnlineRow(long timeMicros, long createdMicros, long sequence, List<Object> values) {
  static final Comparator<OnlineRow> NEWEST_FIRST =
      Comparator.comparingLong(OnlineRow::timeMicros)
          .thenComparingLong(OnlineRow::createdMicros)
          .thenComparingLong(OnlineRow::sequence)
          .reversed();

  /** A small immutable copy that may hold nulls. */
  public static List<Object> values(Collection<Object> values) {
    return Collections.unmodifiableList(Arrays.asList(values.toArray()));
  }

  /**
   * When the newest event of the entity was.
   *
   * @param features how many are stored
   */
  long newestMicros(int features) {
    return values.size() > features && values.get(features) instanceof Instant newest
        ? Times.micros(newest)
        : timeMicros;
  }

  /** Whether the value is not known, rather than none. */
  boolean isInvalid(Feature feature, int features) {
    return values.size() > features
        && values.getLast() instanceof String told
        && Arrays.stream(told.split("; ", -1))
            .anyMatch(each -> each.startsWith("*: ") || each.startsWith(feature.name() + ": "));
  }

  boolean holds(long nowMicros) {
    return timeMicros <= nowMicros && createdMicros <= nowMicros;
  }
}
