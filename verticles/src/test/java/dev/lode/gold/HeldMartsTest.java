package dev.lode.gold;

import static dev.lode.gold.InvoiceLines.line;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import dev.lode.tables.Upsert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tenant never stops another; what time or chance has changed is made again. */
class HeldMartsTest {
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
  void aTestThatOneTenantFailsLeavesTheOthersCurrent() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT);
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"), line("b 1 X 1 1 c1"));
    keeper.keep(mart);
    Object[] foreign = line("b 2 X 1 1 c2");
    foreign[8] = "Spain";
    InvoiceLines.append(lake, foreign, line("a 2 X 1 1 c2"));

    assertThat(keeper.keep(mart)).isPresent();
    assertThat(rows("gold.spent"))
        .hasToString(
            "[[a, c1, 2.5000, 1, France], [a, c2, 1.0000, 1, France], [b, c1, 1.0000, 1, France]]");
    InvoiceLines.append(lake, line("a 3 X 1 1 c2"), line("b 3 X 5 1 c1"));
    assertThat(keeper(100).keep(mart)).isPresent();
    assertThat(rows("gold.spent", "SELECT tenant_id, customer_id, spent FROM t ORDER BY ALL"))
        .hasToString("[[a, c1, 2.5000], [a, c2, 2.0000], [b, c1, 1.0000]]");

    InvoiceLines.append(lake, line("b 4 X 1 1 c2"));
    assertThat(keeper.keep(mart).orElseThrow().failed()).isEmpty();
    assertThat(rows("gold.spent", "SELECT tenant_id, customer_id, spent FROM t ORDER BY ALL"))
        .hasToString("[[a, c1, 2.5000], [a, c2, 2.0000], [b, c1, 6.0000], [b, c2, 2.0000]]");
  }

  @Test
  void rowsOfOneTenantThatThrowLeaveTheOthersCurrent() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart =
        mart(
            "units",
            """
            -- description: Units per customer.
            -- materialization: incremental
            -- key: customer_id
            -- incremental: silver.invoice_line by customer_id
            SELECT tenant_id, customer_id, CAST(CAST(sum(quantity) AS TINYINT) AS INTEGER) AS units
            FROM silver.invoice_line WHERE customer_id IS NOT NULL GROUP BY ALL
            """);
    InvoiceLines.append(lake, line("a 1 X 2 1 c1"), line("b 1 X 900 1 c1"), line("c 1 X 4 1 c1"));

    assertThat(keeper.keep(mart).orElseThrow().failed())
        .singleElement()
        .satisfies(failed -> assertThat(failed.tenantId()).isEqualTo("b"))
        .satisfies(failed -> assertThat(failed.test()).isEqualTo("build"));
    assertThat(rows("gold.units")).hasToString("[[a, c1, 2], [c, c1, 4]]");
    InvoiceLines.append(lake, line("a 2 X 5 1 c1"), line("b 2 X 1 1 c2"));
    assertThat(keeper.keep(mart)).isPresent();
    assertThat(rows("gold.units")).hasToString("[[a, c1, 7], [c, c1, 4]]");

    InvoiceLines.append(lake, line("b 3 X -850 1 c1"));
    assertThat(keeper(100).keep(mart).orElseThrow().failed()).isEmpty();
    assertThat(rows("gold.units")).hasToString("[[a, c1, 7], [b, c1, 50], [b, c2, 1], [c, c1, 4]]");
  }

  @Test
  void blocksANullKeyInBothBuilds() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT.replace("WHERE customer_id IS NOT NULL ", ""));
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    keeper.keep(mart);
    InvoiceLines.append(lake, line("a 2 X 2 1.25 -"));

    assertThat(keeper.keep(mart)).isEmpty();
    assertThat(rows("system.mart_tests", "SELECT tenant_id, test FROM t"))
        .hasToString("[[a, not_null(customer_id)]]");
    assertThat(keeper.rebuild(mart).reason()).startsWith("not_null(customer_id) fails");
  }

  @Test
  void isBuiltAgainOnScheduleWhereItAsksForTheTime() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart =
        mart(
            "aged",
            """
            -- description: Ages.
            -- materialization: table
            -- key: customer_id
            -- schedule: every 10m
            SELECT tenant_id, customer_id, date_diff('day', min(invoice_date), now()) AS days
            FROM silver.invoice_line GROUP BY ALL
            """);
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    keeper.keep(mart);
    now = lake.head(mart.table()).orElseThrow().committedAt();

    assertThat(keeper.keep(mart)).isEmpty();
    now = now.plus(Duration.ofMinutes(10));
    assertThat(keeper.keep(mart)).isPresent();
  }

  @Test
  void anAuditMendsWhatAWholeBuildWouldNotGive() throws IOException {
    MartKeeper keeper = keeper(100);
    Mart mart = mart("spent", SPENT);
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"), line("b 1 X 1 1 c1"));
    keeper.keep(mart);
    try (Session session = lake.session()) {
      session.bind("t", Slice.now(mart.table()));
      String wrong = "SELECT * REPLACE (spent + 1 AS spent) FROM t WHERE tenant_id = 'a'";
      session.upsert(
          mart.table(), new Upsert(lake.spec(mart.table()).key(), wrong, null), Progress.NONE);
    }
    assertThat(keeper.keep(mart)).isEmpty();
    now = now.plus(Duration.ofHours(2));

    assertThat(keeper.keep(mart)).isPresent();
    assertThat(plan(mart)).isEqualTo("whole: an audit found that it differs");
    assertThat(rows("gold.spent", "SELECT spent FROM t ORDER BY 1"))
        .hasToString("[[1.0000], [2.5000]]");
    assertThat(rows("system.mart_tests", "SELECT tenant_id, test, passed FROM t ORDER BY 3"))
        .hasToString("[[a, audit, false], [a, audit, true]]");
    now = now.plus(Duration.ofHours(2));
    assertThat(keeper.keep(mart)).isEmpty();
  }

  private String plan(Mart mart) {
    return lake.head(mart.table()).orElseThrow().summary().get("lode.plan");
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
