package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.lode.codecs.Features;
import dev.lode.features.online.Reader;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TableSpec.Field;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The features that ship, over days of the real shop, against sums made in Java from the same
 * files.
 */
class RetailFeaturesTest {
  private static final TableName LINES = TableName.of("silver.invoice_line");
  private static final Instant NOW = Instant.parse("2011-01-06T15:30:00Z");

  /** Out of order: what is late must be counted where it belongs. */
  private static final List<List<String>> COMMITS =
      List.of(
          List.of("2010-12-01", "2010-12-07"),
          List.of("2010-12-06"),
          List.of("2011-01-06", "2010-12-08"),
          List.of("2011-01-05"));

  @TempDir Path folder;

  private record Line(
      String invoice, String code, long quantity, Instant at, BigDecimal price, String customer) {
    BigDecimal amount() {
      return price.multiply(BigDecimal.valueOf(quantity));
    }
  }

  @Test
  void equalSumsMadeFromTheFilesThemselves() throws IOException {
    Path data = data();
    assumeThat(data).as("the retail data is not beside the repository").isNotNull();
    var lines = new ArrayList<Line>();
    try (var features = TestFeatures.shipped(folder, NOW)) {
      features.lake.ensure(spec());
      var customers = features.materializer("customer_features");
      var products = features.materializer("product_features");
      for (List<String> days : COMMITS) {
        for (String day : days) {
          Path file = data.resolve(day + ".csv");
          append(features.lake, file);
          lines.addAll(read(file));
        }
        customers.catchUp();
        products.catchUp();
      }
      customersAreRight(features, lines);
      productsAreRight(features, lines);
    }
  }

  private static void customersAreRight(TestFeatures features, List<Line> lines) {
    var own = past(lines, Line::customer);
    assertThat(own).hasSizeGreaterThan(300);
    var answers = read(features, "customer_features_v1", own.keySet()).iterator();
    for (List<Line> each : own.values()) {
      long orders = each.stream().map(Line::invoice).distinct().count();
      BigDecimal spent = sum(each);
      Instant last = each.stream().map(Line::at).max(Instant::compareTo).orElseThrow();
      assertThat(answers.next().values())
          .containsExactly(
              orders,
              spent,
              spent.divide(BigDecimal.valueOf(orders), 2, RoundingMode.HALF_UP),
              last.toString(),
              (int) Duration.between(last.truncatedTo(ChronoUnit.DAYS), NOW).toDays());
    }
  }

  private static void productsAreRight(TestFeatures features, List<Line> lines) {
    Instant from = NOW.minus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS);
    var own = past(lines, Line::code);
    assertThat(own).hasSizeGreaterThan(1000);
    var answers = read(features, "product_features_v1", own.keySet()).iterator();
    for (List<Line> each : own.values()) {
      List<Line> recent =
          each.stream()
              .filter(line -> !line.at().isBefore(from) && line.at().isBefore(NOW))
              .toList();
      assertThat(answers.next().values())
          .containsExactly(
              recent.stream().mapToLong(Line::quantity).sum(),
              sum(recent),
              each.stream().mapToLong(Line::quantity).sum(),
              sum(each),
              each.stream().map(Line::at).max(Instant::compareTo).orElseThrow().toString());
    }
  }

  /** What had happened by now, by {@code key}. */
  private static Map<String, List<Line>> past(List<Line> lines, Function<Line, String> key) {
    return lines.stream()
        .filter(line -> !line.at().isAfter(NOW) && key.apply(line) != null)
        .collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
  }

  private static BigDecimal sum(List<Line> lines) {
    return lines.stream()
        .map(Line::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .setScale(4, RoundingMode.UNNECESSARY);
  }

  private static List<Features.Row> read(
      TestFeatures features, String service, Collection<String> ids) {
    var store = features.store;
    var limits = new Reader.Limits(ids.size(), features.clock);
    var entities = ids.stream().map(id -> Map.<String, Object>of("entity_id", id)).toList();
    return new Reader(store.catalog(), store.online(), store.states(), limits)
        .read(new Features.Read("default", List.of(service), entities))
        .result()
        .rows();
  }

  private static TableSpec spec() {
    return new TableSpec(
        LINES,
        List.of(
            Field.required("tenant_id", "VARCHAR", "d"),
            Field.required("invoice_no", "VARCHAR", "d"),
            Field.required("stock_code", "VARCHAR", "d"),
            Field.required("quantity", "INTEGER", "d"),
            Field.required("invoice_date", "TIMESTAMP WITH TIME ZONE", "d"),
            Field.required("unit_price", "DECIMAL(18,4)", "d"),
            Field.optional("customer_id", "VARCHAR", "d"),
            Field.optional("lineage_id", "UUID", "d")),
        List.of(),
        List.of("tenant_id", "month(invoice_date)"),
        "Lines.");
  }

  private static void append(Lake lake, Path file) {
    try (Session session = lake.session()) {
      session.append(
          LINES,
          """
          SELECT 'default' AS tenant_id, InvoiceNo AS invoice_no, StockCode AS stock_code,
            CAST(Quantity AS INTEGER) AS quantity,
            CAST(InvoiceDate AS TIMESTAMP) AT TIME ZONE 'UTC' AS invoice_date,
            CAST(UnitPrice AS DECIMAL(18,4)) AS unit_price,
            replace(nullif(CustomerID, ''), '.0', '') AS customer_id, uuidv7() AS lineage_id
          FROM read_csv('%s', all_varchar = true, header = true)"""
              .formatted(file),
          Progress.NONE);
    }
  }

  private static List<Line> read(Path file) throws IOException {
    var lines = new ArrayList<Line>();
    for (String text : Files.readAllLines(file).stream().skip(1).toList()) {
      String[] cells = text.replaceAll("\"[^\"]*\"", "quoted").split(",", -1);
      lines.add(
          new Line(
              cells[0],
              cells[1],
              Long.parseLong(cells[3]),
              Instant.parse(cells[4].replace(' ', 'T') + "Z"),
              new BigDecimal(cells[5]),
              cells[6].isEmpty() ? null : cells[6].replace(".0", "")));
    }
    return lines;
  }

  /** Beside the repository, however deep this runs in it; null where it is not. */
  private static Path data() {
    String given = System.getenv("LODE_SHARED_DATA");
    if (given != null) {
      return Path.of(given, "online-retail");
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path data = at.resolve("../shared/data/online-retail").normalize();
      if (Files.isDirectory(data)) {
        return data;
      }
    }
    return null;
  }
}
