package dev.lode.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.Main;
import dev.lode.cli.Restorer;
import dev.lode.cli.Settings;
import dev.lode.codecs.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole house, backed up in the middle of an upload, and brought back at another path. */
class BackupIT {
  private static final Map<String, String> SMALL_CHUNKS =
      Map.of("chunk-records: 8192", "chunk-records: 100");

  /** Names and times that are given anew to what is sent again. */
  private static final Set<String> GIVEN =
      Set.of(
          "lineage_id",
          "batch_id",
          "ingest_time",
          "_ingest_time",
          "rejected_at",
          "run_id",
          "_event_time",
          "created",
          "sequence");

  /** A view's history says a moment again when it is corrected: the newest word counts. */
  private static final Map<String, String> NEWEST =
      Map.of(
          "platinum.features_customer_features", newest("customer_features", "customer_id"),
          "platinum.features_product_features", newest("product_features", "stock_code"));

  private static String newest(String view, String key) {
    return "(SELECT *, row_number() OVER (PARTITION BY %s, event_timestamp ORDER BY created DESC,"
            .formatted(key)
        + " sequence DESC) AS place FROM platinum.features_%s) AS t WHERE place = 1"
            .formatted(view);
  }

  @TempDir Path folder;
  private List<Path> days;
  private Path backups;

  @BeforeEach
  void prepare() throws IOException {
    days = TestLode.days(2);
    backups = folder.resolve("backups");
  }

  @Test
  void showsTheSameEverywhereOnceTheSameFilesAreSentAgain() throws Exception {
    Map<String, String> original;
    long beforeTheCut;
    try (var lode = new TestLode(folder.resolve("a"), SMALL_CHUNKS)) {
      lode.post(days.get(0));
      beforeTheCut = bronze(lode);
      JsonNode first = backup(lode);
      JsonNode second = backUpInTheMiddleOf(lode, days.get(1), beforeTheCut);
      assertThat(second.path("files_new").asLong())
          .isPositive()
          .isLessThan(second.path("files").asLong());
      assertThat(second.path("previous_cut_at")).isEqualTo(first.path("cut_at"));
      rest(lode, bronze(lode));
      original = tables(lode.client());
    }
    var restored = restore(folder.resolve("b"), false);
    assertThat(restored.damages()).isEmpty();
    try (var lode = new TestLode(folder.resolve("b"), SMALL_CHUNKS)) {
      assertThat(bronze(lode))
          .as("all acknowledged before the cut, and a part of the file under way")
          .isGreaterThan(beforeTheCut)
          .isLessThan(total(original));
      for (Path day : days) {
        lode.post(day);
      }
      rest(lode, total(original));
      assertThat(tables(lode.client())).isEqualTo(original);
    }
  }

  @Test
  void startsOnNothingThatIsRestoredByHalfAndMovesAsideWhatWasThere() throws Exception {
    try (var lode = new TestLode(folder.resolve("a"), Map.of())) {
      lode.post(days.getFirst());
      backup(lode);
    }
    assertThatThrownBy(() -> restore(folder.resolve("a"), false))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot restore into %s: it is not empty".formatted(kept("a")));

    Path file = anyDataFile();
    byte[] whole = Files.readAllBytes(file);
    Files.delete(file);
    assertThatThrownBy(() -> restore(folder.resolve("a"), true))
        .hasMessage("The backup is damaged: %s: it is missing".formatted(file));
    assertThatThrownBy(() -> new TestLode(folder.resolve("a"), Map.of()).close())
        .hasMessage("Cannot use %s: a restore into it was not finished".formatted(kept("a")));

    Files.write(file, whole);
    restore(folder.resolve("a"), false);
    assertThat(kept("a")).isDirectoryContaining("glob:**/before-restore-*");
    try (var lode = new TestLode(folder.resolve("a"), Map.of())) {
      assertThat(lode.post(days.getFirst()).path("accepted").asLong()).isZero();
    }
  }

  private Path kept(String name) {
    return folder.resolve(name).resolve("kept");
  }

  private Path anyDataFile() throws IOException {
    try (var files = Files.walk(backups)) {
      return files.filter(path -> path.toString().endsWith(".parquet")).findAny().orElseThrow();
    }
  }

  private Restorer.Restored restore(Path home, boolean replace) throws IOException {
    Path config = folder.resolve("a/lode.yaml");
    Path data = Files.createDirectories(home).resolve("kept");
    var settings = new Settings(data, config, Path.of("../conf"), OptionalInt.empty());
    return Main.restorer()
        .restore(new Restorer.Order(backups, null, settings, replace, false), new Unwatched());
  }

  private static final class Unwatched implements Restorer.Watcher {
    @Override
    public void begin(String id, long bytesTotal) {}

    @Override
    public void read(long bytes) {}
  }

  private JsonNode backup(TestLode lode) throws Exception {
    lode.client()
        .post(
            "/v1/backup",
            BodyPublishers.ofString("{\"directory\": \"" + backups + "\"}"),
            Map.of("Content-Type", "application/json"));
    TestLode.await("the backup has ended", () -> !state(lode).equals("running"));
    JsonNode ended = lode.client().get("/v1/backup");
    assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("done");
    return ended;
  }

  private static String state(TestLode lode) throws Exception {
    return lode.client().get("/v1/backup").path("state").asText();
  }

  /** Half of the file is sent and some of it committed, the rest waits for the backup. */
  private JsonNode backUpInTheMiddleOf(TestLode lode, Path day, long before) throws Exception {
    byte[] body = Files.readAllBytes(day);
    var isBackedUp = new CountDownLatch(1);
    var upload =
        CompletableFuture.supplyAsync(() -> upload(lode, day, interrupted(body, isBackedUp)));
    TestLode.await("a part of the file is committed", () -> bronze(lode) > before);
    JsonNode ended = backup(lode);
    assertThat(upload).isNotDone();
    isBackedUp.countDown();
    assertThat(upload.join().path("received").asLong()).isPositive();
    return ended;
  }

  private static JsonNode upload(TestLode lode, Path day, InputStream body) {
    try {
      return lode.client()
          .post(
              "/v1/ingest/retail/invoice_line",
              BodyPublishers.ofInputStream(() -> body),
              Map.of("Content-Type", "text/csv", "Idempotency-Key", day.getFileName().toString()));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream interrupted(byte[] body, CountDownLatch until) {
    int half = body.length / 2;
    var second = new ByteArrayInputStream(body, half, body.length - half);
    return new SequenceInputStream(
        new ByteArrayInputStream(body, 0, half),
        new InputStream() {
          @Override
          public int read() throws IOException {
            return waited().read();
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return waited().read(bytes, offset, length);
          }

          private InputStream waited() throws IOException {
            try {
              until.await();
              return second;
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        });
  }

  private static long bronze(TestLode lode) throws Exception {
    return lode.count("SELECT count(*) FROM bronze.retail_invoice_line");
  }

  /** Every layer shows every line, and nothing moves any more. */
  private static void rest(TestLode lode, long lines) throws Exception {
    TestLode.await("bronze has every line", () -> bronze(lode) == lines);
    var last = new ArrayList<String>();
    TestLode.await(
        "nothing moves any more",
        () -> {
          boolean isGold =
              lode.count("SELECT sum(lines) FROM gold.daily_revenue") == lines
                  && lags(lode).allMatch(lag -> lag == 0);
          String now = isGold ? heads(lode) : "";
          boolean isSame = isGold && last.contains(now);
          last.clear();
          last.add(now);
          return isSame;
        });
  }

  private static java.util.stream.LongStream lags(TestLode lode) throws Exception {
    var lags = java.util.stream.LongStream.builder();
    lode.client()
        .get("/v1/dashboard")
        .path("sync_tasks")
        .forEach(task -> lags.add(task.path("lag_ms").asLong()));
    return lags.build();
  }

  private static String heads(TestLode lode) throws Exception {
    var heads = new ArrayList<String>();
    for (JsonNode dataset : datasets(lode.client())) {
      if (!dataset.path("name").asText().startsWith("system.")) {
        heads.add(dataset.path("name").asText() + dataset.path("snapshot_id").asText());
      }
    }
    return heads.toString();
  }

  private static JsonNode datasets(LodeClient client) throws Exception {
    return client.tool("list_datasets", Map.of()).path("datasets");
  }

  private static long total(Map<String, String> tables) {
    return Long.parseLong(
        tables.get("bronze.retail_invoice_line").replaceAll("\\D*(\\d+).*", "$1"));
  }

  /** Of each table its rows: how many, and a hash over all that is not given anew. */
  private static Map<String, String> tables(LodeClient client) throws Exception {
    var tables = new TreeMap<String, String>();
    for (JsonNode dataset : datasets(client)) {
      String name = dataset.path("name").asText();
      if (!name.startsWith("system.")) {
        String compared = String.join("\", \"", columns(client, name));
        String sql =
            "SELECT count(*), sum(hash(\"%s\")::HUGEINT) FROM %s"
                .formatted(compared, NEWEST.getOrDefault(name, name));
        tables.put(name, client.sql(sql).toString());
      }
    }
    tables.put(
        "system.quality_results",
        client
            .sql(
                "SELECT entity, rule, sum(checked), sum(failed) FROM system.quality_results"
                    + " WHERE rule <> 'latency' GROUP BY ALL ORDER BY ALL")
            .toString());
    return tables;
  }

  private static List<String> columns(LodeClient client, String table) throws Exception {
    var columns = new ArrayList<String>();
    String sql = "SELECT * FROM " + table + " LIMIT 1";
    for (JsonNode column : client.tool("run_sql", Map.of("sql", sql)).path("columns")) {
      columns.add(column.path("name").asText());
    }
    columns.removeAll(GIVEN);
    return columns;
  }
}
