package dev.lode.bronze;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bronze;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Keeps what came for tenants that are not configured, apart from all tenants' rows. Blocks. */
final class UnknownTenants {
  private static final TableSpec SPEC =
      new TableSpec(
          TableName.of(Bronze.UNKNOWN_TENANT_TABLE),
          List.of(
              required("tenant_id", "VARCHAR", "Always _unknown."),
              required("claimed_tenant", "VARCHAR", "The tenant that the sender named."),
              required("source", "VARCHAR", "The system that sent it."),
              required("entity", "VARCHAR", "What it describes."),
              required("batch_id", "UUID", "The body that it came in."),
              required("position", "BIGINT", "Its number in that body, from 1."),
              required("format", "VARCHAR", "How to read the payload: json, csv."),
              optional("header", "BLOB", "The CSV header, exactly as sent."),
              required("payload", "BLOB", "The record's exact bytes."),
              required("reason", "VARCHAR", "Why it is here."),
              required("at", "TIMESTAMP WITH TIME ZONE", "When it came.")),
          List.of(),
          List.of("day(at)"),
          "Records for tenants that are not in the configuration: the first of each body.");

  private final Lake lake;
  private final Clock clock;

  UnknownTenants(Lake lake, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  Bronze.Appended keep(Bronze.Refuse refuse) {
    lake.ensure(SPEC);
    Instant now = clock.instant();
    List<Object[]> rows =
        refuse.append().records().stream().map(raw -> row(refuse, raw, now)).toList();
    long snapshotId = lake.append(SPEC.name(), rows, Progress.NONE).id();
    return new Bronze.Appended(
        refuse.tenantId(), Bronze.UNKNOWN_TENANT_TABLE, snapshotId, rows.size(), 0);
  }

  private static Object[] row(Bronze.Refuse refuse, Bronze.Raw raw, Instant now) {
    Bronze.Append append = refuse.append();
    return new Object[] {
      refuse.tenantId(),
      append.tenantId(),
      append.source(),
      append.entity(),
      append.batchId(),
      raw.position(),
      append.format(),
      append.header() == null ? null : append.header().array(),
      raw.payload().array(),
      "unknown tenant",
      now
    };
  }
}
