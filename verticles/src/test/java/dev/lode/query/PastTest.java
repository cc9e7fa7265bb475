package dev.lode.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Query;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasets as they were, by SQL and for a whole statement. */
class PastTest {
  private static final TableName LINE = TableName.of("silver.line");
  private static final TableName SCORES = TableName.of("system.scores");

  @TempDir Path folder;
  private Lake lake;
  private SqlRunner runner;
  private Snapshot first;
  private Snapshot second;

  @BeforeEach
  void commitTwice() {
    lake = TestLake.open(folder);
    runner = new SqlRunner(lake, LodeConfig.read(Path.of("../conf/lode.yaml")).tools());
    for (TableName table : List.of(LINE, SCORES)) {
      lake.ensure(
          new TableSpec(
              table,
              List.of(
                  TableSpec.Field.required("tenant_id", "VARCHAR", "Whose."),
                  TableSpec.Field.required("id", "BIGINT", "Key.")),
              List.of(),
              List.of("tenant_id"),
              "For tests."));
    }
    first = append(LINE, 1);
    append(SCORES, 1);
    second = append(LINE, 2);
    append(SCORES, 2);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Snapshot append(TableName table, long id) {
    Instant before = lake.head(table).map(Snapshot::committedAt).orElse(Instant.MIN);
    var rows = List.of(new Object[] {"acme", id}, new Object[] {"other", id + 100});
    Snapshot made = lake.append(table, rows, Progress.NONE);
    assertThat(made.committedAt()).isAfterOrEqualTo(before);
    return made;
  }

  private Query.Result run(String sql, Instant asOf) {
    return runner.run(new Query.Run("acme", "admin", sql, 100, asOf));
  }

  private List<List<Object>> rows(String sql) {
    return run(sql, null).rows();
  }

  @Test
  void readsADatasetAtASnapshotBesideTheSameNow() {
    String sql =
        "SELECT count(*), (SELECT count(*) FROM silver.line)"
            + " FROM silver.line AT (VERSION => %d)".formatted(first.id());
    assertThat(rows(sql)).containsExactly(List.of(1L, 2L));
    assertThat(run("FROM silver.line AT (VERSION => %d)".formatted(first.id()), null).snapshots())
        .containsEntry("silver.line", first.id());
  }

  @Test
  void readsADatasetAtATime() {
    String at = "AT (TIMESTAMP => TIMESTAMPTZ '%s')".formatted(second.committedAt());
    assertThat(rows("SELECT max(é.id) AS \"ü\" FROM silver.line AS é " + at)).hasSize(1);
    assertThat(rows("SELECT max(line.id) FROM silver.line " + at)).containsExactly(List.of(2L));
    assertThat(rows("SELECT max(x) FROM silver.line AS l(t, x) " + at))
        .containsExactly(List.of(2L));
    assertThat(rows("SELECT max(s.id) FROM \"system\".scores AS s " + at + " WHERE 'ß' <> 's'"))
        .hasSize(1);
  }

  @Test
  void readsEveryDatasetAsItWas() {
    var now = run("SELECT count(*) FROM silver.line", Instant.now());
    assertThat(now.rows()).containsExactly(List.of(2L));
    assertThat(now.snapshots()).containsEntry("silver.line", second.id());
  }

  @Test
  void saysHowFarBackItCanRead() {
    Instant before = first.committedAt().minusSeconds(1);
    assertThatThrownBy(() -> run("FROM silver.line", before))
        .hasMessage(
            "Cannot read silver.line as it was at %s: the oldest kept is of %s",
            before, first.committedAt());
    assertThatThrownBy(() -> rows("FROM silver.line AT (VERSION => 1)"))
        .hasMessage(
            "Cannot read silver.line at snapshot 1: it is not, or no more, in its history;"
                + " the newest is %d",
            second.id());
  }
}
