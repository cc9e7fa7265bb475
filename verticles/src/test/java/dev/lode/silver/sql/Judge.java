package dev.lode.silver.sql;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Judges records by a contract of given properties, in one statement of the real engine. */
record Judge(Lake lake, Path folder) {
  private static final Instant NOW = Instant.parse("2025-11-30T12:00:00Z");

  Contract contract(String properties) {
    try {
      Path file = Files.createTempDirectory(folder, "contract").resolve("x.yaml");
      Files.writeString(
          file,
          """
          apiVersion: v3.1.0
          kind: DataContract
          id: x
          version: 1.0.0
          status: active
          schema: [{name: x, properties: [%s]}]
          customProperties:
            - {property: upstream, value: bronze.x_x}
            - {property: mode, value: append}
          """
              .formatted(properties));
      return Contracts.read(file.getParent()).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Rows of {@code columns}, in the order of {@code records}. */
  List<List<Object>> evaluate(Contract contract, List<Object[]> records, String columns) {
    try (var session = evaluated(new Shapes(contract), records)) {
      return session
          .query("SELECT " + columns + " FROM evaluated ORDER BY lineage_id", Integer.MAX_VALUE)
          .rows();
    }
  }

  /** Why records are rejected, in the order of {@code records}; empty for those that are not. */
  List<String> reasons(Contract contract, List<Object[]> records) {
    var shapes = new Shapes(contract);
    try (var session = evaluated(shapes, records)) {
      session.execute("CREATE TEMP VIEW rejected_batch AS SELECT * FROM bronze_batch");
      return session
          .query(
              "SELECT * FROM (" + Evaluation.reasons(contract, shapes) + ") ORDER BY lineage_id",
              Integer.MAX_VALUE)
          .rows()
          .stream()
          .map(row -> (String) row.getLast())
          .toList();
    }
  }

  private Session evaluated(Shapes shapes, List<Object[]> records) {
    var session = lake.session();
    session.load(
        Evaluation.BATCH,
        """
        tenant_id VARCHAR, lineage_id UUID, source VARCHAR, entity VARCHAR, batch_id UUID,
        position BIGINT, ingest_time TIMESTAMPTZ, event_time TIMESTAMPTZ, op VARCHAR,
        format VARCHAR, header BLOB, payload BLOB, hash BLOB, defect VARCHAR\
        """,
        records);
    shapes.evaluate(session);
    return session;
  }

  /**
   * @param number its place among the records
   * @param header of a CSV record; null for JSON
   */
  static Object[] record(int number, String header, String payload) {
    return new Object[] {
      "acme",
      new UUID(0x0199_0000_0000_7000L, 0x8000_0000_0000_0000L + number),
      "x",
      "x",
      new UUID(0, 1),
      1L,
      NOW,
      null,
      "c",
      header == null ? "json" : "csv",
      header == null ? null : header.getBytes(StandardCharsets.UTF_8),
      payload.getBytes(StandardCharsets.UTF_8),
      null,
      null
    };
  }
}
