package dev.lode.silver;

import dev.lode.codecs.Silver;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.sql.Evaluation;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Judges again what Silver has consumed, after its contract was changed. One commit of all tables:
 * what is rejected goes to quarantine, what passes leaves it, Silver becomes what the contract
 * says.
 */
final class Replays {
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

  /** What is done otherwise than asked, and why; null for nothing. */
  String note(Silver.Replay replay) {
    return replay.since() != null && contract.upserts() && !replay.quarantineOnly()
        ? "since was not applied: the newest record of a key may be older, so a table with keys is"
            + " replayed whole"
        : null;
  }

  /** Empty where Silver has consumed nothing yet. */
  Optional<Refinery.Refined> run(Silver.Replay replay) {
    Long consumed = refinery.watermark();
    return consumed == null ? Optional.empty() : Optional.of(run(replay, consumed));
  }

  private Refinery.Refined run(Silver.Replay replay, long consumed) {
    UUID runId = UUID.randomUUID();
    Consumer<Session> batch = session -> bind(session, replay, consumed);
    try (var assay =
        replay.quarantineOnly() || !contract.upserts()
            ? Assay.of(site.lake(), refinery.shapes(), site.key(), batch)
            : Assay.ofAll(site.lake(), refinery.shapes(), site.key(), batch)) {
      var writer = new SilverWriter(site.lake(), assay, runId, site.clock().instant());
      var span = new QualityLog.Span(null, consumed);
      return writer.commit(
          Progress.NONE,
          true,
          () -> silver(writer, replay),
          () -> refinery.grades().settleAgain(assay, runId, span));
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

  /** Tables with keys whole, as {@link #note} says. */
  private void bind(Session session, Silver.Replay replay, long consumed) {
    var slice = Slice.at(contract.upstream(), consumed).tenant(replay.tenantId());
    if (replay.quarantineOnly()) {
      var held = Slice.now(SilverTables.quarantine(contract.entity()).name());
      session.bind(HELD, since(held.tenant(replay.tenantId()), replay));
      var times = session.query("SELECT min(ingest_time), max(ingest_time) FROM " + HELD, 1);
      session.bind(ALL, Assay.between(slice, "ingest_time", times.rows().getFirst()));
      session.execute(
          "CREATE TEMP VIEW %s AS SELECT a.* FROM %s AS a SEMI JOIN %s AS h ON %s"
              .formatted(Evaluation.BATCH, ALL, HELD, "a.lineage_id = h.lineage_id"));
    } else {
      session.bind(Evaluation.BATCH, contract.upserts() ? slice : since(slice, replay));
    }
  }

  private static Slice since(Slice slice, Silver.Replay replay) {
    return replay.since() == null ? slice : slice.where("ingest_time", replay.since(), null);
  }
}
