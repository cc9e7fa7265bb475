package dev.lode.bronze;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What of a group lands: of a keyed body only what has not landed before, and only without a gap.
 *
 * @param shares one per append, in order
 * @param reached the position that each keyed body will have landed up to
 */
record Plan(List<Share> shares, Map<UUID, Long> reached) {

  /**
   * An append's part.
   *
   * @param duplicates its first records, which have landed already
   * @param refused why none of it lands, or null
   */
  record Share(Bronze.Append append, int duplicates, Failure refused) {

    long landing() {
      return refused == null ? append.records().size() - duplicates : 0;
    }
  }

  static Plan of(List<Bronze.Append> appends, Landed landed) {
    var reached = new HashMap<UUID, Long>();
    var shares = new ArrayList<Share>(appends.size());
    for (Bronze.Append append : appends) {
      shares.add(append.keyed() ? keyed(append, landed, reached) : new Share(append, 0, null));
    }
    return new Plan(shares, reached);
  }

  private static Share keyed(Bronze.Append append, Landed landed, Map<UUID, Long> reached) {
    UUID batch = append.batchId();
    long before = reached.getOrDefault(batch, landed.position(batch));
    long first = append.records().getFirst().position();
    long last = append.records().getLast().position();
    if (first > before + 1) {
      return new Share(append, 0, gap(append, first, before));
    }
    reached.put(batch, Math.max(before, last));
    return new Share(append, (int) (Math.min(before, last) - first + 1), null);
  }

  /** An earlier part of the body failed: what follows must not land before it. */
  private static Failure gap(Bronze.Append append, long first, long before) {
    return new Failure(
        ErrorCode.COMMIT_CONFLICT,
        "Cannot append to %s: record %d of batch %s came before record %d"
            .formatted(
                Bronze.table(append.source(), append.entity()),
                first,
                append.batchId(),
                before + 1));
  }

  long records() {
    return shares.stream().mapToLong(Share::landing).sum();
  }
}
