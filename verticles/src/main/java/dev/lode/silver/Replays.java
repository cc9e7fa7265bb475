package dev.lode.silver;

import dev.lode.codecs.Silver;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.sql.Evaluation;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Judges again what Silver has consumed, after its contract was changed. Three commits: what is
 * rejected goes to quarantine, Silver becomes what the contract says, what passes leaves
 * quarantine. The first notes in quarantine's progress that a replay has begun and the last that it
 * is done; between them a crash leaves a replay that is simply run once more.
 */
final class Replays {
  private static final String BEGUN = "lode.source.replay-begun";
  private static final String DONE = "lode.source.replay-done";
  private static final String ALL = "replay_all";
  private static final String HELD = "replay_held";

  private final Refinery.Site site;
  private final Refinery refinery;
  private final Contract contract;

  Replays(Refinery.Site site, Refinery refinery) {
    this.site = site;
    this.refinery = refinery;
    this.contract = refinery.contract();
  }

  /** Empty where Silver has consumed nothing yet. */
  Optional<Refinery.Refined> run(Silver.Replay replay) {
    Long consumed = refinery.watermark();
    return consumed == null ? Optional.empty() : Optional.of(run(replay, consumed));
  }

  /** Runs the replay that a crash has cut short, if there is one. */
  Optional<Refinery.Refined> resume() {
    var table = SilverTables.quarantine(contract.entity()).name();
    var summary = site.lake().head(table).map(Snapshot::summary).orElse(Map.of());
    String begun = summary.get(BEGUN);
    return begun == null || begun.equals(summary.get(DONE)) ? Optional.empty() : run(read(begun));
  }

  private Refinery.Refined run(Silver.Replay replay, long consumed) {
    UUID runId = UUID.randomUUID();
    try (var assay =
        Assay.of(site.lake(), contract, site.key(), session -> bind(session, replay, consumed))) {
      var writer = new SilverWriter(site.lake(), assay, runId, site.clock().instant());
      String mark = written(replay, runId);
      writer.quarantine(mark(BEGUN, mark));
      if (contract.history()) {
        writer.history(Progress.NONE);
      }
      var snapshot = silver(writer, replay);
      writer.release(mark(DONE, mark));
      refinery.grades().settleAgain(assay, runId, new QualityLog.Span(null, consumed));
      return new Refinery.Refined(snapshot, assay.tallies());
    }
  }

  private Snapshot silver(SilverWriter writer, Silver.Replay replay) {
    if (!contract.upserts()) {
      return writer.appendAgain(Progress.NONE);
    }
    return replay.quarantineOnly()
        ? writer.upsertNewest(Progress.NONE)
        : writer.replaceNewest(replay.tenantId(), Progress.NONE);
  }

  /**
   * The newest of a key may be older than {@code since}: tables with keys are always replayed
   * whole.
   */
  private void bind(Session session, Silver.Replay replay, long consumed) {
    var slice = Slice.at(contract.upstream(), consumed).tenant(replay.tenantId());
    if (replay.quarantineOnly()) {
      session.bind(
          HELD,
          Slice.now(SilverTables.quarantine(contract.entity()).name()).tenant(replay.tenantId()));
      var times = session.query("SELECT min(ingest_time), max(ingest_time) FROM " + HELD, 1);
      session.bind(ALL, Assay.between(slice, "ingest_time", times.rows().getFirst()));
      session.execute(
          "CREATE TEMP VIEW %s AS SELECT a.* FROM %s AS a SEMI JOIN %s AS h ON %s"
              .formatted(Evaluation.BATCH, ALL, HELD, "a.lineage_id = h.lineage_id"));
    } else {
      boolean bounded = replay.since() != null && !contract.upserts();
      session.bind(
          Evaluation.BATCH, bounded ? slice.where("ingest_time", replay.since(), null) : slice);
    }
  }

  private static Progress mark(String key, String value) {
    return new Progress(Map.of(), Map.of(key, value), Map.of());
  }

  private static String written(Silver.Replay replay, UUID runId) {
    return String.join(
        "|",
        runId.toString(),
        replay.tenantId(),
        String.valueOf(replay.quarantineOnly()),
        replay.since() == null ? "" : replay.since().toString());
  }

  private Silver.Replay read(String mark) {
    String[] parts = mark.split("\\|", -1);
    Instant since = parts[3].isEmpty() ? null : Instant.parse(parts[3]);
    return new Silver.Replay(parts[1], contract.entity(), Boolean.parseBoolean(parts[2]), since);
  }
}
