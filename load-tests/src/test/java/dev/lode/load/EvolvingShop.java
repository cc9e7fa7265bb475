package dev.lode.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A Lode of its own process whose tables are hard to read: rows were updated and deleted, and the
 * contract of customers has gained a column since its first rows.
 */
final class EvolvingShop implements AutoCloseable {
  private static final Path CONF = Path.of("../conf");
  private static final int CUSTOMERS = 40;
  private static final int INVOICES = 200;
  private static final int DELETED = 20;
  private static final int LOYAL = 5;
  private static final String NEW_COLUMN =
      """
            - name: loyalty
              logicalType: string
              physicalType: VARCHAR
              description: Of the loyal.
      """;

  private final LodeProcess lode;
  private final LodeClient client;

  /** What Lode reads of a table for its one tenant, at which snapshot; 0 where it has none. */
  record Read(String table, long snapshot, List<String> columns, JsonNode rows) {

    /** Fails where {@code theirs} are not the same columns and rows; rows have no order. */
    void assertIs(JsonNode theirs) {
      assertThat(theirs.path("error").asText()).as(table).isEmpty();
      assertThat(texts(theirs.get("columns"))).as(table).isEqualTo(columns);
      assertThat(texts(theirs.get("rows")))
          .as(table)
          .containsExactlyInAnyOrderElementsOf(texts(rows));
    }

    private static List<String> texts(JsonNode nodes) {
      return StreamSupport.stream(nodes.spliterator(), false).map(JsonNode::toString).toList();
    }
  }

  private EvolvingShop(LodeProcess lode) {
    this.lode = lode;
    this.client = new LodeClient(lode.url());
  }

  /** Returns when every layer shows what was posted. */
  static EvolvingShop open(Path folder) throws Exception {
    Path conf = folder.resolve("conf");
    for (String part : List.of("contracts", "marts", "features")) {
      copy(CONF.resolve("demo").resolve(part), conf.resolve(part));
    }
    Files.copy(CONF.resolve("lode.yaml"), conf.resolve("lode.yaml"));
    var shop =
        new EvolvingShop(LodeProcess.ofThisClassPath(Path.of(".."), folder.resolve("data"), conf));
    try {
      shop.lode.start();
      shop.fill();
      shop.lode.close();
      evolve(conf.resolve("contracts/crm_customer.yaml"));
      shop.lode.start();
      shop.post("crm/customer", LOYAL, i -> customer(i, 3).replace("}", ",\"loyalty\":\"gold\"}"));
      shop.settle();
      return shop;
    } catch (Exception | Error e) {
      shop.close();
      throw e;
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void evolve(Path contract) throws IOException {
    Files.writeString(
        contract,
        Files.readString(contract).replace("slaProperties:", NEW_COLUMN + "slaProperties:"));
  }

  private void fill() throws Exception {
    post("crm/customer", CUSTOMERS, i -> customer(i, 1));
    post("netsuite/invoice", INVOICES, i -> invoice(i, "c", "open"));
    TestLode.await("all are there", () -> count("silver.invoice") == INVOICES);
    post("crm/customer", CUSTOMERS / 2, i -> customer(i, 2));
    post("netsuite/invoice", INVOICES / 2, i -> invoice(i, "u", "paid"));
    post("netsuite/invoice", DELETED, i -> invoice(i, "d", "paid"));
    post("netsuite/invoice", 3, i -> invoice(-1 - i, "c", "open").replace(".80", " pounds"));
    TestLode.await("some are gone", () -> count("silver.invoice") == INVOICES - DELETED);
    TestLode.await("some are bad", () -> count("quarantine.invoice") == 3);
  }

  private void settle() throws Exception {
    TestLode.await("the loyal", () -> count("silver.customer WHERE loyalty = 'gold'") == LOYAL);
    TestLode.await(
        "every order is in the mart",
        () ->
            TestLode.count(client, "SELECT sum(total_orders) FROM gold.customer_360")
                == INVOICES - DELETED);
    TestLode.await("there are features", () -> count("platinum.features_customer_features") > 0);
    TestLode.await("quality is known", () -> count("system.quality_results") > 0);
  }

  private static String customer(int i, int version) {
    return """
        {"customer_id":"C-%d","name":"Ana %d","email":"ana%d@acme.example","country":"br",\
        "segment":"%s","created_at":"2024-03-01T12:00:00.123456Z",\
        "updated_at":"2025-11-%02dT10:15:00Z"}"""
        .formatted(i, version, i, version == 1 ? "consumer" : "business", version);
  }

  private static String invoice(int i, String op, String status) {
    String row =
        """
        {"invoice_id":"INV-%d","customer_id":"C-%d","product_id":"P-3","quantity":%d,\
        "amount":"%d.80","currency":"BRL","status":"%s","memo":"n\u00ba %d",\
        "invoice_date":"2025-11-30T10:15:00Z"}"""
            .formatted(i, Math.floorMod(i, CUSTOMERS), 1 + Math.abs(i), 10 + i, status, i);
    return """
        {"op":"%s","ts_ms":1764633600000,"source":{"lsn":%d},"before":%s,"after":%s}"""
        .formatted(
            op,
            1 + List.of("c", "u", "d").indexOf(op),
            op.equals("c") ? null : row,
            op.equals("d") ? null : row);
  }

  private void post(String where, int records, IntFunction<String> record) throws Exception {
    String body = IntStream.range(0, records).mapToObj(record).collect(Collectors.joining("\n"));
    client.post(
        "/v1/ingest/" + where,
        BodyPublishers.ofString(body),
        Map.of("Content-Type", "application/x-ndjson"));
  }

  private long count(String from) throws InterruptedException {
    return TestLode.count(client, "SELECT count(*) FROM " + from);
  }

  String url() {
    return lode.url();
  }

  List<String> tables() throws Exception {
    var names = new ArrayList<String>();
    client
        .tool("list_datasets", Map.of())
        .get("datasets")
        .forEach(each -> names.add(each.get("name").asText()));
    return names;
  }

  Read read(String table) throws Exception {
    JsonNode answer =
        client.envelope("run_sql", Map.of("sql", "SELECT * FROM " + table, "max_rows", 10_000));
    var columns = new ArrayList<String>();
    answer.at("/data/columns").forEach(column -> columns.add(column.get("name").toString()));
    return new Read(
        table,
        answer.at("/lineage/snapshots").path(table).asLong(),
        columns,
        answer.at("/data/rows"));
  }

  @Override
  public void close() {
    lode.close();
  }
}
