package dev.lode.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.tables.KeyLookup;
import dev.lode.tables.Lake;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Compares every layer with what the plain map holds, once nothing is posted any more. */
final class CrashChecks {
  private static final long PATIENCE_SECONDS = 90;
  private static final TableName SILVER = TableName.of("silver.note");

  /** Of each account the newest row of the history that nothing has deleted. */
  private static final String OFFLINE =
      """
      SELECT account, notes, balance FROM (
        SELECT *, row_number() OVER (PARTITION BY account
          ORDER BY event_timestamp DESC, created DESC, sequence DESC) AS place
        FROM platinum.features_account_features h
        WHERE NOT deleted AND NOT EXISTS (
          SELECT 1 FROM platinum.features_account_features d
          WHERE d.deleted AND d.sequence > h.sequence AND d.account = h.account
            AND d.event_timestamp = h.event_timestamp)) AS t
      WHERE place = 1 AND notes > 0""";

  private final LodeClient client;
  private final Notes notes;
  private final Map<String, Check> checks = new LinkedHashMap<>();

  /** What is there, and what should be. */
  private record Seen(Object actual, Object expected) {
    boolean same() {
      return actual.equals(expected);
    }
  }

  private interface Check {
    Seen see() throws IOException, InterruptedException;
  }

  CrashChecks(LodeClient client, Notes notes) {
    this.client = client;
    this.notes = notes;
    checks.put("bronze: every record once, byte by byte", this::bronze);
    checks.put("silver: the notes that stand", this::silver);
    checks.put("quarantine", this::quarantine);
    checks.put("gold: sums", this::gold);
    checks.put("vectors: the notes that stand", this::vectors);
    checks.put("features offline", this::offline);
    checks.put("features online", this::online);
    checks.put("watermarks: consumers that are behind", this::behind);
  }

  List<String> names() {
    return List.copyOf(checks.keySet());
  }

  /** Throws with the first that does not come to agree in time. */
  void run(String when) throws InterruptedException {
    for (var check : checks.entrySet()) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      String unlike = unlike(check.getValue());
      while (unlike != null) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(when + ": " + check.getKey() + ": " + unlike);
        }
        TimeUnit.MILLISECONDS.sleep(100);
        unlike = unlike(check.getValue());
      }
    }
  }

  private static String unlike(Check check) throws InterruptedException {
    try {
      Seen seen = check.see();
      return seen.same() ? null : difference(seen);
    } catch (IOException notYet) {
      return notYet.toString();
    }
  }

  private static String difference(Seen seen) {
    if (seen.actual instanceof Map<?, ?> actual && seen.expected instanceof Map<?, ?> expected) {
      var unlike = new TreeMap<String, Object>();
      expected.forEach(
          (key, value) -> {
            if (!value.equals(actual.get(key))) {
              unlike.put(key.toString(), actual.get(key) + " must be " + value);
            }
          });
      actual.forEach(
          (key, value) -> {
            if (!expected.containsKey(key)) {
              unlike.put(key.toString(), value + " must not be there");
            }
          });
      return unlike.toString();
    }
    return seen.actual + " must be " + seen.expected;
  }

  private Seen bronze() throws IOException, InterruptedException {
    var lines = notes.lines();
    JsonNode row =
        client
            .sql(
                """
                SELECT count(*), count(DISTINCT lineage_id), count(DISTINCT (batch_id, position)),
                  md5(string_agg(decode(payload), chr(10) ORDER BY decode(payload)))
                FROM bronze.shop_note""")
            .get(0);
    return new Seen(
        List.of(row.get(0).asLong(), row.get(1).asLong(), row.get(2).asLong(), row.get(3).asText()),
        List.of(
            (long) lines.size(),
            (long) lines.size(),
            (long) lines.size(),
            md5(String.join("\n", lines))));
  }

  private static String md5(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has MD5", e);
    }
  }

  private Seen silver() throws IOException, InterruptedException {
    var actual = new TreeMap<String, Object>();
    String sql = "SELECT note_id, account, amount, text, updated_at FROM silver.note";
    for (JsonNode row : client.sql(sql)) {
      actual.put(
          row.get(0).asText(),
          List.of(row.get(1).asText(), money(row.get(2)), row.get(3).asText(), time(row.get(4))));
    }
    var expected = new TreeMap<String, Object>();
    notes
        .standing()
        .forEach(
            (id, note) ->
                expected.put(
                    id, List.of(note.account(), note.amount(), note.text(), note.updatedAt())));
    return new Seen(actual, expected);
  }

  private Seen quarantine() throws IOException, InterruptedException {
    JsonNode count = client.sql("SELECT count(*) FROM quarantine.note").get(0).get(0);
    return new Seen(count.asLong(), notes.quarantined());
  }

  private Seen gold() throws IOException, InterruptedException {
    return booked("SELECT account, notes, balance FROM gold.balance");
  }

  private Seen offline() throws IOException, InterruptedException {
    return booked(OFFLINE);
  }

  private Seen booked(String sql) throws IOException, InterruptedException {
    var actual = new TreeMap<String, Notes.Booked>();
    for (JsonNode row : client.sql(sql)) {
      actual.put(row.get(0).asText(), new Notes.Booked(row.get(1).asLong(), money(row.get(2))));
    }
    return new Seen(actual, notes.accounts());
  }

  private Seen online() throws IOException, InterruptedException {
    var expected = notes.accounts();
    var actual = new TreeMap<String, Notes.Booked>();
    var entities = expected.keySet().stream().map(account -> Map.of("account", account)).toList();
    JsonNode answer =
        client.envelope(
            "get_features", Map.of("features", List.of("account_features"), "entities", entities));
    for (JsonNode row : answer.path("data").path("rows")) {
      JsonNode features = row.path("features");
      actual.put(
          row.path("entity").path("account").asText(),
          new Notes.Booked(
              features.path("account_features:notes").asLong(),
              money(features.path("account_features:balance"))));
    }
    if (answer.path("freshness_ms").asLong() < 0) {
      throw new AssertionError("Older than now: " + answer);
    }
    return new Seen(actual, expected);
  }

  private Seen vectors() throws IOException, InterruptedException {
    var expected = new TreeMap<String, Object>();
    notes.standing().forEach((id, note) -> expected.put(id, note.text()));
    var actual = new TreeMap<String, Object>();
    JsonNode hits =
        client
            .tool("vector_search", Map.of("namespace", "notes", "query", "tea", "top_k", 1000))
            .path("hits");
    for (JsonNode hit : hits) {
      actual.merge(hit.path("id").asText(), hit.path("text").asText(), (one, two) -> "twice");
    }
    return new Seen(actual, expected);
  }

  private Seen behind() throws IOException, InterruptedException {
    var behind = new TreeMap<String, Object>();
    for (JsonNode table : client.get("/v1/tables").path("tables")) {
      for (JsonNode consumer : table.path("consumers")) {
        if (consumer.path("snapshots_behind").asLong() != 0) {
          behind.put(table.path("name").asText(), consumer.toString());
        }
      }
    }
    return new Seen(behind, new TreeMap<>());
  }

  private static BigDecimal money(JsonNode value) {
    return new BigDecimal(value.asText("0")).setScale(2);
  }

  private static Instant time(JsonNode value) {
    return Instant.parse(value.asText());
  }

  /** After a kill: the index of {@code data} is made of its checkpoint and what came since. */
  static void keyIndexAgrees(Path data) {
    try (Lake lake = Lake.open(Folders.lake(data));
        var session = lake.session()) {
      var key = List.of("tenant_id", "note_id");
      session.bind("scanned", Slice.now(SILVER));
      String all = "SELECT tenant_id, note_id, _ordering FROM scanned";
      session.bind("found", new KeyLookup(SILVER, key, all, List.of("_ordering")));
      String rows = "SELECT note_id, account, amount, updated_at FROM ";
      var unlike =
          session.query(
              "(%1$sscanned EXCEPT %1$sfound) UNION ALL (%1$sfound EXCEPT %1$sscanned)"
                  .formatted(rows),
              100);
      var counts =
          session.query("SELECT (SELECT count(*) FROM scanned), (SELECT count(*) FROM found)", 1);
      var count = counts.rows().getFirst();
      if (!unlike.rows().isEmpty() || !count.get(0).equals(count.get(1))) {
        throw new AssertionError("The key index finds %s rows: %s".formatted(count, unlike.rows()));
      }
    }
  }
}
