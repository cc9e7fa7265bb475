package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteTest {
  private static final TableName TABLE = TableName.of("gold.revenue");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "tenant"),
              optional("at", "TIMESTAMP WITH TIME ZONE", "when"),
              optional("revenue", "DECIMAL(18,2)", "money"),
              optional("tags", "VARCHAR[]", "labels")),
          List.of(),
          List.of("tenant_id", "month(at)"),
          "Revenue.");
  private static final String SOME =
      """
      SELECT 't' || (i % 2) AS tenant_id,
        TIMESTAMPTZ '2024-01-31 23:00:00+00' + to_hours(i) AS at,
        (i * 1.5)::DECIMAL(18,2) AS revenue, [i::VARCHAR, NULL] AS tags
      FROM range(10) t(i)
      """;

  @TempDir Path folder;
  private Lake lake;
  private Session session;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(SPEC);
    session = lake.session();
  }

  @AfterEach
  void close() {
    session.close();
    lake.close();
  }

  @Test
  void appendsTheRowsOfASelectByPartition() throws Exception {
    var snapshot =
        session.append(TABLE, SOME, Progress.NONE.note("lode.run-id", "r")).orElseThrow();

    assertThat(snapshot.rows()).isEqualTo(10);
    assertThat(snapshot.summary()).containsEntry("lode.run-id", "r");
    assertThat(all()).isEqualTo(session.query(SOME + " ORDER BY ALL", 100).rows());
    assertThat(files()).isEqualTo(3);
    session.bind("feb", Slice.now(TABLE).tenant("t1"));
    assertThat(session.query("SELECT count(*) FROM feb", 1).count()).isEqualTo(5);
  }

  @Test
  void matchesColumnsByNameAndFillsTheRestWithNulls() {
    session.append(TABLE, "SELECT 1 AS revenue, 'a' AS tenant_id", Progress.NONE);

    assertThat(all()).hasToString("[[a, null, 1.00, null]]");
  }

  @Test
  void commitsProgressWithoutRowsAndNothingWithoutEither() {
    var upstream = TableName.of("silver.sale");

    assertThat(session.append(TABLE, SOME + " LIMIT 0", Progress.NONE)).isEmpty();
    assertThat(lake.head(TABLE)).isEmpty();
    var moved = session.append(TABLE, SOME + " LIMIT 0", Progress.of(upstream, null, 5));
    assertThat(moved.orElseThrow().watermark(upstream)).isEqualTo(5);
  }

  @Test
  void replacesAllRowsInOneCommit() throws Exception {
    var upstream = TableName.of("silver.sale");
    session.append(TABLE, SOME, Progress.of(upstream, null, 5));

    var replaced = session.replace(TABLE, SOME + " LIMIT 3", Progress.of(upstream, 5L, 6));
    assertThat(replaced.rows()).isEqualTo(3);
    assertThat(all()).hasSize(3);
    var emptied = session.replace(TABLE, SOME + " LIMIT 0", Progress.NONE);
    assertThat(emptied.rows()).isZero();
    assertThat(emptied.watermark(upstream)).isEqualTo(6);
    assertThat(all()).isEmpty();
    assertThat(session.replace(TABLE, SOME + " LIMIT 0", Progress.NONE).rows()).isZero();
    session.bind("before", Slice.at(TABLE, replaced.id()));
    assertThat(session.query("SELECT count(*) FROM before", 1).count()).isEqualTo(3);
  }

  @Test
  void refusesRowsThatDoNotFitAndLeavesNothingBehind() throws Exception {
    assertThatThrownBy(
            () -> session.append(TABLE, "SELECT 'a' AS tenant_id, 1 AS x", Progress.NONE))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot write to gold.revenue: it has no column x (it has [tenant_id, at, revenue,"
                + " tags])");
    assertThatThrownBy(() -> session.append(TABLE, "SELECT 1 AS revenue", Progress.NONE))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot write to gold.revenue: 1 rows have no tenant_id, which is required");
    assertThatThrownBy(
            () -> session.append(TABLE, "SELECT NULL::VARCHAR AS tenant_id", Progress.NONE))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot write to gold.revenue: 1 rows have no tenant_id, which is required");
    var stale = new Progress(Map.of("lode.source.x", "1"), Map.of(), Map.of());
    assertThatThrownBy(() -> session.append(TABLE, SOME, stale))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot commit to gold.revenue: lode.source.x is null, expected 1");
    session.close();
    session = lake.session();
    assertThat(files()).isZero();
    assertThat(lake.head(TABLE)).isEmpty();
  }

  private List<List<Object>> all() {
    session.bind("all_rows", Slice.now(TABLE));
    return session.query("SELECT * FROM all_rows ORDER BY ALL", 1000).rows();
  }

  private long files() throws IOException {
    Path data = folder.resolve("warehouse/gold/revenue/data");
    if (!Files.exists(data)) {
      return 0;
    }
    try (var files = Files.walk(data)) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
