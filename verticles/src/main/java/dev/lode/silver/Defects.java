package dev.lode.silver;

import dev.lode.silver.sql.Evaluation;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.Upsert;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A Bronze table without a contract: only its defective records are copied, to {@code
 * quarantine.<source>_<entity>}. Most such tables have none; their progress is kept in memory, and
 * looking at a stretch twice changes nothing.
 */
final class Defects {
  private final Refinery.Site site;
  private final TableName upstream;
  private final TableName table;
  private Long consumed;

  Defects(Refinery.Site site, TableName upstream) {
    this.site = site;
    this.upstream = upstream;
    this.table = SilverTables.quarantine(upstream.name()).name();
  }

  /** False where there was nothing to look at. */
  boolean next() {
    Lake lake = site.lake();
    Long from = consumed == null ? written() : consumed;
    Optional<Snapshot> head = lake.head(upstream);
    if (head.isEmpty() || (from != null && head.get().id() == from)) {
      return false;
    }
    long to = head.get().id();
    try (var session = lake.session()) {
      session.bind(Evaluation.BATCH, Slice.added(upstream, from, to));
      String defective = " FROM " + Evaluation.BATCH + " WHERE defect IS NOT NULL";
      if (session.query("SELECT count(*)" + defective, 1).count() > 0) {
        lake.ensure(SilverTables.quarantine(upstream.name()));
        var progress = new Progress(Map.of(), Progress.of(upstream, from, to).next(), Map.of());
        session.upsert(
            table, new Upsert(SilverTables.RECORD_KEY, rows() + defective, null), progress);
      }
    }
    consumed = to;
    return true;
  }

  private Long written() {
    return site.lake().exists(table)
        ? site.lake().head(table).map(head -> head.watermark(upstream)).orElse(null)
        : null;
  }

  private String rows() {
    return """
        SELECT tenant_id, lineage_id, source, entity, batch_id, position, 'malformed' AS rule,
          defect AS reason, payload, header, ingest_time, TIMESTAMPTZ '%s' AS rejected_at,
          CAST('%s' AS UUID) AS run_id"""
        .formatted(site.clock().instant(), UUID.randomUUID());
  }
}
