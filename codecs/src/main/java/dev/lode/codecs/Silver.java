package dev.lode.codecs;

import java.time.Instant;

/** The layer of contracts: typed, checked, masked, deduplicated. One owner per Bronze table. */
public sealed interface Silver extends Message {
  Address<Replay, Replayed> REPLAY = new Address<>("silver.replay", Replay.class, Replayed.class);
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
