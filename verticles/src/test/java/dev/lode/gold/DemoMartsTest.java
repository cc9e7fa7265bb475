package dev.lode.gold;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.proof.Proof;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoMartsTest {
  @TempDir Path folder;
  private Lake lake;
  private MartKeeper keeper;
  private List<Mart> marts;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    table(
        "invoice",
        "invoice_id customer_id product_id quantity:INTEGER amount:DECIMAL(18,2)"
            + " currency status invoice_date:TIMESTAMP WITH TIME ZONE");
    table("customer", "customer_id name country segment");
    table("product", "product_id name category price:DECIMAL(18,2)");
    table(
        "inventory",
        "product_id warehouse on_hand:INTEGER reserved:INTEGER"
            + " updated_at:TIMESTAMP WITH TIME ZONE");
    put("customer", "'c1', 'Ana', 'BR', 'smb'", "'c2', 'Bob', 'US', 'ent'");
    put("product", "'p1', 'Pump', 'parts', 10", "'p2', 'Pipe', 'parts', 2");
    put(
        "invoice",
        "'i1', 'c1', 'p1', 2, 20.00, 'BRL', 'paid', TIMESTAMPTZ '2025-11-30 23:59:00Z'",
        "'i2', 'c1', 'p1', 1, 10.05, 'BRL', 'open', TIMESTAMPTZ '2025-12-01 00:00:00Z'",
        "'i3', 'c1', 'p1', 1, 10.00, 'BRL', 'void', TIMESTAMPTZ '2025-12-01 01:00:00Z'",
        "'i4', 'c9', 'p1', 9, 90.00, 'USD', 'paid', TIMESTAMPTZ '2025-12-01 02:00:00Z'");
    put(
        "inventory",
        "'p1', 'w1', 5, 1, TIMESTAMPTZ '2025-12-01 00:00:00Z'",
        "'p1', 'w2', 5, 1, TIMESTAMPTZ '2025-12-01 00:00:00Z'",
        "'p2', 'w1', 1, 1, TIMESTAMPTZ '2025-12-01 00:00:00Z'");
    var config =
        new LodeConfig.Gold(
            Span.parse("1h"),
            1000,
            1000,
            64,
            1_000_000,
            Span.parse("1m"),
            Span.parse("1h"),
            100,
            Span.parse("30s"));
    keeper = new MartKeeper(lake, config, Clock.systemUTC());
    try (Session session = lake.session()) {
      marts =
          Marts.read(InvoiceLines.repository("conf/demo/marts"), session, Proof.Tables.of(lake))
              .orThrow();
    }
    marts.forEach(mart -> assertThat(keeper.keep(mart)).as(mart.name()).isPresent());
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void countCashOnTheDayOfTheInvoice() {
    assertThat(query("daily_cash", "day, currency, cash_in, invoices, open_amount"))
        .hasToString(
            "[[2025-11-30, BRL, 20.00, 1, 0.00], [2025-12-01, BRL, 0.00, 2, 10.05],"
                + " [2025-12-01, USD, 90.00, 1, 0.00]]");
  }

  @Test
  void describeWhoOrderedEvenWhereTheCustomerIsUnknown() {
    assertThat(
            query("customer_360", "customer_id, name, total_orders, total_spent, avg_order_value"))
        .hasToString("[[c1, Ana, 2, 30.05, 15.03], [c9, null, 1, 90.00, 90.00]]");

    put("customer", "'c9', 'Cleo', 'PT', 'smb'");
    keeper.keep(mart("customer_360"));
    assertThat(lake.head(TableName.of("gold.customer_360")).orElseThrow().summary())
        .containsEntry("lode.plan", "1 keys");
    assertThat(query("customer_360", "customer_id, name")).hasToString("[[c1, Ana], [c9, Cleo]]");
  }

  @Test
  void countSalesOfEveryProductOfTheCatalogue() {
    assertThat(query("product_performance", "product_id, quantity, revenue, orders"))
        .hasToString("[[p1, 12, 120.05, 3], [p2, 0, 0.00, 0]]");
  }

  @Test
  void setWhatIsOnHandAgainstWhatSells() {
    assertThat(query("inventory_status", "product_id, available, sold_last_30d, status"))
        .hasToString("[[p1, 8, 13, low], [p2, 0, 0, out_of_stock]]");
  }

  private Mart mart(String name) {
    return marts.stream().filter(mart -> mart.name().equals(name)).findFirst().orElseThrow();
  }

  /** {@code name:type name}, VARCHAR where there is no type. */
  private void table(String name, String columns) {
    var fields = new ArrayList<TableSpec.Field>();
    fields.add(required("tenant_id", "VARCHAR", ""));
    for (String column : columns.split(" (?=[a-z_]+(:|\\b))", -1)) {
      String[] parts = column.split(":", 2);
      fields.add(optional(parts[0], parts.length == 1 ? "VARCHAR" : parts[1], ""));
    }
    String key = fields.get(1).name();
    lake.ensure(
        new TableSpec(
            new TableName("silver", name),
            fields,
            List.of("tenant_id", key),
            List.of("tenant_id"),
            "Rows."));
  }

  private void put(String name, String... rows) {
    var table = new TableName("silver", name);
    String columns =
        lake.spec(table).fields().stream()
            .map(TableSpec.Field::name)
            .collect(Collectors.joining(", "));
    String values =
        List.of(rows).stream().map(row -> "('a', " + row + ")").collect(Collectors.joining(", "));
    try (Session session = lake.session()) {
      session.append(
          table, "SELECT * FROM (VALUES %s) v(%s)".formatted(values, columns), Progress.NONE);
    }
  }

  private List<List<Object>> query(String mart, String columns) {
    try (Session session = lake.session()) {
      session.bind("t", Slice.now(new TableName("gold", mart)));
      return session.query("SELECT " + columns + " FROM t ORDER BY ALL", 100).rows();
    }
  }
}
