package dev.lode.codecs;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The layer of contracts: typed, checked, masked, deduplicated. One owner per Bronze table. */
public sealed interface Silver extends Message {
  Address<Replay, Replayed> REPLAY = new Address<>("silver.replay", Replay.class, Replayed.class);
  Address<Judge, Judged> JUDGE = new Address<>("silver.judge", Judge.class, Judged.class);
  Topic<Committed> COMMITTED = new Topic<>("silver.committed", Committed.class);

  /**
   * @param score the run's quality, 0 to 1
   * @param more records of this table are on their way: long work may wait for them
   */
  record Committed(
      String tenantId,
      String table,
      long snapshotId,
      long accepted,
      long rejected,
      double score,
      boolean more)
      implements Silver {}

  /**
   * Runs the contract again over what Bronze holds; no record is doubled.
   *
   * @param entity the contract's entity: {@code invoice_line}
   * @param quarantineOnly only the records now in quarantine: those that pass leave it
   * @param since records ingested at or after this; null for all. A table with keys is replayed
   *     whole all the same, unless only its quarantine is: the newest record of a key may be older
   */
  record Replay(String tenantId, String entity, boolean quarantineOnly, Instant since)
      implements Silver {}

  /**
   * Asks what became of a body's records.
   *
   * @param table the Bronze table that it landed in
   * @param snapshotId of Bronze, that has the last of them; 0 for the present one
   */
  record Judge(String tenantId, String table, UUID batchId, long snapshotId) implements Silver {}

  /**
   * @param judged every contract of the table has seen the snapshot; if not, ask again
   * @param contracts that read the table; none where the records stay in Bronze
   * @param hint the contract that was probably meant, where there is none; or null
   */
  record Judged(String tenantId, boolean judged, List<Verdict> contracts, String hint)
      implements Silver {
    public Judged {
      contracts = List.copyOf(contracts);
    }
  }

  /**
   * What one contract found of them.
   *
   * @param rejected those that are in quarantine
   * @param rules that they broke, the most frequent first
   */
  record Verdict(String entity, String table, long rejected, List<Broken> rules) {
    public Verdict {
      rules = List.copyOf(rules);
    }
  }

  /**
   * A rule that records broke first of all.
   *
   * @param position in the body, of one of them
   * @param reason why that one is rejected
   */
  record Broken(String rule, long records, long position, String reason) {}

  /**
   * @param note what was done otherwise than asked, and why; null for nothing
   */
  record Replayed(
      String tenantId,
      String table,
      long snapshotId,
      long read,
      long accepted,
      long rejected,
      String note)
      implements Silver {}
}
