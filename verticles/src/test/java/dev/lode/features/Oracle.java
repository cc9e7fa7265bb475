package dev.lode.features;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a feature is at a time, by the contract's own words and nested loops: slow, plain, and
 * without a line of the product.
 */
final class Oracle {
  private Oracle() {}

  /** A recorded row; {@code deleted} ones say that earlier rows of the same place never were. */
  record Version(
      List<Object> key,
      Instant ts,
      Instant created,
      long sequence,
      boolean pushed,
      boolean deleted,
      Object value) {}

  /** Whose value is asked for, and as of when. */
  record Question(List<Object> key, Instant at) {}

  /**
   * The row that answers; null where none does.
   *
   * @param ttl null for none
   * @param known only what was recorded by the time of the question
   */
  static Version at(List<Version> history, Question question, Duration ttl, boolean known) {
    List<Object> key = question.key();
    Instant t = question.at();
    Version best = null;
    for (Version row : history) {
      boolean candidate =
          !key.contains(null)
              && row.key().equals(key)
              && !row.deleted()
              && !row.ts().isAfter(t)
              && (ttl == null || !row.ts().isBefore(t.minus(ttl)))
              && (!known || !row.created().isAfter(t))
              && !deleted(history, row, t, known);
      if (candidate && (best == null || newer(row, best))) {
        best = row;
      }
    }
    return best;
  }

  private static boolean deleted(List<Version> history, Version row, Instant t, boolean known) {
    for (Version other : history) {
      if (other.deleted()
          && other.key().equals(row.key())
          && other.ts().equals(row.ts())
          && other.pushed() == row.pushed()
          && other.sequence() > row.sequence()
          && (!known || !other.created().isAfter(t))) {
        return true;
      }
    }
    return false;
  }

  private static boolean newer(Version left, Version right) {
    int byTime = left.ts().compareTo(right.ts());
    int byCreated = left.created().compareTo(right.created());
    if (byTime != 0) {
      return byTime > 0;
    }
    return byCreated != 0 ? byCreated > 0 : left.sequence() > right.sequence();
  }
}
