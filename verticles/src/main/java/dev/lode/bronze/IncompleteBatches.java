package dev.lode.bronze;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bronze;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.Upsert;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Bodies that broke off after some of their records had landed, and those of them that came whole
 * later. A body that ends well costs nothing here. Blocks; one thread after another.
 */
final class IncompleteBatches {
  private static final TableSpec SPEC =
      new TableSpec(
          TableName.of(Bronze.BATCHES_TABLE),
          List.of(
              required("tenant_id", "VARCHAR", "Whose body it was."),
              required("batch_id", "UUID", "Names the body, as in Bronze."),
              required("table_name", "VARCHAR", "Where its records landed."),
              required("source", "VARCHAR", "The system that sent it."),
              required("entity", "VARCHAR", "What it describes."),
              required("state", "VARCHAR", "incomplete, or whole: it broke off, but came again."),
              required("records", "BIGINT", "How many have landed, this time or before."),
              optional("reason", "VARCHAR", "Why it is incomplete."),
              required("at", "TIMESTAMP WITH TIME ZONE", "Since when.")),
          List.of("tenant_id", "batch_id"),
          List.of("tenant_id"),
          "Bodies that broke off while they were taken in, and what became of them.");

  private final Lake lake;
  private final Clock clock;
  private Set<UUID> incomplete;

  IncompleteBatches(Lake lake, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  Bronze.Appended mark(Bronze.Mark mark) {
    if (incomplete == null) {
      incomplete = read();
    }
    boolean told = !mark.whole() || incomplete.contains(mark.batchId());
    long snapshotId = told ? write(mark) : 0;
    return new Bronze.Appended(mark.tenantId(), Bronze.BATCHES_TABLE, snapshotId, told ? 1 : 0, 0);
  }

  private Set<UUID> read() {
    var found = new HashSet<UUID>();
    if (lake.exists(SPEC.name())) {
      try (Session session = lake.session()) {
        session.bind("batches", Slice.now(SPEC.name()));
        session
            .query("SELECT batch_id FROM batches WHERE state = 'incomplete'", Integer.MAX_VALUE)
            .rows()
            .forEach(row -> found.add((UUID) row.getFirst()));
      }
    }
    return found;
  }

  private long write(Bronze.Mark mark) {
    lake.ensure(SPEC);
    try (Session session = lake.session()) {
      long snapshotId =
          session
              .upsert(SPEC.name(), new Upsert(SPEC.key(), row(mark), null), Progress.NONE)
              .map(Snapshot::id)
              .orElse(0L);
      if (mark.whole()) {
        incomplete.remove(mark.batchId());
      } else {
        incomplete.add(mark.batchId());
      }
      return snapshotId;
    }
  }

  private String row(Bronze.Mark mark) {
    return """
    SELECT %s AS tenant_id, %s::UUID AS batch_id, %s AS table_name, %s AS source, %s AS entity,
      %s AS state, %d::BIGINT AS records, %s AS reason, %s::TIMESTAMPTZ AS at\
    """
        .formatted(
            text(mark.tenantId()),
            text(mark.batchId().toString()),
            text(Bronze.table(mark.source(), mark.entity())),
            text(mark.source()),
            text(mark.entity()),
            text(mark.whole() ? "whole" : "incomplete"),
            mark.records(),
            mark.reason() == null ? "NULL" : text(mark.reason()),
            text(clock.instant().toString()));
  }

  private static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }
}
