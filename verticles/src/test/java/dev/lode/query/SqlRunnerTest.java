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
        new LodeConfig.Tools(shipped.timeout(), 1000, DataSize.parse("100KB"), Span.parse(time));
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

  static final List<String> HOSTILE =
      List.of(
          // files and the network
          "SELECT * FROM read_csv('/etc/passwd')",
          "SELECT * FROM read_text('/etc/passwd')",
          "SELECT * FROM read_blob('/etc/passwd')",
          "SELECT * FROM read_parquet('/tmp/*.parquet')",
          "SELECT * FROM parquet_scan('x.parquet')",
          "SELECT * FROM read_json_auto('/etc/hosts')",
          "SELECT * FROM glob('/*')",
          "SELECT * FROM sniff_csv('/etc/passwd')",
          "SELECT * FROM '/etc/passwd'",
          "SELECT * FROM '/etc/passwd.csv'",
          "SELECT * FROM \"https://example.com/x.parquet\"",
          "FROM '/etc/hosts'",
          "SELECT (SELECT content FROM read_text('/etc/passwd'))",
          "SELECT id FROM silver.line WHERE EXISTS (FROM read_text('/etc/passwd'))",
          "SELECT id FROM silver.line ORDER BY (SELECT size FROM read_text('/etc/passwd'))",
          "SELECT CASE WHEN (SELECT count(*) FROM glob('/*')) > 0 THEN 1 END",
          "SELECT list_transform([1], lambda x: (SELECT max(size) FROM read_text('/etc/passwd')))",
          "SELECT count(*) FILTER (WHERE EXISTS (FROM glob('/*'))) FROM silver.line",
          "SELECT sum(id) OVER (ORDER BY (SELECT 1 FROM glob('/*'))) FROM silver.line",
          "SELECT * FROM silver.line LIMIT (SELECT count(*) FROM glob('/*'))",
          "VALUES ((SELECT count(*) FROM glob('/*')))",
          "WITH x AS (FROM glob('/*')) FROM x",
          "SELECT 1 UNION ALL SELECT count(*) FROM glob('/*')",
          // statements that are not SELECT
          "COPY (SELECT 1) TO '/tmp/stolen'",
          "COPY silver.line TO '/tmp/stolen'",
          "ATTACH '/tmp/x.db'",
          "DETACH memory",
          "INSTALL httpfs",
          "LOAD httpfs",
          "PRAGMA database_list",
          "SET memory_limit='100GB'",
          "RESET memory_limit",
          "CREATE TABLE t AS SELECT 1",
          "CREATE MACRO f(x) AS x",
          "CREATE TEMP VIEW silver AS SELECT 1",
          "INSERT INTO silver.line VALUES ('acme')",
          "UPDATE silver.line SET id = 1",
          "DELETE FROM silver.line",
          "DROP VIEW silver.line",
          "EXPORT DATABASE '/tmp/x'",
          "CALL pragma_version()",
          "CHECKPOINT",
          "EXPLAIN SELECT 1",
          "SELECT 1; SELECT 2",
          "SELECT 1; COPY (SELECT 1) TO '/tmp/stolen'",
          "SELECT 1; -- fine\nDROP VIEW silver.line",
          "WITH x AS (INSERT INTO silver.line VALUES (1) RETURNING *) SELECT * FROM x",
          "PREPARE p AS SELECT 1",
          "",
          "SELEC 1",
          // catalogs and settings
          "SHOW TABLES",
          "SHOW ALL TABLES",
          "DESCRIBE silver.line",
          "SUMMARIZE silver.line",
          "SELECT * FROM information_schema.tables",
          "SELECT * FROM pg_catalog.pg_tables",
          "SELECT * FROM pg_tables",
          "SELECT * FROM sqlite_master",
          "SELECT * FROM duckdb_settings()",
          "SELECT * FROM duckdb_settings",
          "SELECT * FROM duckdb_secrets()",
          "SELECT * FROM duckdb_views()",
          "SELECT * FROM duckdb_databases()",
          "SELECT * FROM pragma_table_info('silver.line')",
          "SELECT current_setting('memory_limit')",
          "SELECT getenv('HOME')",
          "SELECT \"getenv\"('HOME')",
          "SELECT main.getenv('HOME')",
          "SELECT 'HOME'.getenv()",
          "SELECT getvariable('x')",
          "SELECT current_query()",
          "SELECT stats(id) FROM silver.line",
          "SELECT version()",
          "SELECT * FROM which_secret('s3://x', 's3')",
          // SQL as text
          "SELECT * FROM query('SELECT 1')",
          "SELECT * FROM query_table('silver.line')",
          "SELECT * FROM json_execute_serialized_sql('{}')",
          "SELECT json_serialize_sql('SELECT 1')",
          // names that pretend
          "WITH pg_tables AS (SELECT * FROM pg_tables) SELECT * FROM pg_tables",
          "SELECT (WITH pg_tables AS (SELECT 1) SELECT 1), t.* FROM pg_tables t",
          "SELECT * FROM pg_tables, (WITH pg_tables AS (SELECT 1 AS a) FROM pg_tables)",
          "WITH a AS (FROM duckdb_settings), duckdb_settings AS (SELECT 1) FROM a",
          "SELECT * FROM s1.silver.line",
          "SELECT * FROM memory.main.line",
          "SELECT * FROM \"silver.line\"",
          "SELECT * FROM silver.line AT (VERSION => 1)",
          "SELECT * FROM silver.line AT (VERSION => (SELECT 1))",
          "SELECT * FROM silver.line AT (TIMESTAMP => now())",
          "SELECT * FROM silver.line AT (TIMESTAMP => 'x')",
          "SELECT * FROM bronze.raw, lode_past.t14",
          "WITH a AS (SELECT 1) SELECT * FROM a AT (VERSION => 1)",
          "SELECT * FROM silver.\"line; DROP VIEW x\"",
          // state, time, little that makes much
          "SELECT nextval('s')",
          "SELECT setseed(0.5)",
          "SELECT sleep_ms(100000)",
          "SELECT pg_sleep(100)",
          "SELECT write_log('x')",
          "SELECT repeat('x', 1000000000)",
          "SELECT lpad('x', 1000000000, 'y')",
          "SELECT rpad('x', id, 'y') FROM silver.line",
          "SELECT len(range(1000000000))",
          "SELECT unnest(generate_series(1, 1000000000))",
          "SELECT format('{:1000000000d}', 1)",
          "SELECT printf('%1000000000d', 1)",
          "SELECT bitstring('1', 1000000000)",
          "SELECT list_resize([1], 1000000000)",
          "SELECT * FROM repeat('x', 1000000000)",
          "SELECT * FROM test_all_types()",
          "SELECT ?",
          "SELECT $secret",
          "SELECT 1::\"/etc/passwd\"",
          "SELECT 1::silver.line");

  @ParameterizedTest
  @FieldSource("HOSTILE")
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

  static final List<String> BOMBS =
      List.of(
          "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
          "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b",
          "SELECT count(*) FROM silver.line a, range(100000) b, range(100000) c WHERE (a.id"
              + " * b.range + c.range) % 7 = 3",
          "SELECT max(md5(range::VARCHAR)) FROM range(1000000000000)");

  @ParameterizedTest
  @FieldSource("BOMBS")
  void stopsWhatTakesTooLong(String sql) {
    assertThatThrownBy(() -> hurried.run(new Query.Run("acme", "reader", sql, 10)))
        .isInstanceOfSatisfying(
            Failure.class,
            failure ->
                assertThat(failure.code())
                    .isIn(ErrorCode.DEADLINE_PASSED, ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContaining("Cannot");
  }

  static final List<String> HONEST =
      List.of(
          "SELECT * FROM silver.line",
          "select * from SILVER.LINE",
          "SELECT * FROM \"silver\".\"line\"",
          "FROM silver.line",
          "SELECT country, count(*), sum(price) FROM silver.line GROUP BY ALL ORDER BY ALL",
          "SELECT country FROM silver.line GROUP BY country HAVING count(*) > 1",
          "WITH x AS (SELECT * FROM silver.line), y AS (FROM x) SELECT count(*) FROM y",
          "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM t WHERE n < 9) FROM t",
          "WITH line AS (SELECT 1 AS a) SELECT a FROM line",
          "SELECT a.id FROM silver.line a JOIN gold.revenue b USING (id) LEFT JOIN gold.revenue c"
              + " ON c.id = a.id",
          "SELECT a.id FROM silver.line a ASOF JOIN gold.revenue b ON a.country = b.country AND"
              + " a.sold_at >= b.sold_at",
          "SELECT id, row_number() OVER (PARTITION BY country ORDER BY sold_at DESC) AS n FROM"
              + " silver.line QUALIFY n = 1",
          "SELECT avg(price) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM"
              + " silver.line",
          "SELECT lag(price) OVER (ORDER BY id), first_value(id IGNORE NULLS) OVER (ORDER BY id)"
              + " FROM silver.line",
          "SELECT * FROM silver.line PIVOT (sum(price) FOR country IN ('France', 'Brazil'))",
          "SELECT * FROM (SELECT id, price AS a, price AS b FROM silver.line) UNPIVOT (v FOR n IN"
              + " (a, b))",
          "SELECT list_transform([1, 2], lambda x: x + 1), [x * 2 for x in [1, 2] if x > 1]",
          "SELECT list_sort(list(DISTINCT country)), string_agg(country, ',' ORDER BY country) FROM"
              + " silver.line",
          "SELECT date_trunc('month', sold_at), extract(year FROM sold_at),"
              + " sold_at + INTERVAL 1 DAY, strftime(sold_at, '%Y-%m') FROM silver.line",
          "SELECT sold_at::DATE, age(sold_at), sold_at AT TIME ZONE 'America/Sao_Paulo'"
              + " FROM silver.line",
          "SELECT day FROM generate_series(DATE '2011-01-01', DATE '2011-01-31', INTERVAL 1 DAY)"
              + " t(day) ANTI JOIN silver.line ON day = sold_at::DATE",
          "SELECT {'a': id, 'b': [1]}, MAP {'x': 1}, struct_pack(a := id).a FROM silver.line",
          "SELECT json_extract('{\"a\": 1}', '$.a'), '{\"a\": 1}'::JSON ->> 'a'",
          "SELECT * EXCLUDE (sold_at) REPLACE (price * 2 AS price) FROM silver.line",
          "SELECT COLUMNS('.*d') FROM silver.line",
          "SELECT CASE WHEN price > 1 THEN 'dear' ELSE 'cheap' END, coalesce(country, '?'),"
              + " nullif(id, 0), try_cast(country AS INTEGER), -id, id IN (1, 2), id BETWEEN 1 AND"
              + " 5, country LIKE 'F%', country ILIKE 'f%', NOT (id = 1), country IS NULL FROM"
              + " silver.line",
          "SELECT (SELECT max(id) FROM gold.revenue), EXISTS (FROM silver.line), id > ALL (SELECT"
              + " -1) FROM silver.line",
          "SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 2 EXCEPT SELECT 3",
          "SELECT DISTINCT ON (country) country, id FROM silver.line ORDER BY country, id",
          "SELECT country, grouping(country), sum(price) FROM silver.line GROUP BY ROLLUP"
              + " (country)",
          "SELECT * FROM silver.line USING SAMPLE 3",
          "SELECT * FROM silver.line l, LATERAL (SELECT l.id + 1 AS next), unnest([1, 2]) u(v)",
          "SELECT quantile_cont(price, 0.5), median(price), stddev(id), corr(id, price),"
              + " approx_count_distinct(id) FROM silver.line",
          "SELECT lpad(id::VARCHAR, 6, '0'), regexp_extract(country, '(F.*)', 1), upper(country),"
              + " country[1:2], country || '!' FROM silver.line",
          "VALUES (1, 'a'), (2, 'b')",
          "SELECT now() > sold_at, today(), current_date, epoch_ms(sold_at) FROM silver.line"
              + " -- a comment",
          "SELECT sum(price) AS s, s * 2 AS t FROM silver.line;",
          "SELECT id AS \"größe\", country /* ü */ FROM system.scores",
          "SELECT s.id FROM \"system\" . \"scores\" s JOIN SYSTEM.scores t USING (id)");

  @ParameterizedTest
  @FieldSource("HONEST")
  void runsHonestQuestions(String sql) {
    assertThat(run("admin", sql).columns()).isNotEmpty();
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
