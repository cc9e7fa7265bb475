package dev.lode.silver;

import java.time.Instant;
import java.util.Map;

/**
 * What a run found of one tenant's records.
 *
 * @param oldest when the first of them was taken in
 * @param failed by rule, of those that any record broke
 */
record Tally(
    String tenantId, long checked, long rejected, Instant oldest, Map<String, Long> failed) {
  Tally {
    failed = Map.copyOf(failed);
  }

  /** The share of valid records, as document 2 defines it. */
  double score() {
    return share(checked, rejected);
  }

  static double share(long checked, long failed) {
    return checked == 0 ? 1 : (double) (checked - failed) / checked;
  }
}
