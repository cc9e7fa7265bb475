package dev.lode.gold;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static java.util.Objects.requireNonNull;

import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which tests block which mart, kept in {@code system.mart_tests}: a row when a test begins to
 * fail, and a row when it passes again. So a restart knows what is blocked, and by which state of
 * its inputs.
 */
final class TestLedger {
  static final TableName TABLE = TableName.of("system.mart_tests");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "Whose rows fail; _system for all."),
              required("mart", "VARCHAR", "The mart."),
              required("test", "VARCHAR", "The test, as the mart declares it."),
              required("passed", "BOOLEAN", "False when it begins to fail, true when it passes."),
              required("failing_rows", "BIGINT", "Rows, or groups of rows, that fail."),
              optional("sample", "VARCHAR", "One value that fails, or the reason."),
              required("state", "VARCHAR", "The inputs' snapshots and the mart's definition."),
              required("tested_at", "TIMESTAMP WITH TIME ZONE", "When.")),
          List.of(),
          List.of(),
          "Tests of marts that failed, and when they passed again.");
  private static final String LATEST =
      """
      SELECT mart, test, tenant_id, failing_rows, sample, state FROM mart_tests
      WHERE tenant_id = coalesce(?, tenant_id) OR tenant_id = '_system'
      QUALIFY row_number() OVER (PARTITION BY mart, test, tenant_id ORDER BY tested_at DESC) = 1
      AND NOT passed ORDER BY ALL""";

  private final Lake lake;
  private final Clock clock;

  TestLedger(Lake lake, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** Tests that fail now, and the state in which they do. */
  record Blocked(List<MartBuilder.Failed> failed, String state) {}

  /** By mart; {@code tenantId} null for all tenants. */
  Map<String, Blocked> blocked(String tenantId) {
    if (!lake.exists(TABLE) || lake.head(TABLE).isEmpty()) {
      return Map.of();
    }
    try (Session session = lake.session()) {
      session.bind("mart_tests", Slice.now(TABLE));
      var blocked = new HashMap<String, Blocked>();
      for (List<Object> row : session.query(LATEST, 10_000, tenantId).rows()) {
        String mart = (String) row.get(0);
        var failed =
            new MartBuilder.Failed(
                (String) row.get(2),
                (String) row.get(1),
                ((Number) row.get(3)).longValue(),
                (String) row.get(4));
        var known = blocked.get(mart);
        var all = new ArrayList<MartBuilder.Failed>(known == null ? List.of() : known.failed());
        all.add(failed);
        blocked.put(mart, new Blocked(List.copyOf(all), (String) row.get(5)));
      }
      return blocked;
    }
  }

  /**
   * Writes what has begun to fail, or does in another state, and what no longer fails.
   *
   * @param before what the ledger holds of {@code mart}; null for nothing
   * @param now what fails; null for nothing
   */
  void record(String mart, Blocked before, Blocked now) {
    var rows = new ArrayList<Object[]>();
    if (before != null) {
      var failing =
          now == null ? List.<String>of() : now.failed().stream().map(this::name).toList();
      before.failed().stream()
          .filter(failed -> !failing.contains(name(failed)))
          .forEach(failed -> rows.add(row(mart, failed, true, before.state())));
    }
    if (now != null) {
      now.failed().forEach(failed -> rows.add(row(mart, failed, false, now.state())));
    }
    if (!rows.isEmpty()) {
      lake.ensure(SPEC);
      lake.append(TABLE, rows, Progress.NONE);
    }
  }

  private String name(MartBuilder.Failed failed) {
    return failed.tenantId() + " " + failed.test();
  }

  private Object[] row(String mart, MartBuilder.Failed failed, boolean passed, String state) {
    return new Object[] {
      failed.tenantId(),
      mart,
      failed.test(),
      passed,
      passed ? 0L : failed.rows(),
      passed ? null : failed.sample(),
      state,
      clock.instant()
    };
  }
}
