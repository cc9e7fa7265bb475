package dev.lode.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The marts that ship, over days of the real shop, against sums in plain Java. */
class RetailMartsTest {
  @TempDir Path folder;
  private Lake lake;
  private MartKeeper keeper;
  private List<Mart> marts;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
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
    var schedulesAreDue = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    keeper = new MartKeeper(lake, config, schedulesAreDue);
    try (Session session = lake.session()) {
      marts = Marts.read(InvoiceLines.repository("conf/marts"), session).orThrow();
    }
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void agreeWithSumsMadeByHandWhetherBuiltAtOnceOrDayByDay() throws IOException {
    List<Path> days = days();
    for (Path day : days) {
      load(day);
      marts.forEach(keeper::keep);
    }
    List<List<Object>> lines = query("silver.invoice_line", "SELECT * FROM t");
    assertThat(lines).hasSizeGreaterThan(5000);
    var daily = query("gold.daily_revenue", "SELECT day, revenue, lines, invoices FROM t");
    var customers =
        query(
            "gold.customer_360",
            "SELECT customer_id, total_orders, total_spent, avg_order_value, first_order_date,"
                + " last_order_date FROM t");
    var products = query("gold.product_performance", "SELECT stock_code, quantity, revenue FROM t");

    assertThat(sorted(daily)).isEqualTo(Sums.days(lines));
    assertThat(sorted(customers)).isEqualTo(Sums.customers(lines));
    assertThat(sorted(products)).isEqualTo(Sums.products(lines));
    for (Mart mart : marts) {
      var incremental = query(mart.table().toString(), "FROM t ORDER BY ALL");
      keeper.rebuild(mart);
      assertThat(query(mart.table().toString(), "FROM t ORDER BY ALL")).isEqualTo(incremental);
    }
  }

  @Test
  void countRetentionByTheMonthOfTheFirstOrder() {
    InvoiceLines.append(
        lake,
        InvoiceLines.line("a 1 X 1 1 c1 2010-12-05T10:00:00Z"),
        InvoiceLines.line("a 2 X 1 1 c1 2011-02-05T10:00:00Z"),
        InvoiceLines.line("a 3 X 1 1 c2 2010-12-31T23:59:59Z"),
        InvoiceLines.line("a 4 X 1 1 c3 2010-12-01T00:00:00Z"),
        InvoiceLines.line("a 5 X 1 1 c4 2011-01-01T00:00:00Z"),
        InvoiceLines.line("b 6 X 1 1 c1 2011-02-01T00:00:00Z"));
    marts.forEach(keeper::keep);

    assertThat(
            query(
                "gold.cohort_retention",
                "SELECT tenant_id, cohort, months_since, customers, retention FROM t ORDER BY ALL"))
        .hasToString(
            "[[a, 2010-12-01, 0, 3, 1.0000], [a, 2010-12-01, 2, 1, 0.3333],"
                + " [a, 2011-01-01, 0, 1, 1.0000], [b, 2011-02-01, 0, 1, 1.0000]]");
  }

  private static List<Path> days() throws IOException {
    String given = System.getenv("LODE_SHARED_DATA");
    Path data =
        given == null
            ? InvoiceLines.repository("../shared/data/online-retail")
            : Path.of(given, "online-retail");
    assumeTrue(Files.isDirectory(data), "needs ../shared/data/online-retail");
    try (var files = Files.list(data)) {
      return files.filter(file -> file.toString().endsWith(".csv")).sorted().limit(4).toList();
    }
  }

  private void load(Path day) {
    lake.ensure(InvoiceLines.SPEC);
    try (Session session = lake.session()) {
      session.append(
          InvoiceLines.TABLE,
          """
          SELECT 'a' AS tenant_id, InvoiceNo AS invoice_no, StockCode AS stock_code,
            Description AS description, CAST(Quantity AS INTEGER) AS quantity,
            timezone('UTC', CAST(InvoiceDate AS TIMESTAMP)) AS invoice_date,
            CAST(UnitPrice AS DECIMAL(18,4)) AS unit_price,
            replace(CustomerID, '.0', '') AS customer_id, Country AS country,
            uuid() AS lineage_id, []::VARCHAR[] AS _flags
          FROM read_csv('%s', all_varchar = true)\
          """
              .formatted(day),
          Progress.NONE);
    }
  }

  private List<List<Object>> query(String table, String sql) {
    try (Session session = lake.session()) {
      session.bind("t", Slice.now(dev.lode.tables.TableName.of(table)));
      return session.query(sql, 1_000_000).rows();
    }
  }

  /** By the first column, money without its trailing zeros. */
  private static Map<String, List<Object>> sorted(List<List<Object>> rows) {
    var sorted = new TreeMap<String, List<Object>>();
    for (List<Object> row : rows) {
      sorted.put(
          row.getFirst().toString(), row.stream().skip(1).map(RetailMartsTest::plain).toList());
    }
    return sorted;
  }

  private static Object plain(Object value) {
    return value instanceof BigDecimal money ? money.stripTrailingZeros() : value;
  }

  /** Lines in the order of {@link InvoiceLines#SPEC}. */
  private static final class Sums {
    BigDecimal amount = BigDecimal.ZERO;
    long lines;
    long quantity;
    LocalDate first = LocalDate.MAX;
    LocalDate last = LocalDate.MIN;
    final HashSet<Object> invoices = new HashSet<>();

    private static Map<String, Sums> by(List<List<Object>> lines, int column) {
      var groups = new TreeMap<String, Sums>();
      for (List<Object> line : lines) {
        LocalDate day = LocalDate.parse(line.get(5).toString().substring(0, 10));
        Object key = column == 5 ? day : line.get(column);
        if (key != null) {
          var sums = groups.computeIfAbsent(key.toString(), name -> new Sums());
          int quantity = (Integer) line.get(4);
          var price = (BigDecimal) line.get(6);
          sums.amount = sums.amount.add(price.multiply(BigDecimal.valueOf(quantity)));
          sums.lines++;
          sums.quantity += quantity;
          sums.first = day.isBefore(sums.first) ? day : sums.first;
          sums.last = day.isAfter(sums.last) ? day : sums.last;
          sums.invoices.add(line.get(1));
        }
      }
      return groups;
    }

    static Map<String, List<Object>> days(List<List<Object>> lines) {
      var rows = new TreeMap<String, List<Object>>();
      by(lines, 5)
          .forEach(
              (day, sums) ->
                  rows.put(
                      day, List.of(plain(sums.amount), sums.lines, (long) sums.invoices.size())));
      return rows;
    }

    static Map<String, List<Object>> customers(List<List<Object>> lines) {
      var rows = new TreeMap<String, List<Object>>();
      by(lines, 7)
          .forEach(
              (customer, sums) -> {
                long orders = sums.invoices.size();
                var mean = sums.amount.divide(BigDecimal.valueOf(orders), 2, RoundingMode.HALF_UP);
                rows.put(
                    customer,
                    List.of(orders, plain(sums.amount), plain(mean), sums.first, sums.last));
              });
      return rows;
    }

    static Map<String, List<Object>> products(List<List<Object>> lines) {
      var rows = new TreeMap<String, List<Object>>();
      by(lines, 2)
          .forEach((stock, sums) -> rows.put(stock, List.of(sums.quantity, plain(sums.amount))));
      return rows;
    }
  }
}
