package dev.lode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.cli.Client;
import dev.lode.cli.Lode;
import dev.lode.cli.Refused;
import dev.lode.cli.Replayer;
import dev.lode.cli.Server;
import dev.lode.cli.Settings;
import dev.lode.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole Lode, made again in place and beside while it serves. */
class BesideReplayIT {
  private static final Path CONF = Path.of("../conf");

  /** What a row says, not when and by which run it was made. */
  private static final Map<String, String> TABLES =
      Map.of(
          "silver.invoice", "*",
          "silver.product", "*",
          "silver.support_note", "*",
          "quarantine.invoice", "* EXCLUDE (rejected_at, run_id)",
          "gold.daily_cash", "*",
          "gold.customer_360", "*",
          "platinum.features_customer_features", "* EXCLUDE (created, sequence)");

  /** A view's history says a moment again when it is corrected: the newest word counts. */
  private static final String NEWEST =
      " QUALIFY row_number() OVER (PARTITION BY customer_id, event_timestamp"
          + " ORDER BY created DESC, sequence DESC) = 1";

  @TempDir Path folder;

  private Settings settings(String data) {
    return new Settings(
        folder.resolve(data), CONF.resolve("lode.yaml"), CONF.resolve("demo"), OptionalInt.of(0));
  }

  private static Client client(Server server) {
    return new Client(new Client.Target(url(server), null, null));
  }

  private static String url(Server server) {
    return "http://127.0.0.1:" + server.port();
  }

  private static void post(Client client, String path, String... lines) {
    client.upload(
        "/v1/ingest/" + path,
        new Client.Body(
            BodyPublishers.ofString(String.join("\n", lines)), "application/x-ndjson", Map.of()));
  }

  private static String invoice(String op, int number, String amount, String status) {
    return """
        {"op":"%s","ts_ms":%d,"source":{"lsn":%d},"after":{"invoice_id":"INV-%d","customer_id":\
        "C-%d","product_id":"P-1","quantity":2,"amount":"%s","currency":"BRL","status":"%s",\
        "memo":"Paid by wire.","invoice_date":"2025-11-30T10:15:00Z"}}"""
        .formatted(
            op,
            1764633600000L + number,
            100 * number + status.length(),
            number,
            number % 2,
            amount,
            status);
  }

  private static Map<String, String> rows(Client client) {
    var rows = new TreeMap<String, String>();
    TABLES.forEach(
        (table, columns) ->
            rows.put(
                table,
                sql(
                        client,
                        "SELECT %s FROM %s%s ORDER BY ALL"
                            .formatted(columns, table, table.startsWith("plat") ? NEWEST : ""))
                    .path("rows")
                    .toString()));
    return rows;
  }

  private static JsonNode sql(Client client, String sql) {
    return client.tool("run_sql", Map.of("sql", sql)).path("data");
  }

  private static long count(Client client, String sql) {
    try {
      return sql(client, sql).path("rows").path(0).path(0).asLong();
    } catch (Refused notThereYet) {
      return -1;
    }
  }

  private static long documents(Client client) {
    long documents = 0;
    for (JsonNode namespace : client.get("/v1/dashboard").at("/vector_store/namespaces")) {
      documents += namespace.path("documents").asLong();
    }
    return documents;
  }

  private static void until(Supplier<Boolean> holds) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!holds.get()) {
      assertThat(System.nanoTime()).as("waited a minute").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static void settled(Client client, long invoices) {
    until(
        () ->
            count(client, "SELECT sum(invoices) FROM gold.daily_cash") == invoices
                && count(client, "SELECT sum(total_orders) FROM gold.customer_360") == invoices
                && count(
                        client,
                        "SELECT sum(total_orders) FROM (SELECT max(total_orders) AS total_orders"
                            + " FROM platinum.features_customer_features GROUP BY customer_id)")
                    == invoices
                && documents(client) == 1);
  }

  private static String run(Server server, String... args) {
    var out = new ByteArrayOutputStream();
    var print = new PrintStream(out, true, UTF_8);
    var terminal = new Terminal(print, print, false, 100);
    var parts = new Lode.Parts(Main.launch(), Main.restorer(), Main.replayer(), List.of());
    var command = new ArrayList<>(List.of(args));
    command.addAll(List.of("--url", url(server)));
    assertThat(
            Lode.run(Lode.commandLine(parts, terminal), terminal, command.toArray(String[]::new)))
        .as(out.toString(UTF_8))
        .isZero();
    return out.toString(UTF_8);
  }

  private Replayer.Replayed beside(String data, Instant until) {
    return Main.replayer()
        .replay(
            new Replayer.Order(settings("running"), folder.resolve(data), until), progress -> {});
  }

  private Map<String, String> rowsOf(String data) {
    try (var server = Main.launch().start(settings(data));
        var client = client(server)) {
      until(() -> documents(client) == 1);
      return rows(client);
    }
  }

  @Test
  void makesTheSameRowsInPlaceAndBesideWhileItServes() throws Exception {
    try (var server = Main.launch().start(settings("running"));
        var client = client(server)) {
      post(client, "netsuite/invoice", invoice("c", 1, "10.50", "open"), "{\"op\":");
      post(
          client,
          "netsuite/invoice",
          invoice("u", 1, "10.50", "paid"),
          invoice("c", 2, "7.00", "open"),
          invoice("c", 3, "many", "open"));
      post(
          client,
          "catalog/product",
          "{\"product_id\":\"P-1\",\"name\":\"Mug\",\"description\":\"Red.\",\"category\":\"cup\","
              + "\"price\":\"5.00\",\"updated_at\":\"2025-11-30T10:15:00Z\"}");
      settled(client, 2);
      Map<String, String> before = rows(client);
      assertThat(count(client, "SELECT count(*) FROM quarantine.invoice")).isEqualTo(2);

      assertThat(run(server, "replay", "--all")).contains("silver.invoice: ", "gold.daily_cash: ");
      assertThat(rows(client)).isEqualTo(before);
      assertThat(run(server, "replay", "--all"))
          .contains("vectors products: 0 texts embedded, 0 reused, 0 documents removed")
          .contains("features customer_features: 0 rows differed");
      assertThat(rows(client)).isEqualTo(before);

      Instant then = Instant.now();
      post(client, "netsuite/invoice", invoice("c", 4, "1.00", "paid"));
      settled(client, 3);
      var whole = beside("whole", null);
      assertThat(whole.tables())
          .filteredOn(table -> TABLES.containsKey(table.layer() + "." + table.name()))
          .hasSize(TABLES.size())
          .allSatisfy(table -> assertThat(table.beside()).isNotNull());
      assertThat(whole.tables())
          .filteredOn(table -> table.layer().equals("silver"))
          .allSatisfy(table -> assertThat(table.beside()).isEqualTo(table.running()));
      beside("then", then);
      assertThat(rowsOf("whole")).isEqualTo(rows(client));
      assertThat(rowsOf("then")).isEqualTo(before);
      assertThat(count(client, "SELECT count(*) FROM silver.invoice")).isEqualTo(3);
    }
  }

  @Test
  void refusesAFolderThatIsNotItsOwn() throws Exception {
    assertThatThrownBy(() -> beside("beside", null))
        .hasMessage("Cannot replay %s: no Lode has run on it".formatted(at("running")));
    Main.launch().start(settings("running")).close();

    assertThatThrownBy(() -> beside("running", null))
        .hasMessage(
            "Cannot replay into %s: it must lie apart from the data directory %s"
                .formatted(at("running"), at("running")));
    assertThatThrownBy(() -> beside("running/inside", null))
        .hasMessage(
            "Cannot replay into %s: it must lie apart from the data directory %s"
                .formatted(at("running/inside"), at("running")));
    Files.createDirectories(at("full").resolve("something"));
    assertThatThrownBy(() -> beside("full", null))
        .hasMessage("Cannot replay into %s: it is not empty".formatted(at("full")));
    try (var other = Main.launch().start(settings("other"))) {
      assertThat(other.port()).isPositive();
      assertThatThrownBy(() -> beside("other", null))
          .hasMessage("Cannot use %s: another Lode is running on it".formatted(at("other")));
    }
  }

  @Test
  void saysOfWhatItWasInterruptedInThatItIsNotWhole() throws Exception {
    Main.launch().start(settings("running")).close();
    Files.createDirectories(at("half"));
    Files.writeString(at("half").resolve("replay.unfinished"), "");

    assertThatThrownBy(() -> Main.launch().start(settings("half")))
        .hasMessage("Cannot use %s: a replay into it was not finished".formatted(at("half")));
    assertThatThrownBy(() -> beside("half", null))
        .hasMessage(
            "Cannot replay into %s: an earlier replay into it was not finished"
                .formatted(at("half")));
  }

  private Path at(String data) {
    return folder.resolve(data);
  }
}
