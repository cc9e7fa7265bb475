package dev.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestCommandTest {
  private static final FakeLode.Answer LANDED =
      new FakeLode.Answer(
          201,
          """
          {"batch_id": "b", "table": "bronze.shop_order", "snapshot_id": 1, "received": 3,
           "accepted": 2, "duplicates": 0, "quarantined": 1,
           "defects": [{"line": 2, "code": "malformed", "reason": "malformed: no quote ends"}]}
          """);
  private static final FakeLode.Answer CLEAN =
      new FakeLode.Answer(
          201,
          """
          {"batch_id": "b", "table": "bronze.shop_order", "snapshot_id": "1", "received": 3,
           "accepted": 3, "duplicates": 0, "quarantined": 0, "defects": [],
           "warnings": ["field colour: no column takes it (2 records)"]}
          """);
  private static final FakeLode.Answer BUSY =
      new FakeLode.Answer(503, "{\"detail\": \"Cannot take more\", \"hint\": \"Wait.\"}");

  private final Shell shell = new Shell();
  @TempDir private Path folder;

  @BeforeEach
  void twoFilesAndOneThatIsNotData() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "id\n1\n2\n");
    try (var gzip = new GZIPOutputStream(Files.newOutputStream(folder.resolve("b.ndjson.gz")))) {
      gzip.write("{\"id\":1}\n".getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(folder.resolve("notes.txt"), "no data");
  }

  private int ingest(FakeLode lode, String... more) {
    var args = new ArrayList<>(List.of("ingest", "--source", "shop", "--entity", "order"));
    args.addAll(List.of("--url", lode.url(), "--no-wait"));
    args.addAll(List.of(more));
    return shell.run(args.toArray(String[]::new));
  }

  private int judged(FakeLode lode, String... more) {
    var args = new ArrayList<>(List.of("ingest", "--source", "shop", "--entity", "order"));
    args.addAll(List.of("--url", lode.url(), folder + "/a.csv"));
    args.addAll(List.of(more));
    return shell.run(args.toArray(String[]::new));
  }

  private static FakeLode.Answer verdict(String contracts, String hint) {
    return new FakeLode.Answer(
        200, "{\"judged\": true, \"contracts\": [%s], \"hint\": %s}".formatted(contracts, hint));
  }

  private FakeLode lode(FakeLode.Answer verdict) throws IOException {
    return new FakeLode(asked -> asked.path().endsWith("/b") ? verdict : CLEAN);
  }

  @Test
  void printsWhatTheContractsRejectedByRuleAndFails() throws IOException {
    var verdict =
        verdict(
            """
            {"entity": "order", "table": "silver.order", "rejected": 2, "rules": [
             {"rule": "id_type", "records": 2, "position": 1, "reason": "id: no number"}]}
            """,
            "null");
    try (var lode = lode(verdict)) {
      assertThat(judged(lode)).isEqualTo(1);
      assertThat(lode.asked().getLast().path()).isEqualTo("/v1/ingest/shop/order/b");
    }
    assertThat(shell.out())
        .contains("silver.order: 1 accepted, 2 quarantined")
        .contains("  2 by rule id_type, as record 1 of " + folder.resolve("a.csv"))
        .contains("id: no number");
    assertThat(shell.err()).contains("a.csv: field colour: no column takes it (2 records)");
  }

  @Test
  void succeedsWhereAllIsAcceptedAndSaysWhereNoContractReadsIt() throws IOException {
    var accepted = verdict("{\"table\": \"silver.order\", \"rejected\": 0, \"rules\": []}", "null");
    try (var lode = lode(accepted)) {
      assertThat(judged(lode)).isZero();
    }
    assertThat(shell.out()).contains("silver.order: 3 accepted, 0 quarantined");
    try (var lode = lode(verdict("", "\"shop_orders\""))) {
      assertThat(judged(lode)).isZero();
    }
    assertThat(shell.err())
        .contains("No contract reads bronze.shop_order (did you mean shop_orders?)");
  }

  @Test
  void failsWhereTheVerdictDoesNotComeInTime() throws IOException {
    var never = new FakeLode.Answer(200, "{\"judged\": false, \"contracts\": []}");
    try (var lode = lode(never)) {
      assertThat(judged(lode, "--wait", "0")).isEqualTo(1);
    }
    assertThat(shell.err()).contains("Silver has not judged all of it in time");
  }

  @Test
  void postsTheDataFilesOfAFolderAsTheyAre() throws IOException {
    try (var lode = new FakeLode(asked -> LANDED)) {
      assertThat(ingest(lode, "--parallel", "1", folder.toString())).isEqualTo(1);
      assertThat(lode.asked()).hasSize(2);
      var csv = lode.asked().get(0);
      assertThat(csv.path()).isEqualTo("/v1/ingest/shop/order");
      assertThat(csv.header("Content-type")).isEqualTo("text/csv");
      assertThat(csv.text()).isEqualTo("id\n1\n2\n");
      var gzip = lode.asked().get(1);
      assertThat(gzip.header("Content-type")).isEqualTo("application/x-ndjson");
      assertThat(gzip.header("Content-encoding")).isEqualTo("gzip");
      assertThat(gzip.body().array()).isEqualTo(Files.readAllBytes(folder.resolve("b.ndjson.gz")));
    }
  }

  @Test
  void sumsUpAndNamesRejectedLinesByFileAndLine() throws IOException {
    try (var lode = new FakeLode(asked -> LANDED)) {
      assertThat(ingest(lode, folder + "/*.csv")).isEqualTo(1);
    }
    assertThat(shell.err())
        .contains(folder.resolve("a.csv") + ":2: malformed: no quote ends")
        .contains("a.csv: 3 lines, 2 landed, 0 there already, 1 quarantined");
    assertThat(shell.out().lines().toList().get(2)).matches(" +1 +0 +3 +2 +0 +1 .*");
  }

  @Test
  void givesTheSameBytesTheSameKeyWhateverTheirName() throws IOException {
    Files.copy(folder.resolve("a.csv"), folder.resolve("copy.csv"));
    Files.writeString(folder.resolve("other.csv"), "id\n1\n3\n");
    try (var lode = new FakeLode(asked -> LANDED)) {
      ingest(lode, "--parallel", "1", folder + "/*.csv");
      var keys = lode.asked().stream().map(asked -> asked.header("Idempotency-key")).toList();
      assertThat(keys.get(0)).matches("lode/shop/order/[0-9a-f]{32}").isEqualTo(keys.get(1));
      assertThat(keys.get(2)).isNotEqualTo(keys.get(0));
    }
  }

  @Test
  void sendsNoKeyWhenTold() throws IOException {
    try (var lode = new FakeLode(asked -> LANDED)) {
      ingest(lode, "--no-key", folder + "/a.csv");
      assertThat(lode.asked().getFirst().header("Idempotency-key")).isNull();
    }
  }

  @Test
  void triesABusyServerAgainUntilItTakesTheFile() throws IOException {
    var calls = new AtomicInteger();
    try (var lode = new FakeLode(asked -> calls.incrementAndGet() < 3 ? BUSY : CLEAN)) {
      assertThat(ingest(lode, folder + "/a.csv")).isZero();
      assertThat(calls).hasValue(3);
    }
    assertThat(shell.err()).containsOnlyOnce("Cannot take more; trying again for 60 s");
  }

  @Test
  void failsWhenOneOfTheFilesFailed() throws IOException {
    var refused =
        new FakeLode.Answer(400, "{\"detail\": \"Invalid entity\", \"hint\": \"Name it\"}");
    try (var lode = new FakeLode(asked -> asked.text().startsWith("id") ? refused : LANDED)) {
      assertThat(ingest(lode, folder.toString())).isEqualTo(1);
    }
    assertThat(shell.err()).contains("a.csv: failed: Invalid entity Name it");
    assertThat(shell.out().lines().toList().get(2)).matches(" +2 +1 +3 .*");
  }

  @Test
  void asksForTheFormatItCannotTell() throws IOException {
    try (var lode = new FakeLode(asked -> LANDED)) {
      assertThat(ingest(lode, folder + "/notes.txt")).isEqualTo(1);
      assertThat(ingest(lode, folder + "/none*.csv")).isEqualTo(1);
      assertThat(lode.asked()).isEmpty();
      assertThat(ingest(lode, "--format", "ndjson", folder + "/notes.txt")).isEqualTo(1);
    }
    assertThat(shell.err())
        .contains("notes.txt: give --format csv, json or ndjson")
        .contains("Cannot find " + folder + "/none*.csv");
  }

  @Test
  void printsTheTotalsAsJson() throws IOException {
    try (var lode = new FakeLode(asked -> LANDED)) {
      assertThat(ingest(lode, "--json", folder.toString())).isEqualTo(1);
    }
    var totals = Client.JSON.readTree(shell.out());
    assertThat(totals.path("files").asInt()).isEqualTo(2);
    assertThat(totals.path("received").asInt()).isEqualTo(6);
    assertThat(totals.path("quarantined").asInt()).isEqualTo(2);
  }
}
