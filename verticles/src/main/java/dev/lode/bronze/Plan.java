package dev.lode.bronze;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Fingerprint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What of a group lands: of a keyed body only what has not landed before, only without a gap, and
 * only behind the very records that have landed.
 *
 * @param shares one per append, in order
 * @param reached how far each keyed body will have landed
 */
record Plan(List<Share> shares, Map<UUID, Landed.Body> reached) {

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
    var reached = new HashMap<UUID, Landed.Body>();
    var shares = new ArrayList<Share>(appends.size());
    for (Bronze.Append append : appends) {
      shares.add(append.keyed() ? keyed(append, landed, reached) : new Share(append, 0, null));
    }
    return new Plan(shares, reached);
  }

  /** A body that comes again is compared once, where it reaches what landed: none goes beyond. */
  private static Share keyed(Bronze.Append append, Landed landed, Map<UUID, Landed.Body> reached) {
    Landed.Body before = reached.getOrDefault(append.batchId(), landed.body(append.batchId()));
    long first = append.records().getFirst().position();
    long last = append.records().getLast().position();
    if (first > before.position() + 1) {
      return new Share(append, 0, gap(append, first, before.position()));
    }
    if (last < before.position()) {
      return append.whole()
          ? other(append, before, "it has only " + last)
          : new Share(append, append.records().size(), null);
    }
    int known = (int) (before.position() - first + 1);
    boolean begun = before.position() > 0;
    if (begun && !print(append, known).equals(before.print())) {
      return other(append, before, "its first are others, or in another order");
    }
    if (before.whole() && last > before.position()) {
      return other(append, before, "it has more");
    }
    reached.put(append.batchId(), after(append, before, known));
    return new Share(append, known, null);
  }

  private static Landed.Body after(Bronze.Append append, Landed.Body before, int known) {
    int records = append.records().size();
    return new Landed.Body(
        append.records().getLast().position(),
        records == known ? before.print() : print(append, records),
        before.whole() || append.whole());
  }

  /** Of the body up to the append's record number {@code count}. */
  private static Fingerprint print(Bronze.Append append, int count) {
    Fingerprint print = append.before();
    for (Bronze.Raw raw : append.records().subList(0, count)) {
      print = print.plus(raw.position(), hash(raw));
    }
    return print;
  }

  static byte[] hash(Bronze.Raw raw) {
    return raw.hash() == null ? Fingerprint.sha256(raw.payload().array()) : raw.hash().array();
  }

  private static Share other(Bronze.Append append, Landed.Body before, String how) {
    String landed =
        before.whole()
            ? "another body came with this Idempotency-Key, of %d records"
            : "%d records have landed of a body with this Idempotency-Key that broke off";
    var failure =
        new Failure(
            ErrorCode.KEY_REUSED,
            "Cannot append to %s: %s, and this is not that body: %s"
                .formatted(table(append), landed.formatted(before.position()), how));
    return new Share(append, 0, failure);
  }

  /** An earlier part of the body failed: what follows must not land before it. */
  private static Failure gap(Bronze.Append append, long first, long before) {
    return new Failure(
        ErrorCode.COMMIT_CONFLICT,
        "Cannot append to %s: record %d of batch %s came before record %d"
            .formatted(table(append), first, append.batchId(), before + 1));
  }

  private static String table(Bronze.Append append) {
    return Bronze.table(append.source(), append.entity());
  }

  long records() {
    return shares.stream().mapToLong(Share::landing).sum();
  }
}
