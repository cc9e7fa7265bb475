package dev.lode.silver;

import dev.lode.silver.sql.Outputs;
import dev.lode.silver.sql.Versions;
import dev.lode.tables.KeyLookup;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.Upsert;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Commits a judged batch: quarantine, then tombstones, then Silver. Every step can be repeated
 * without doubling anything; only Silver's moves the watermark.
 */
final class SilverWriter {
  static final String RUN_ID = "lode.run-id";

  private final Lake lake;
  private final Assay assay;
  private final Outputs outputs;
  private final UUID runId;
  private final Instant now;

  SilverWriter(Lake lake, Assay assay, UUID runId, Instant now) {
    this.lake = lake;
    this.assay = assay;
    this.outputs = assay.outputs();
    this.runId = runId;
    this.now = now;
  }

  /**
   * Writes what was rejected, where anything was.
   *
   * @param mend takes out what passes, too; needed where a run may have got no further than this
   */
  void quarantine(Progress progress, boolean mend) {
    var table = SilverTables.quarantine(assay.contract().entity()).name();
    boolean release = mend && lake.head(table).map(Snapshot::rows).orElse(0L) > 0;
    if (assay.rejected() > 0 || release) {
      quarantine(table, progress, release);
    }
  }

  /** As {@link #quarantine(Progress, boolean)}, but commits {@code progress} in any case. */
  void quarantine(Progress progress) {
    quarantine(SilverTables.quarantine(assay.contract().entity()).name(), progress, false);
  }

  private void quarantine(TableName table, Progress progress, boolean release) {
    var session = assay.session();
    session.execute(outputs.rejectedBatch());
    String run = "CAST('" + runId + "' AS UUID)";
    session.upsert(
        table,
        new Upsert(
            SilverTables.RECORD_KEY,
            outputs.quarantined(timestamp(), run),
            release ? outputs.passed() : null),
        noted(progress));
  }

  /** Puts each accepted record into its place among the versions of its key. */
  void history(Progress progress) {
    var session = assay.session();
    var table = assay.contract().historyTable();
    var versions = new Versions(assay.contract());
    session.bind(Versions.KNOWN, new KeyLookup(table, outputs.key(), versions.keys(), List.of()));
    session.execute(versions.statement());
    session.upsert(
        table,
        new Upsert(SilverTables.RECORD_KEY, versions.changed(), versions.gone()),
        noted(progress));
  }

  /** Takes out of quarantine what the batch passed. */
  void release(Progress progress) {
    var table = SilverTables.quarantine(assay.contract().entity()).name();
    assay
        .session()
        .upsert(
            table, new Upsert(SilverTables.RECORD_KEY, null, outputs.passed()), noted(progress));
  }

  /** Every accepted record is a row. */
  Snapshot append(Progress progress) {
    return assay
        .session()
        .append(assay.contract().table(), outputs.appended(), noted(progress))
        .orElseThrow();
  }

  /** As {@link #append}, where some may be rows already, and some of those are now rejected. */
  Snapshot appendAgain(Progress progress) {
    return upsert(outputs.appended(), outputs.rejected(), progress);
  }

  /** The newest record of each key is a row, unless Silver has or had a newer one. */
  Snapshot upsertNewest(Progress progress) {
    var session = assay.session();
    session.bind(
        Outputs.STATE,
        new KeyLookup(
            assay.contract().table(), outputs.key(), outputs.candidates(), SilverTables.ORDER));
    session.bind(
        Outputs.TOMBSTONES,
        new KeyLookup(
            SilverTables.TOMBSTONES,
            SilverTables.TOMBSTONE_KEY,
            outputs.candidateTombstones(),
            SilverTables.TOMBSTONE_ORDER));
    session.execute(outputs.winners(true));
    if (session.query(outputs.deletions(), 1).count() > 0) {
      bury(null);
    }
    return upsert(outputs.upserted(), outputs.deleted(), progress);
  }

  /** The batch is all there ever was of this tenant: what it does not name is no more. */
  Snapshot replaceNewest(String tenantId, Progress progress) {
    var session = assay.session();
    session.bind(Outputs.STATE, Slice.now(assay.contract().table()).tenant(tenantId));
    session.bind(Outputs.TOMBSTONES, tombstones().tenant(tenantId));
    session.execute(outputs.winners(false));
    bury(outputs.risen());
    return upsert(outputs.upserted(), outputs.vanished(), progress);
  }

  private Slice tombstones() {
    String entity = assay.contract().entity();
    return Slice.now(SilverTables.TOMBSTONES).where("entity", entity, entity);
  }

  private void bury(String risen) {
    Session session = assay.session();
    session.upsert(
        SilverTables.TOMBSTONES,
        new Upsert(SilverTables.TOMBSTONE_KEY, outputs.buried(timestamp()), risen),
        Progress.NONE);
  }

  private Snapshot upsert(String select, String deleteKeys, Progress progress) {
    TableName table = assay.contract().table();
    List<String> key = outputs.key();
    return assay
        .session()
        .upsert(table, new Upsert(key, select, deleteKeys), noted(progress))
        .or(() -> lake.head(table))
        .orElseThrow();
  }

  private Progress noted(Progress progress) {
    return progress.and(new Progress(Map.of(), Map.of(), Map.of(RUN_ID, runId.toString())));
  }

  private String timestamp() {
    return "TIMESTAMPTZ '" + now + "'";
  }
}
