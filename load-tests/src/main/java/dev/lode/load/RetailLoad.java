package dev.lode.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Posts every day of the shop through {@code ./lode ingest} into a running {@code ./lode up},
 * measures until every layer shows every line, and compares every total with {@link RetailOracle}.
 * With {@code kill}, the server is killed in the middle, started again, and the same files are
 * posted again.
 *
 * <p>Arguments: home, folder of day files, data directory, port, [kill].
 */
public final class RetailLoad {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final LodeProcess lode;
  private final LodeClient client;
  private final List<String> ingest;
  private final RetailOracle oracle = new RetailOracle();

  private RetailLoad(LodeProcess lode, List<Path> files) throws IOException {
    this.lode = lode;
    this.client = new LodeClient(lode.url());
    this.ingest =
        new ArrayList<>(List.of("ingest", "--source", "retail", "--entity", "invoice_line"));
    for (Path file : files) {
      ingest.add(file.toString());
      oracle.read(file);
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length < 4) {
      System.err.println("Usage: RetailLoad HOME DAYS_FOLDER DATA_DIR PORT [kill]");
      System.exit(2);
    }
    List<Path> files;
    try (var listed = Files.list(Path.of(arguments[1]))) {
      files = listed.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
    }
    boolean right;
    try (var lode =
        new LodeProcess(
            Path.of(arguments[0]), Path.of(arguments[2]), Integer.parseInt(arguments[3]))) {
      lode.start();
      var load = new RetailLoad(lode, files);
      if (arguments.length > 4) {
        load.killInTheMiddle();
      }
      right = load.loadAndCompare();
      System.out.println(lode.memory());
    }
    System.exit(right ? 0 : 1);
  }

  private void killInTheMiddle() throws IOException, InterruptedException {
    Process posting = lode.clientProcess(ingest);
    while (count("SELECT count(*) FROM bronze.retail_invoice_line") < oracle.lines.size() / 3) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    lode.kill();
    posting.destroy();
    posting.waitFor();
    System.out.println("Killed in the middle of the load; starting again.");
    lode.start();
  }

  private boolean loadAndCompare() throws IOException, InterruptedException {
    long start = System.nanoTime();
    int exit = lode.client(ingest);
    double posted = (System.nanoTime() - start) / 1e9;
    boolean complete = exit == 0 && settled(start);
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d lines: posted in %.1f s (%.0f lines/s), in every layer after %.1f s (%.0f lines/s)%n",
        oracle.lines.size(),
        posted,
        oracle.lines.size() / posted,
        seconds,
        oracle.lines.size() / seconds);
    return compare() && complete;
  }

  /** Something that shows every line, or does not yet. */
  private interface Layer {
    boolean complete() throws IOException, InterruptedException;
  }

  /**
   * Waits until every layer shows the last line, one after another so that the asking costs little.
   */
  private boolean settled(long start) throws IOException, InterruptedException {
    for (var layer : layers().entrySet()) {
      while (!layer.getValue().complete()) {
        if (System.nanoTime() - start > PATIENCE_NANOS) {
          System.out.println("Not complete after 5 minutes: " + layer.getKey());
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(100);
      }
      System.out.printf(
          Locale.ROOT,
          "%-24s complete after %.1f s%n",
          layer.getKey(),
          (System.nanoTime() - start) / 1e9);
    }
    return true;
  }

  private Map<String, Layer> layers() {
    long lines = oracle.lines.size();
    int products = oracle.described().size();
    var layers = new LinkedHashMap<String, Layer>();
    layers.put("silver", () -> count("SELECT count(*) FROM silver.invoice_line") == lines);
    layers.put("daily_revenue", () -> count("SELECT sum(lines) FROM gold.daily_revenue") == lines);
    layers.put(
        "product_performance",
        () -> count("SELECT sum(quantity) FROM gold.product_performance") == oracle.quantity());
    layers.put("features", this::featuresShow);
    layers.put("vectors", () -> vectorsShow(products));
    return layers;
  }

  /** Asks for those who bought last alone: it is asked again and again. */
  private boolean featuresShow() throws IOException, InterruptedException {
    List<String> last =
        oracle.lines.subList(oracle.lines.size() - 1000, oracle.lines.size()).stream()
            .map(RetailOracle.Line::customer)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    return differences(customerFeatures(last), last.size()).isEmpty();
  }

  private boolean vectorsShow(int products) throws IOException, InterruptedException {
    return client.get("/v1/dashboard").at("/vector_store/total_vectors").asInt() == products;
  }

  private boolean compare() throws IOException, InterruptedException {
    long lines = oracle.lines.size();
    Set<String> customers = oracle.customers().keySet();
    boolean right = true;
    right &= equal("bronze lines", lines, count("SELECT count(*) FROM bronze.retail_invoice_line"));
    right &=
        equal(
            "bronze lines, distinct",
            lines,
            count("SELECT count(DISTINCT (batch_id, position)) FROM bronze.retail_invoice_line"));
    right &= equal("silver lines", lines, count("SELECT count(*) FROM silver.invoice_line"));
    right &= none("daily revenue", days());
    right &=
        none(
            "customer features",
            differences(customerFeatures(List.copyOf(customers)), customers.size()));
    return right;
  }

  private List<String> days() throws IOException, InterruptedException {
    JsonNode rows =
        client.sql("SELECT CAST(day AS VARCHAR), revenue, lines, invoices FROM gold.daily_revenue");
    var wrong = new ArrayList<String>();
    var days = oracle.days();
    for (JsonNode row : rows) {
      List<Object> expected = days.get(row.get(0).asText());
      if (expected == null
          || row.get(1).decimalValue().compareTo((BigDecimal) expected.get(0)) != 0
          || row.get(2).asLong() != ((Number) expected.get(1)).longValue()
          || row.get(3).asLong() != ((Number) expected.get(2)).longValue()) {
        wrong.add(row + " expected " + expected);
      }
    }
    if (rows.size() != days.size()) {
      wrong.add(rows.size() + " days, expected " + days.size());
    }
    return wrong;
  }

  private JsonNode customerFeatures(List<String> customers)
      throws IOException, InterruptedException {
    return client.tool("get_customer_features", Map.of("customer_ids", customers)).get("rows");
  }

  private List<String> differences(JsonNode answer, int customers) {
    var wrong = new ArrayList<String>();
    var expected = oracle.customers();
    if (answer.size() != customers) {
      wrong.add(answer.size() + " customers, expected " + customers);
    }
    for (JsonNode row : answer) {
      List<Object> customer = expected.get(row.get("entity").get("customer_id").asText());
      JsonNode features = row.get("features");
      if (features.get("total_spent").isNull()
          || features.get("total_orders").asLong() != ((Number) customer.get(0)).longValue()
          || features.get("total_spent").decimalValue().compareTo((BigDecimal) customer.get(1))
              != 0) {
        wrong.add(row + " expected " + customer);
      }
    }
    return wrong;
  }

  private long count(String sql) throws IOException, InterruptedException {
    try {
      return client.sql(sql).get(0).get(0).asLong();
    } catch (IOException notThere) {
      return -1;
    }
  }

  private static boolean equal(String what, long expected, long actual) {
    System.out.printf(
        Locale.ROOT,
        "%-24s %s%n",
        what,
        expected == actual ? "equal: " + actual : actual + " expected " + expected);
    return expected == actual;
  }

  private static boolean none(String what, List<String> wrong) {
    System.out.printf(
        Locale.ROOT,
        "%-24s %s%n",
        what,
        wrong.isEmpty() ? "equal" : wrong.size() + " wrong, " + wrong.getFirst());
    return wrong.isEmpty();
  }
}
