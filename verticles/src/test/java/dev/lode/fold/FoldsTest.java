package dev.lode.fold;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableFile;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import dev.lode.tables.Upsert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FoldsTest {
  private static final TableName SALE = TableName.of("silver.sale");
  private static final List<String> KEY = List.of("tenant_id", "id");

  /** What the lake itself keeps. */
  private static final long SHELVES_OF_OTHERS = 1;

  private static final List<String> SHOP = List.of("tenant_id", "shop");

  @TempDir Path folder;
  private Lake lake;
  private Folds folds;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    folds = new Folds(lake, 1000);
    lake.ensure(spec("INTEGER"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private static TableSpec spec(String units) {
    return new TableSpec(
        SALE,
        List.of(
            TableSpec.Field.required("tenant_id", "VARCHAR", ""),
            TableSpec.Field.required("id", "BIGINT", ""),
            new TableSpec.Field("shop", "VARCHAR", false, ""),
            new TableSpec.Field("buyer", "VARCHAR", false, ""),
            new TableSpec.Field("units", units, false, ""),
            new TableSpec.Field("price", "DECIMAL(18,4)", false, ""),
            new TableSpec.Field("sold_at", "TIMESTAMP WITH TIME ZONE", false, "")),
        KEY,
        List.of("tenant_id"),
        "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        SELECT tenant_id, shop, count(*) AS sales, count(units) AS counted, sum(units) AS units,
          sum(price * units) FILTER (units > 0) AS revenue, min(sold_at) AS first,
          max(price) AS most, avg(price) AS mean, bool_or(units < 0) AS returned,
          count(DISTINCT buyer) AS buyers,
          count(DISTINCT units) FILTER (price > 2) AS counts,
          arg_max(buyer, (sold_at, id)) AS latest,
          arg_min(buyer, {moment: sold_at, id: id}) FILTER (buyer <> 'b1') AS earliest
        FROM silver.sale WHERE units IS DISTINCT FROM 3 GROUP BY ALL
        """,
        """
        WITH days AS (
          SELECT tenant_id, s.shop, CAST(sold_at AS DATE) AS day,
            coalesce(sum(s.units), 0) * 2 AS twice, day + 1 AS tomorrow
          FROM silver.sale AS s GROUP BY 1, s.shop, day)
        SELECT tenant_id, shop, arg_max(day, (twice, day)) AS best, count(*) AS days,
          max(tomorrow) AS last
        FROM days GROUP BY ALL
        """,
        """
        SELECT tenant_id, shop, upper(buyer) AS who, sum(units) > 4 AS much
        FROM silver.sale GROUP BY tenant_id, shop, upper(buyer)
        """,
      })
  void tellsWhatAllRowsWouldTell(String sql) {
    var random = new Random(sql.length());
    var query = new Folds.Query("sales", sql, SALE, SHOP, false);
    upsert("('a', 1, 's1', 2)");
    for (int step = 0; step < 60; step++) {
      String shop = "s" + random.nextInt(4);
      String touched = "SELECT t, '%s' FROM (VALUES ('a'), ('b')) AS x(t)".formatted(shop);
      assertThat(folded(query, touched)).contains(rows(sql, "shop = '%s'".formatted(shop)));
      for (int i = random.nextInt(3); i > 0; i--) {
        change(random);
      }
      if (random.nextInt(6) == 0) {
        compact();
      }
    }
  }

  private void compact() {
    lake.upkeep().files(SALE).stream()
        .collect(groupingBy(TableFile::partition, mapping(TableFile::location, toSet())))
        .forEach((partition, locations) -> lake.upkeep().rewrite(SALE, locations));
  }

  @Test
  void keepsTheTenantsOfAQueryThatDoesNotNameThem() {
    String sql = "SELECT shop, sum(units) AS units FROM silver.sale GROUP BY shop";
    var query = new Folds.Query("units", sql, SALE, SHOP, true);
    upsert("('a', 1, 's1', 2)", "('b', 1, 's1', 3)");
    assertThat(folded(query, "SELECT 'b', 's1'").orElseThrow()).hasToString("[[s1, 3]]");
    upsert("('b', 2, 's1', 4)", "('a', 3, 's1', 1)");
    assertThat(folded(query, "SELECT 'b', 's1'").orElseThrow()).hasToString("[[s1, 7]]");
    assertThat(folded(query, "SELECT 'a', 's1'").orElseThrow()).hasToString("[[s1, 3]]");
  }

  @Test
  void beginsAnewWhereAColumnHasWidened() {
    String sql = "SELECT tenant_id, shop, max(units) AS most FROM silver.sale GROUP BY ALL";
    var query = new Folds.Query("most", sql, SALE, SHOP, false);
    upsert("('a', 1, 's1', 2)");
    folded(query, "SELECT 'a', 's1'");
    lake.ensure(spec("BIGINT"));
    upsert("('a', 2, 's1', 5000000000)");
    assertThat(folded(query, "SELECT 'a', 's1'").orElseThrow())
        .hasToString("[[a, s1, 5000000000]]");
    assertThat(shelves()).isEqualTo(SHELVES_OF_OTHERS + 1);
  }

  @Test
  void triesAgainWhatFailedOnceItsTableHasMoved() {
    String sql =
        "SELECT tenant_id, shop, sum(CAST(shop AS INTEGER)) AS n FROM silver.sale GROUP BY ALL";
    var query = new Folds.Query("numbers", sql, SALE, SHOP, false);
    upsert("('a', 1, '7', 2)");
    assertThat(folded(query, "SELECT 'a', '7'").orElseThrow()).hasToString("[[a, 7, 7]]");
    upsert("('a', 2, 'x', 1)");
    assertThat(folded(query, "SELECT 'a', '7'")).isEmpty();
    assertThat(shelves()).isEqualTo(SHELVES_OF_OTHERS);
    assertThat(folded(query, "SELECT 'a', '7'")).isEmpty();
    remove("('a', 2)");
    assertThat(folded(query, "SELECT 'a', '7'").orElseThrow()).hasToString("[[a, 7, 7]]");
    assertThat(shelves()).isEqualTo(SHELVES_OF_OTHERS + 1);
    upsert("('a', 2, 'x', 1)");
    assertThat(folded(query, "SELECT 'a', '7'")).isEmpty();
    remove("('a', 2)");
    assertThat(folded(query, "SELECT 'a', '7'")).isEmpty();
    upsert("('a', 3, '7', 1)");
    assertThat(folded(query, "SELECT 'a', '7'").orElseThrow()).hasToString("[[a, 7, 14]]");
  }

  private long shelves() {
    try (Session session = lake.session()) {
      String sql =
          "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'shelf%' AND NOT"
              + " internal";
      return session.query(sql, 1).count();
    }
  }

  @Test
  void keepsNothingOfATableThatHasGrownTooLarge() {
    String sql = "SELECT tenant_id, shop, count(*) AS sales FROM silver.sale GROUP BY ALL";
    var query = new Folds.Query("sales", sql, SALE, SHOP, false);
    folds = new Folds(lake, 2);
    upsert("('a', 1, 's1', 2)", "('a', 2, 's1', 2)");
    assertThat(folded(query, "SELECT 'a', 's1'")).isPresent();
    upsert("('a', 3, 's1', 2)");
    assertThat(folded(query, "SELECT 'a', 's1'")).isEmpty();
    remove("('a', 1)");
    assertThat(folded(query, "SELECT 'a', 's1'").orElseThrow()).hasToString("[[a, s1, 2]]");
  }

  @ParameterizedTest
  @CsvSource({
    "marts/customer_360.sql, customer_id",
    "marts/daily_revenue.sql, CAST(invoice_date AS DATE)",
    "marts/product_performance.sql, stock_code",
    "vectors/products.yaml, stock_code",
  })
  void keepsWhatTheShopDeclares(String file, String key) throws IOException {
    String text = Files.readString(Path.of("../conf").resolve(file));
    String sql =
        file.endsWith(".yaml") ? new YAMLMapper().readTree(text).get("sql").asText() : text;
    var line = TableName.of("silver.invoice_line");
    var query = new Folds.Query(file, sql, line, List.of("tenant_id", key), true);
    var columns =
        Set.of(
            "tenant_id",
            "invoice_no",
            "stock_code",
            "description",
            "quantity",
            "invoice_date",
            "unit_price",
            "customer_id",
            "country",
            "lineage_id");
    try (Session session = lake.session()) {
      assertThat(FoldSql.of(session, query, columns).result()).contains(FoldSql.GROUPS);
    }
  }

  /** Each would be wrong, or is more than is known how to add to. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT tenant_id, shop, units FROM silver.sale",
        "SELECT tenant_id, shop, count(*) AS n FROM silver.sale GROUP BY ALL HAVING n > 1",
        "SELECT tenant_id, shop, sum(DISTINCT units) AS n FROM silver.sale GROUP BY ALL",
        "SELECT tenant_id, shop, string_agg(buyer) AS n FROM silver.sale GROUP BY ALL",
        "SELECT tenant_id, shop, count(*) AS n FROM silver.sale JOIN silver.sale AS o USING (id)"
            + " GROUP BY ALL",
        "SELECT tenant_id, shop, count(*) AS n FROM silver.sale WHERE sold_at > now() GROUP BY ALL",
        "SELECT tenant_id, shop, count(*) AS n FROM silver.sale GROUP BY CUBE (tenant_id, shop)",
        "SELECT tenant_id, shop, row_number() OVER (ORDER BY shop) AS n FROM silver.sale"
            + " GROUP BY tenant_id, shop",
        "SELECT tenant_id, shop, count(*) FROM silver.sale GROUP BY ALL",
        "SELECT tenant_id, shop, (SELECT max(id) FROM silver.sale) AS n FROM silver.sale"
            + " GROUP BY tenant_id, shop",
        "SELECT tenant_id, max(shop) AS shop FROM silver.sale GROUP BY tenant_id, buyer",
        "SELECT DISTINCT tenant_id, shop, sum(units) AS n FROM silver.sale GROUP BY ALL",
        "SELECT tenant_id, shop, list(units ORDER BY id) AS n FROM silver.sale GROUP BY ALL",
        "SELECT tenant_id, shop, max(units, 2) AS n FROM silver.sale GROUP BY ALL",
      })
  void leavesToTheRows(String sql) {
    upsert("('a', 1, 's1', 2)");
    var query = new Folds.Query("other", sql, SALE, SHOP, false);
    assertThat(folded(query, "SELECT 'a', 's1'")).isEmpty();
  }

  /** Sales come, change, move to another shop, and go. */
  private void change(Random random) {
    try (Session session = lake.session()) {
      int many = 1 + random.nextInt(random.nextInt(5) == 0 ? 40 : 4);
      String rows =
          """
          SELECT CASE hash(i, %1$d) %% 2 WHEN 0 THEN 'a' ELSE 'b' END AS tenant_id,
            hash(i, %2$d) %% %8$d AS id,
            nullif('s' || hash(i, %3$d) %% 4, 's3') AS shop,
            nullif('b' || hash(i, %4$d) %% 5, 'b4') AS buyer,
            nullif((hash(i, %5$d) %% 9)::INTEGER - 3, 5) AS units,
            (hash(i, %6$d) %% 50)::DECIMAL(18,4) / 10 AS price,
            TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_hours((hash(i, %7$d) %% 99)::INTEGER)
              AS sold_at
          FROM range(%9$d) r(i)
          QUALIFY row_number() OVER (PARTITION BY tenant_id, id) = 1"""
              .formatted(
                  random.nextInt(),
                  random.nextInt(),
                  random.nextInt(),
                  random.nextInt(),
                  random.nextInt(),
                  random.nextInt(),
                  random.nextInt(),
                  random.nextBoolean() ? 60 : 1_000_000,
                  many);
      boolean remove = random.nextInt(4) == 0;
      session.execute("CREATE TEMP TABLE came AS " + rows);
      session.upsert(
          SALE,
          new Upsert(
              KEY,
              remove ? null : "SELECT * FROM came",
              remove ? "SELECT tenant_id, id FROM came" : null),
          Progress.NONE);
    }
  }

  private void upsert(String... rows) {
    try (Session session = lake.session()) {
      String select =
          """
          SELECT *, NULL AS buyer, NULL AS price, NULL AS sold_at
          FROM (VALUES %s) AS t(tenant_id, id, shop, units)"""
              .formatted(String.join(", ", rows));
      session.upsert(SALE, new Upsert(KEY, select, null), Progress.NONE);
    }
  }

  private void remove(String row) {
    try (Session session = lake.session()) {
      String keys = "SELECT * FROM (VALUES %s) AS t(tenant_id, id)".formatted(row);
      session.upsert(SALE, new Upsert(KEY, null, keys), Progress.NONE);
    }
  }

  private Optional<List<List<Object>>> folded(Folds.Query query, String touched) {
    try (Session session = lake.session()) {
      long head = lake.head(SALE).orElseThrow().id();
      return folds
          .bind(session, query, head, touched)
          .map(sql -> session.query("SELECT * FROM (" + sql + ") ORDER BY ALL", 1000).rows());
    }
  }

  private List<List<Object>> rows(String sql, String condition) {
    try (Session session = lake.session()) {
      session.bind(SALE.toString(), Slice.now(SALE));
      String select = "SELECT * FROM (%s) WHERE %s ORDER BY ALL".formatted(sql, condition);
      return session.query(select, 1000).rows();
    }
  }
}
