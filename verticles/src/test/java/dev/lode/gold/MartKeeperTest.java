package dev.lode.gold;

import static dev.lode.gold.InvoiceLines.line;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import dev.lode.tables.Upsert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MartKeeperTest {
  private static final String SPENT =
      """
      -- description: Spent per customer.
      -- materialization: incremental
      -- key: customer_id
      -- incremental: silver.invoice_line by customer_id
      -- tests: not_null(spent), accepted_values(country, France)
      SELECT tenant_id, customer_id, sum(quantity * unit_price) AS spent, count(*) AS lines,
        min(country) AS country
      FROM silver.invoice_line WHERE customer_id IS NOT NULL GROUP BY ALL
      """;

  @TempDir Path folder;
  @TempDir Path marts;
  private Lake lake;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void waitsQuietlyUntilItsInputsExist() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT);

    assertThat(keeper.keep(mart)).isEmpty();
    assertThat(lake.exists(mart.table())).isFalse();

    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    assertThat(keeper.keep(mart)).isPresent();
    assertThat(rows("gold.spent")).hasToString("[[a, c1, 2.5000, 1, France]]");
  }

  @Test
  void namesTheSnapshotsThatItCameFrom() throws IOException {
    Mart mart = mart("spent", SPENT);
    var input = InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));

    keeper(100).keep(mart);

    assertThat(lake.head(mart.table()).orElseThrow().watermark(InvoiceLines.TABLE))
        .isEqualTo(input.id());
  }

  @Test
  void rebuildsOnlyTouchedKeys() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT);
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"), line("b 1 X 1 7 c1"));
    keeper.keep(mart);
    InvoiceLines.append(lake, line("a 2 Y -1 0.5 c1"));

    var kept = keeper.keep(mart).orElseThrow();

    assertThat(kept.snapshot().summary())
        .containsEntry("lode.plan", "1 keys")
        .containsEntry("added-records", "1");
    assertThat(rows("gold.spent"))
        .hasToString("[[a, c1, 2.0000, 2, France], [b, c1, 7.0000, 1, France]]");
  }

  @Test
  void isBuiltWholeWhereAColumnOfItsInputsHasWidened() throws IOException {
    var stock = TableName.of("silver.stock");
    lake.ensure(stock(stock, "INTEGER"));
    lake.append(stock, List.<Object[]>of(new Object[] {"a", "X", 1}), Progress.NONE);
    MartKeeper keeper = keeper(100);
    Mart mart =
        mart(
            "most",
            """
            -- description: The most of each.
            -- materialization: incremental
            -- key: id
            -- incremental: silver.stock by id
            SELECT tenant_id, id, max(n) AS n FROM silver.stock GROUP BY ALL
            """);
    keeper.keep(mart);
    lake.ensure(stock(stock, "BIGINT"));
    lake.append(stock, List.<Object[]>of(new Object[] {"a", "Y", 5_000_000_000L}), Progress.NONE);

    assertThat(keeper.keep(mart).orElseThrow().snapshot().summary())
        .containsEntry("lode.plan", "whole: the columns of its inputs changed");
    assertThat(rows("gold.most")).hasToString("[[a, X, 1], [a, Y, 5000000000]]");
  }

  private static TableSpec stock(TableName name, String type) {
    return new TableSpec(
        name,
        List.of(
            TableSpec.Field.required("tenant_id", "VARCHAR", ""),
            TableSpec.Field.required("id", "VARCHAR", ""),
            TableSpec.Field.required("n", type, "")),
        List.of(),
        List.of("tenant_id"),
        "");
  }

  @Test
  void movesItsWatermarkEvenWhereNoKeyIsTouched() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT);
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    keeper.keep(mart);
    var input = InvoiceLines.append(lake, line("a 2 Y 1 1 -"));

    keeper.keep(mart);

    assertThat(lake.head(mart.table()).orElseThrow().watermark(InvoiceLines.TABLE))
        .isEqualTo(input.id());
    assertThat(keeper.keep(mart)).isEmpty();
  }

  @Test
  void incrementalRebuildsLeaveWhatAFullOneWould() throws IOException {
    MartKeeper keeper = keeper(8);
    Mart mart = mart("spent", SPENT);
    var random = new Random(7);
    InvoiceLines.append(lake, line("a 0 X 1 1 c0"));
    for (int step = 0; step < 12; step++) {
      change(random);
      if (random.nextInt(3) > 0) {
        keeper.keep(mart);
      }
    }
    keeper.keep(mart);

    assertThat(rows("gold.spent")).isEqualTo(independent());
    assertThat(lake.history(mart.table()).stream().map(built -> built.summary().get("lode.plan")))
        .anyMatch(plan -> plan.endsWith(" keys"))
        .contains("whole: too many keys changed");
  }

  @Test
  void rebuildsWholeWhereMoreThanHalfOfItChanged() throws IOException {
    MartKeeper keeper = keeper(2, 6);
    Mart mart = mart("spent", SPENT);
    arrive(10);
    keeper.keep(mart);
    arrive(5);
    keeper.keep(mart);
    assertThat(plan(mart)).isEqualTo("5 keys");
    arrive(6);
    keeper.keep(mart);
    assertThat(plan(mart)).isEqualTo("whole: too many keys changed");
  }

  private String plan(Mart mart) {
    return lake.head(mart.table()).orElseThrow().summary().get("lode.plan");
  }

  private void arrive(int customers) {
    for (int i = 0; i < customers; i++) {
      InvoiceLines.append(lake, line("a 0 X 1 1 c" + i));
    }
  }

  /** Lines come, change, and go; so do whole customers. */
  private void change(Random random) {
    String tenant = random.nextBoolean() ? "a" : "b";
    try (Session session = lake.session()) {
      session.bind("line", Slice.now(InvoiceLines.TABLE));
      int kind = random.nextInt(4);
      String customer = "c" + random.nextInt(12);
      if (kind == 0) {
        String key =
            "SELECT tenant_id, lineage_id FROM line WHERE customer_id = '" + customer + "'";
        session.upsert(
            InvoiceLines.TABLE, new Upsert(InvoiceLines.SPEC.key(), null, key), Progress.NONE);
      } else if (kind == 1) {
        session.upsert(
            InvoiceLines.TABLE,
            new Upsert(
                InvoiceLines.SPEC.key(),
                "SELECT * REPLACE ('"
                    + customer
                    + "' AS customer_id) FROM line USING SAMPLE 2 ROWS",
                null),
            Progress.NONE);
      } else {
        var lines = new ArrayList<Object[]>();
        lines.add(line(tenant + " 0 X " + random.nextInt(9) + " 1.01 " + customer));
        for (int i = 1; kind == 3 && i < 12; i++) {
          lines.add(line(tenant + " " + i + " X " + random.nextInt(9) + " 1.01 c" + i));
        }
        InvoiceLines.append(lake, lines.toArray(Object[][]::new));
      }
    }
  }

  private List<List<Object>> independent() {
    return rows(
        InvoiceLines.TABLE.toString(),
        "SELECT tenant_id, customer_id, CAST(sum(quantity * unit_price) AS DECIMAL(38,4)), "
            + "count(*), 'France' FROM t WHERE customer_id IS NOT NULL GROUP BY 1, 2 ORDER BY ALL");
  }

  @Test
  void keepsTheOldRowsWhileATestFails() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT);
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    keeper.keep(mart);
    Object[] foreign = line("b 2 X 1 1 c2");
    foreign[8] = "Spain";
    InvoiceLines.append(lake, foreign);

    assertThat(keeper.keep(mart)).isEmpty();
    assertThat(keeper(100).keep(mart)).isEmpty();
    assertThat(rows("gold.spent")).hasToString("[[a, c1, 2.5000, 1, France]]");
    String columns = "SELECT tenant_id, mart, test, passed, failing_rows, sample FROM t";
    assertThat(rows("system.mart_tests", columns))
        .hasToString("[[b, spent, accepted_values(country, France), false, 1, Spain]]");

    InvoiceLines.append(lake, line("b 3 X 1 1 c2"));
    assertThat(keeper(100).keep(mart)).isPresent();
    assertThat(rows("gold.spent"))
        .hasToString("[[a, c1, 2.5000, 1, France], [b, c2, 2.0000, 2, France]]");
    assertThat(rows("system.mart_tests", columns)).hasSize(2);
  }

  @Test
  void refusesAKeyThatNamesTwoRows() throws IOException {
    Mart mart = mart("spent", SPENT.replace("min(country)", "country"));
    Object[] foreign = line("a 2 X 1 1 c1");
    foreign[8] = "Spain";
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"), foreign);

    assertThat(keeper(100).rebuild(mart).reason())
        .contains("unique(customer_id) fails for 1 rows of tenant a (c1)");
  }

  @Test
  void waitsForTheParentsThatATestAsksFor() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart =
        mart(
            "spent",
            SPENT.replace("not_null(spent)", "relationships(customer_id, gold.known.customer_id)"));
    Mart known =
        mart(
            "known",
            """
            -- description: Known customers.
            -- materialization: table
            -- key: customer_id
            SELECT DISTINCT tenant_id, customer_id FROM silver.invoice_line
            WHERE customer_id IS NOT NULL
            """);
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    keeper.keep(known);
    keeper.keep(mart);
    InvoiceLines.append(lake, line("a 2 X 2 1.25 c2"));

    assertThat(keeper.keep(mart)).isEmpty();
    assertThat(keeper.keep(known)).isPresent();
    assertThat(keeper.keep(mart)).isPresent();
  }

  @Test
  void saysWhichColumnHasATypeThatNoTableHas() throws IOException {
    Mart mart = mart("spent", SPENT.replace("count(*) AS lines", "sum(quantity) AS lines"));
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));

    assertThat(keeper(100).rebuild(mart).reason())
        .isEqualTo(
            "Cannot build gold.spent: column lines is HUGEINT"
                + " (cast it to BIGINT, DECIMAL(p,s), VARCHAR...)");
  }

  @Test
  void gathersTheFilesThatUpsertsLeave() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT);
    for (int i = 0; i < 6; i++) {
      InvoiceLines.append(lake, line("a 1 X " + i + " 1 c" + i));
      keeper.keep(mart);
    }

    assertThat(lake.history(mart.table()).reversed())
        .extracting(built -> built.summary().get("total-data-files"))
        .containsExactly("1", "2", "3", "4", "1", "2");
    assertThat(rows("gold.spent", "SELECT customer_id, spent FROM t ORDER BY 1"))
        .hasToString(
            "[[c0, 0.0000], [c1, 1.0000], [c2, 2.0000], [c3, 3.0000], [c4, 4.0000],"
                + " [c5, 5.0000]]");
  }

  @Test
  void rebuildsWhenTheMartIsChanged() throws IOException {
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    keeper(100).keep(mart("spent", SPENT));

    keeper(100).keep(mart("spent", SPENT.replace("sum(quantity", "2 * sum(quantity")));

    assertThat(rows("gold.spent", "SELECT spent FROM t")).hasToString("[[5.0000]]");
  }

  @Test
  void buildsOnScheduleAndNotBefore() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT.replace("-- tests", "-- schedule: every 1h\n-- tests"));
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    assertThat(keeper.keep(mart)).isPresent();
    InvoiceLines.append(lake, line("a 2 X 2 1.25 c1"));
    now = lake.head(mart.table()).orElseThrow().committedAt();

    assertThat(keeper.keep(mart)).isEmpty();
    now = now.plus(Duration.ofHours(1));
    assertThat(keeper.keep(mart)).isPresent();
  }

  private Mart mart(String name, String text) throws IOException {
    Files.writeString(marts.resolve(name + ".sql"), text);
    try (Session session = lake.session()) {
      return Marts.read(marts, session).orThrow().stream()
          .filter(mart -> mart.name().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  private MartKeeper keeper(int keys) {
    return keeper(keys, keys);
  }

  private MartKeeper keeper(int keysMin, int keysMax) {
    var clock =
        new Clock() {
          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            now = now.plusMillis(1);
            return now;
          }
        };
    var config = KnownTables.config(keysMin, keysMax, 3);
    return new MartKeeper(lake, config, clock);
  }

  private List<List<Object>> rows(String table) {
    return rows(table, "SELECT * FROM t ORDER BY ALL");
  }

  private List<List<Object>> rows(String table, String sql) {
    try (Session session = lake.session()) {
      session.bind("t", Slice.now(TableName.of(table)));
      return session.query(sql, 10_000).rows();
    }
  }
}
