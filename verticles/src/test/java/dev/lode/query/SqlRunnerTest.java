package dev.lode.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Query;
import dev.lode.config.DataSize;
import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What strangers may do with SQL, and what they may not; against the real engine. */
class SqlRunnerTest {
  private static final Instant NOON = Instant.parse("2011-01-04T12:00:00Z");

  @TempDir static Path folder;
  private static Lake lake;
  private static SqlRunner runner;
  private static SqlRunner hurried;

  @BeforeAll
  static void fillALakeForTwoTenants() {
    lake = TestLake.open(folder);
    for (String name :
        List.of("silver.line", "gold.revenue", "bronze.raw", "quarantine.line", "system.scores")) {
      fill(TableName.of(name));
    }
    var shipped = LodeConfig.read(Path.of("../conf/lode.yaml")).tools();
    runner = runner(shipped, "10s");
    hurried = runner(shipped, "300ms");
  }

  private static SqlRunner runner(LodeConfig.Tools shipped, String time) {
    var limits =
        new LodeConfig.Tools(
            shipped.timeout(),
            1000,
            DataSize.parse("100KB"),
            Span.parse(time),
            shipped.sqlWaitingMax(),
            shipped.sqlDepthMax(),
            shipped.sqlNodesMax(),
            shipped.sqlTablesMax(),
            shipped.sqlColumnsMax());
    return new SqlRunner(lake, limits);
  }

  private static void fill(TableName table) {
    lake.ensure(
        new TableSpec(
            table,
            List.of(
                TableSpec.Field.required("tenant_id", "VARCHAR", "Whose."),
                TableSpec.Field.required("id", "BIGINT", "Key."),
                TableSpec.Field.optional("country", "VARCHAR", "Where."),
                TableSpec.Field.optional("price", "DECIMAL(18,2)", "Price."),
                TableSpec.Field.optional("sold_at", "TIMESTAMP WITH TIME ZONE", "When.")),
            List.of(),
            List.of("tenant_id"),
            "For tests."));
    lake.append(
        table,
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    new Object[] {
                      i % 2 == 0 ? "acme" : "other",
                      (long) i,
                      i % 3 == 0 ? "France" : "Brazil",
                      new BigDecimal("1.25"),
                      NOON.plusSeconds(i)
                    })
            .toList(),
        Progress.NONE);
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  @ParameterizedTest
  @FieldSource("dev.lode.query.StrangersSql#HOSTILE")
  void refusesWhatIsNotProvablyHarmless(String sql) {
    assertThatThrownBy(() -> run("admin", sql))
        .isInstanceOfSatisfying(
            Failure.class,
            failure ->
                assertThat(failure.code())
                    .isIn(
                        ErrorCode.SQL_REFUSED,
                        ErrorCode.TABLE_NOT_FOUND,
                        ErrorCode.INVALID_REQUEST))
        .hasMessageMatching("(Cannot (run|read)|Invalid table name).*");
  }

  @ParameterizedTest
  @FieldSource("dev.lode.query.StrangersSql#BOMBS")
  void stopsWhatTakesTooLong(String sql) {
    assertThatThrownBy(() -> hurried.run(new Query.Run("acme", "reader", sql, 10)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure ->
                assertThat(failure.code())
                    .isIn(ErrorCode.DEADLINE_PASSED, ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContaining("Cannot");
  }

  @ParameterizedTest
  @FieldSource("dev.lode.query.StrangersSql#HONEST")
  void runsHonestQuestions(String sql) {
    assertThat(run("admin", sql).columns()).isNotEmpty();
  }

  /** What analysts wrote, and what it is: as rows in the engine's own words. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SELECT gen_random_uuid() IS NOT NULL AND random() < 1|[[true]]",
        "SELECT printf('%05.1f', 3.14159), format('{:,.2f}', 1234.5)|[[003.1, 1,234.50]]",
        "SELECT repeat('x', 3), repeat('ab', least(2, 9))|[[xxx, abab]]",
        "SELECT list_transform([1, 2], x -> x * 2), list_filter([1, 2], x -> x > 1)|[[[2, 4],"
            + " [2]]]",
        "SELECT max(COLUMNS(c -> c LIKE 'pr%')) FROM silver.line|[[1.25]]",
        "SELECT unnest(generate_series(1, 3))|[[1], [2], [3]]",
        "SELECT count(*) FROM silver.line AT (TIMESTAMP => now())|[[10]]",
        "PIVOT silver.line ON country USING count(*) GROUP BY tenant_id|[[acme, 6, 4]]",
        "PIVOT silver.line ON country = 'France' USING sum(price) GROUP BY tenant_id|[[acme, 7.50,"
            + " 5.00]]",
        "SELECT column_name FROM (DESCRIBE FROM silver.line) LIMIT 2|[[tenant_id], [id]]",
        "SELECT max FROM (SUMMARIZE FROM silver.line) WHERE column_name = 'id'|[[18]]",
        "SHOW TABLES|[[gold.revenue], [silver.line]]"
      })
  void answersWhatAnalystsAsk(String sql, String rows) {
    assertThat(run("reader", sql).rows()).hasToString(rows);
  }

  /** Each is small; repeated as often as the limit allows, it would be a plan of minutes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "WITH a AS (FROM silver.line), b AS (FROM a JOIN a x USING (id)), c AS (FROM b JOIN b x"
            + " USING (id)) SELECT 1 FROM c|at least 4 tables are read|50000",
        "WITH a AS NOT MATERIALIZED (FROM silver.line) SELECT (SELECT max(id) FROM a), (SELECT"
            + " min(id) FROM a), id FROM a WHERE id IN (SELECT id FROM a)|4 tables are read|50000",
        "SELECT id AS a, a + a AS b, b + b AS c, c + c AS d, d + d AS e, e + e AS f, f + f AS g"
            + " FROM silver.line|expressions and tables are in it|110",
        "SELECT id AS a, a + a AS b, b + b AS c, c + c AS d, d + d AS e FROM silver.line WHERE e >"
            + " e + e|expressions and tables are in it|110",
        "SELECT *, * FROM (SELECT *, * FROM (SELECT *, * FROM silver.line))|columns and"
            + " fields|50000",
        "SELECT {'a': a, 'b': a} AS b FROM (SELECT {'a': a, 'b': a, 'c': a} AS a, * FROM (SELECT"
            + " {'a': id, 'b': 1, 'c': 2} AS a, * FROM silver.line))|columns and fields|50000",
        "SELECT COLUMNS(*) + COLUMNS(*) + 1 FROM silver.line|expressions and tables are in it|110",
        "SELECT ((((((((((1))))))))))|brackets or CASE are open within each other|110",
        "SELECT CASE WHEN CASE WHEN CASE WHEN CASE WHEN CASE WHEN CASE WHEN CASE WHEN CASE WHEN"
            + " CASE WHEN CASE WHEN 1|brackets or CASE are open within each other|110",
        "SELECT 1 FROM silver.line GROUP BY CUBE (id, country, price, sold_at, id + 1, id + 2, id +"
            + " 3, id + 4, id + 5)|512 sets are grouped by|50000"
      })
  void countsWhatAStatementBecomes(String sql, String why, int nodes) {
    var shipped = LodeConfig.read(Path.of("../conf/lode.yaml")).tools();
    var small =
        new LodeConfig.Tools(
            shipped.timeout(), 1, shipped.sqlBytesMax(), shipped.sqlTime(), 1, 9, nodes, 3, 500);
    assertThatThrownBy(
            () -> new SqlRunner(lake, small).run(new Query.Run("acme", "reader", sql, 1)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContaining(why);
  }

  @Test
  void refusesWhatIsTooDeepToBeReadAsATree() {
    for (String deep : List.of("1 + ".repeat(3000), "NOT ".repeat(3000), "- ".repeat(3000))) {
      assertThatThrownBy(() -> run("reader", "SELECT " + deep + "1"))
          .isInstanceOfSatisfying(
              Failure.class,
              failure ->
                  assertThat(failure.code()).isIn(ErrorCode.SQL_REFUSED, ErrorCode.LIMIT_EXCEEDED));
    }
  }

  @Test
  void namesTheColumnsOfAPivotByItsValues() {
    var pivot = run("reader", "PIVOT silver.line ON country USING sum(price) GROUP BY tenant_id");
    assertThat(pivot.columns())
        .extracting(column -> column.name())
        .containsExactly("tenant_id", "Brazil", "France");
    assertThat(pivot.snapshots()).containsOnlyKeys("silver.line");
  }

  @Test
  void explainsWithoutNamesOfFiles() {
    var plan = run("reader", "EXPLAIN SELECT * FROM silver.line WHERE id > 3").rows();
    assertThat(plan.toString())
        .contains("Read Parquet")
        .doesNotContain(folder.toString(), "_lode", ".parquet");
  }

  @Test
  void tellsWhyAStatementFailsAndWhereInWhatTheCallerWrote() {
    assertThatThrownBy(
            () -> run("reader", "SELECT s.id,\n  CAST(country AS DOUBLE) FROM silver.line s"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.SQL_REFUSED);
              assertThat(failure.hint()).contains("TRY_CAST");
            })
        .hasMessage(
            "Cannot run SQL: Conversion Error: Could not convert string '…' to DOUBLE when casting"
                + " from source column country (line 2, column 3: CAST(country AS DOUBLE))");
    assertThatThrownBy(() -> run("admin", "SELECT * FROM system.scores s\nWHERE s.id = s.nosuch"))
        .hasMessageContaining("(line 2, column 14: s.nosuch)");
  }

  @Test
  void showsOneTenantsRowsAlone() {
    for (String table : List.of("silver.line", "gold.revenue", "bronze.raw", "system.scores")) {
      var tenants = run("admin", "SELECT DISTINCT tenant_id FROM " + table).rows();
      assertThat(tenants).containsExactly(List.of("acme"));
    }
    assertThat(run("admin", "SELECT count(*) FROM silver.line WHERE tenant_id = 'other'").rows())
        .containsExactly(List.of(0L));
  }

  @Test
  void namesTheSnapshotsRead() {
    var result = run("reader", "SELECT 1 FROM silver.line, gold.revenue");
    assertThat(result.snapshots())
        .containsEntry("silver.line", lake.head(TableName.of("silver.line")).orElseThrow().id())
        .containsOnlyKeys("silver.line", "gold.revenue");
  }

  @Test
  void typesItsColumnsAndWritesValuesAsJson() {
    var result =
        run("reader", "SELECT id, price, sold_at, [1.5], x'00ff'::BLOB FROM silver.line LIMIT 1");
    assertThat(result.columns())
        .extracting(column -> column.type())
        .startsWith("BIGINT", "DECIMAL(18,2)", "TIMESTAMP WITH TIME ZONE");
    assertThat(result.rows().getFirst())
        .startsWith(
            0L, new BigDecimal("1.25"), "2011-01-04T12:00:00Z", List.of(new BigDecimal("1.5")));
  }

  @Test
  void keepsRawLayersFromWhoIsNotAdmin() {
    for (String role : List.of("reader", "writer")) {
      assertThatThrownBy(() -> run(role, "SELECT * FROM bronze.raw"))
          .hasMessage("Cannot read bronze.raw: role " + role + " reads silver, gold and platinum");
    }
    assertThat(run("admin", "SELECT * FROM quarantine.line").rows()).hasSize(10);
  }

  @Test
  void namesTheNearestDataset() {
    assertThatThrownBy(() -> run("reader", "SELECT * FROM silver.lime"))
        .hasMessage(
            "Cannot read silver.lime: there is no such dataset (did you mean silver.line?)");
  }

  @Test
  void cutsWhatIsTooMuchAndSaysSo() {
    var byRows = run("reader", "SELECT * FROM range(5000)");
    assertThat(byRows.rows()).hasSize(1000);
    assertThat(byRows.truncated()).isTrue();
    var byBytes = run("reader", "SELECT lpad('x', 10000, 'y') FROM range(900)");
    assertThat(byBytes.rows()).hasSizeBetween(5, 20);
    assertThat(byBytes.truncated()).isTrue();
    assertThatThrownBy(
            () -> run("reader", "SELECT lpad('x', 9000, 'y') AS a, list(range) FROM range(90000)"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessage("Cannot answer: one row is larger than 102400 bytes");
  }

  @Test
  void answersTheColumnsAloneWhereNoRowsAreWanted() {
    var result = runner.run(new Query.Run("acme", "reader", "SELECT id FROM silver.line", 0));
    assertThat(result.rows()).isEmpty();
    assertThat(result.columns()).extracting(column -> column.name()).containsExactly("id");
  }

  private static Query.Result run(String role, String sql) {
    return runner.run(new Query.Run("acme", role, sql, 10_000));
  }
}
