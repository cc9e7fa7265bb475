package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches of several row groups, which the engine writes with all its threads. */
class LargeUpsertTest {
  private static final TableName TABLE = TableName.of("silver.thing");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "tenant"),
              required("id", "BIGINT", "number"),
              required("batch", "INTEGER", "batch")),
          List.of("tenant_id", "id"),
          List.of("tenant_id"),
          "Things.");

  @TempDir Path folder;

  @Test
  void replacesTheRowsOfALargeBatchWhereTheyLie() {
    try (Lake lake = TestLake.open(folder);
        var session = lake.session()) {
      lake.ensure(SPEC);
      upsert(session, 1, "range(300000) ORDER BY hash(range)");
      upsert(session, 2, "range(0, 300000, 3) ORDER BY -range");
      upsert(session, 3, "range(1, 300000, 3)");

      session.bind("things", Slice.now(TABLE));
      assertThat(
              session
                  .query("SELECT id % 3, batch, count(*) FROM things GROUP BY ALL ORDER BY 1", 9)
                  .rows())
          .containsExactly(
              List.of(0L, 2, 100_000L), List.of(1L, 3, 100_000L), List.of(2L, 1, 100_000L));
    }
  }

  private static void upsert(Session session, int batch, String numbers) {
    String select = "SELECT 't' AS tenant_id, range AS id, " + batch + " AS batch FROM " + numbers;
    session.upsert(TABLE, new Upsert(SPEC.key(), select, null), Progress.NONE);
  }
}
