package dev.lode.silver;

import dev.lode.silver.sql.Outputs;
import dev.lode.silver.sql.Truncations;
import dev.lode.silver.sql.Versions;
import dev.lode.tables.KeyLookup;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.Upsert;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes a judged batch, in the transaction of its session: quarantine, then Silver, then, when the
 * quality results are written, tombstones.
 */
final class SilverWriter {
  static final String RUN_ID = "lode.run-id";

  private final Lake lake;
  private final Assay assay;
  private final Outputs outputs;
  private final UUID runId;
  private final Instant now;

  /** What Silver deletes; null for nothing. */
  private Upsert tombstones;

  SilverWriter(Lake lake, Assay assay, UUID runId, Instant now) {
    this.lake = lake;
    this.assay = assay;
    this.outputs = assay.outputs();
    this.runId = runId;
    this.now = now;
  }

  /**
   * One commit of all tables: nobody sees rows without what was rejected beside them.
   *
   * @param beside how far the tables beside Silver are with it
   * @param again whether any of it may have been judged before
   * @param silver writes that table
   * @param grades asked when that is done: a promise of latency is graded with the time it took
   */
  Refinery.Refined commit(
      Progress beside, boolean again, Supplier<Snapshot> silver, Supplier<QualityLog> grades) {
    var session = assay.session();
    session.begin();
    quarantine(beside, again);
    Snapshot snapshot = silver.get();
    if (assay.contract().history()) {
      history(beside);
    }
    grades.get().write(session, beside);
    bury();
    session.commit();
    return new Refinery.Refined(snapshot, assay.tallies());
  }

  /**
   * Writes what was rejected, where anything was.
   *
   * @param again takes out what passes, too
   */
  private void quarantine(Progress progress, boolean again) {
    var table = SilverTables.quarantine(assay.contract().entity()).name();
    boolean release = again && lake.head(table).map(Snapshot::rows).orElse(0L) > 0;
    if (assay.rejected() > 0 || release) {
      quarantine(table, progress, release);
    }
  }

  private void quarantine(TableName table, Progress progress, boolean release) {
    var session = assay.session();
    session.execute(outputs.rejectedBatch());
    String run = "CAST('" + runId + "' AS UUID)";
    session.upsert(
        table,
        new Upsert(
            SilverTables.RECORD_KEY,
            outputs.quarantined(timestamp(), run, assay.shapes()),
            release ? outputs.passed() : null),
        noted(progress));
  }

  /** Puts each accepted record into its place among the versions of its key. */
  void history(Progress progress) {
    var session = assay.session();
    var table = assay.contract().historyTable();
    var versions = new Versions(assay.contract());
    boolean truncated = truncated();
    if (assay.truncates()) {
      session.bind(Versions.KNOWN, Slice.now(table));
    } else {
      var lookup = new KeyLookup(table, outputs.key(), versions.keys(), List.of());
      session.bind(Versions.KNOWN, lookup);
    }
    session.execute(versions.statement(assay.truncates(), truncated));
    session.upsert(
        table,
        new Upsert(versions.identity(), versions.changed(), versions.gone()),
        noted(progress));
  }

  /** Whether versions may come before earlier records that deleted all. */
  private boolean truncated() {
    if (!assay.contract().upserts() || assay.contract().envelope() == null) {
      return false;
    }
    var session = assay.session();
    session.bind(
        Truncations.KNOWN,
        new KeyLookup(
            SilverTables.TOMBSTONES,
            SilverTables.TOMBSTONE_KEY,
            outputs.candidateTruncations(),
            List.of()));
    if (session.query(Truncations.count(), 1).count() == 0) {
      return false;
    }
    session.bind(Truncations.KNOWN, buried());
    return true;
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
    if (assay.truncates()) {
      session.bind(Truncations.BEFORE, Slice.now(assay.contract().table()));
    }
    if (assay.truncates() || session.query(outputs.deletions(), 1).count() > 0) {
      tombstones = tombstones(null, true);
    }
    return upsert(outputs.upserted(), outputs.deleted(assay.truncates()), progress);
  }

  /** The batch is all there ever was of this tenant: what it does not name is no more. */
  Snapshot replaceNewest(String tenantId, Progress progress) {
    var session = assay.session();
    session.bind(Outputs.STATE, Slice.now(assay.contract().table()).tenant(tenantId));
    session.bind(Outputs.TOMBSTONES, buried().tenant(tenantId));
    session.execute(outputs.winners(false));
    tombstones = tombstones(outputs.risen(assay.truncates()), false);
    return upsert(outputs.upserted(), outputs.vanished(), progress);
  }

  private Slice buried() {
    String entity = assay.contract().entity();
    return Slice.now(SilverTables.TOMBSTONES).where("entity", entity, entity);
  }

  private Upsert tombstones(String risen, boolean stateful) {
    return new Upsert(
        SilverTables.TOMBSTONE_KEY,
        outputs.buried(timestamp(), assay.truncates(), stateful),
        risen);
  }

  /** Remembers what Silver deleted, so that late events do not bring it back. */
  private void bury() {
    if (tombstones != null) {
      assay.session().upsert(SilverTables.TOMBSTONES, tombstones, Progress.NONE);
    }
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
