package dev.lode.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientCommandsTest {
  private static final String ROWS =
      """
      {"data": {"columns": [{"name": "country", "type": "VARCHAR"},
                            {"name": "revenue", "type": "DECIMAL(18,2)"}],
                "rows": [["France", 1200.50], [null, 7.00]]},
       "lineage": {}, "freshness_ms": 1500, "quality_score": 1.0, "truncated": false,
       "degraded": []}
      """;

  private final Shell shell = new Shell();

  @Test
  void printsRowsAlignedUnderTheirNames() throws IOException {
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, ROWS))) {
      assertThat(shell.run("sql", "SELECT 1", "--url", lode.url())).isZero();
      assertThat(lode.asked().getFirst().path()).isEqualTo("/v1/tools/run_sql");
      assertThat(lode.asked().getFirst().text()).isEqualTo("{\"sql\":\"SELECT 1\"}");
    }
    assertThat(shell.out())
        .startsWith(
            """
            country  revenue
            ───────  ───────
            France   1200.50
            NULL        7.00
            2 rows in\
            """)
        .contains("as of 1.5 s ago");
  }

  @Test
  void printsRowsAsCsvWithQuotesWhereNeeded() throws IOException {
    String rows = ROWS.replace("France", "a \\\"b\\\", c");
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, rows))) {
      assertThat(shell.run("sql", "--csv", "SELECT 1", "--url", lode.url())).isZero();
    }
    assertThat(shell.out()).isEqualTo("country,revenue\n\"a \"\"b\"\", c\",1200.50\n,7.00\n");
  }

  @Test
  void printsColumnsAndRowsAsJsonWithEveryDigit() throws IOException {
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, ROWS))) {
      assertThat(shell.run("sql", "--json", "SELECT 1", "--url", lode.url())).isZero();
    }
    assertThat(Client.JSON.readTree(shell.out()))
        .isEqualTo(Client.JSON.readTree(ROWS).path("data"));
    assertThat(shell.out()).contains("1200.50");
  }

  @Test
  void showsTablesAndTheConsumerThatIsFurthestBehind() throws IOException {
    String tables =
        """
        {"tables": [{"name": "silver.customer", "files": 3, "bytes": 1536, "rows": 1000,
          "deleted_rows": 7, "snapshots": 12, "manifests": 2, "metadata_bytes": 900,
          "consumers": [{"name": "gold.fast", "snapshots_behind": 0, "lag_ms": 0},
                        {"name": "gold.stuck", "snapshots_behind": 11, "lag_ms": 65000}]}]}
        """;
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, tables))) {
      assertThat(shell.run("tables", "--url", lode.url())).isZero();
    }
    assertThat(shell.out())
        .contains("silver.customer      3  1.5 KB  1,000        7         12     900 B")
        .contains("11  1 min 5 s  gold.stuck");
  }

  @Test
  void maintainsOneTableAndSaysWhatWasDone() throws IOException {
    String done =
        """
        {"tables": [{"table": "silver.customer", "files_compacted": 16, "snapshots_expired": 3,
          "files_removed": 40, "files_waiting": 5}]}
        """;
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, done))) {
      assertThat(shell.run("maintain", "silver.customer", "--url", lode.url())).isZero();
      assertThat(lode.asked().getFirst().path()).isEqualTo("/v1/maintain");
      assertThat(lode.asked().getFirst().text()).isEqualTo("{\"table\":\"silver.customer\"}");
    }
    assertThat(shell.out())
        .isEqualTo(
            "silver.customer: 16 files compacted, 3 snapshots forgotten, 40 files removed,"
                + " 5 waiting\n");
  }

  @Test
  void saysWhatWentWrongAndWhatToDo() throws IOException {
    String problem = "{\"detail\": \"Cannot run: no table x\", \"hint\": \"List them.\"}";
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(404, problem))) {
      assertThat(shell.run("sql", "SELECT * FROM x", "--url", lode.url())).isEqualTo(1);
    }
    assertThat(shell.err()).isEqualTo("Cannot run: no table x\nList them.\n");
  }

  @Test
  void saysHowToStartWhereNothingAnswers() throws IOException {
    String nobody;
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, ROWS))) {
      nobody = lode.url();
    }
    assertThat(shell.run("sql", "SELECT 1", "--url", nobody)).isEqualTo(1);
    assertThat(shell.err())
        .isEqualTo(
            "Cannot reach "
                + nobody
                + ": nothing answers there\n"
                + "Start it with ./lode up, or name another with --url.\n");
  }

  @Test
  void sendsTheKeyAndTheTenantItWasGiven() throws IOException {
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, ROWS))) {
      shell.run(
          "sql", "SELECT 1", "--url", lode.url() + "/", "--api-key", "k1", "--tenant", "acme");
      assertThat(lode.asked().getFirst().header("Authorization")).isEqualTo("Bearer k1");
      assertThat(lode.asked().getFirst().header("X-lode-tenant")).isEqualTo("acme");
    }
  }

  @Test
  void exitsWithTwoOnWrongUsage() {
    assertThat(shell.run("sql")).isEqualTo(2);
    assertThat(shell.run("trace")).isEqualTo(2);
    assertThat(shell.run("nonsense")).isEqualTo(2);
    assertThat(shell.run()).isEqualTo(2);
    assertThat(shell.err()).contains("Missing required parameter: 'SELECT'");
  }

  @Test
  void everyCommandHasHelpWithExamples() {
    var lode =
        Lode.commandLine(
            new Lode.Parts(
                settings -> null, (order, watcher) -> null, (order, progress) -> null, List.of()),
            Terminal.system());
    assertThat(lode.getSubcommands().values())
        .isNotEmpty()
        .allSatisfy(
            command ->
                assertThat(command.getUsageMessage())
                    .contains("Example")
                    .contains("./lode " + command.getCommandName()));
  }

  @Test
  void replaysOnlyTheQuarantineSinceATime() throws IOException {
    String done = "{\"table\": \"silver.x\", \"read\": 5, \"accepted\": 4, \"rejected\": 1}";
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, done))) {
      String since = "2026-01-31T00:00:00Z";
      assertThat(
              shell.run(
                  "replay", "--entity", "x", "--quarantine", "--since", since, "--url", lode.url()))
          .isZero();
      assertThat(lode.asked().getFirst().path()).isEqualTo("/v1/replay/x");
      assertThat(lode.asked().getFirst().text())
          .isEqualTo("{\"quarantine_only\":true,\"since\":\"" + since + "\"}");
    }
    assertThat(shell.out()).isEqualTo("silver.x: 5 read, 4 accepted, 1 rejected\n");
  }

  @Test
  void replaysEverythingInTheOrderItIsMade() throws IOException {
    String state =
        """
        {"layers": {"silver": {"entities": {"x": {}, "y": {}}},
                    "gold": {"marts": [{"name": "gold.m"}, {"name": "gold.n"}]}},
         "vector_store": {"namespaces": [{"namespace": "v"}]},
         "feature_store": {"views": [{"name": "f", "source": "silver.x"},
                                     {"name": "p", "source": "push"}]}}
        """;
    var answers =
        Map.of(
            "/v1/dashboard", state,
            "/v1/replay/x", "{\"table\": \"silver.x\", \"read\": 1, \"accepted\": 1}",
            "/v1/replay/y", "{\"table\": \"silver.y\", \"note\": \"a reason\"}",
            "/v1/marts/m/rebuild", "{\"mart\": \"m\", \"rows\": 1200, \"published\": true}",
            "/v1/vectors/v/rebuild", "{\"namespace\": \"v\", \"embedded\": 2, \"reused\": 1}",
            "/v1/features/f/rebuild", "{\"view\": \"f\", \"rows\": 3}");
    var nothing = new FakeLode.Answer(404, "{\"detail\": \"nothing is there yet\"}");
    try (var lode =
        new FakeLode(
            asked ->
                answers.containsKey(asked.path())
                    ? new FakeLode.Answer(200, answers.get(asked.path()))
                    : nothing)) {
      assertThat(shell.run("replay", "--all", "--url", lode.url())).isZero();
    }
    assertThat(shell.out())
        .isEqualTo(
            """
            silver.x: 1 read, 1 accepted, 0 rejected
            silver.y: 0 read, 0 accepted, 0 rejected (a reason)
            gold.m: 1,200 rows
            n (nothing is there yet)
            vectors v: 2 texts embedded, 1 reused, 0 documents removed
            features f: 3 rows differed
            """);
  }

  @Test
  void goesOnPastWhatFailsAndSaysSo() throws IOException {
    String state = "{\"layers\": {\"silver\": {\"entities\": {\"x\": {}, \"y\": {}}}}}";
    try (var lode =
        new FakeLode(
            asked ->
                asked.path().equals("/v1/dashboard")
                    ? new FakeLode.Answer(200, state)
                    : asked.path().endsWith("x")
                        ? new FakeLode.Answer(400, "{\"detail\": \"a sum overflows\"}")
                        : new FakeLode.Answer(200, "{\"table\": \"silver.y\"}"))) {
      assertThat(shell.run("replay", "--all", "--url", lode.url())).isEqualTo(1);
    }
    assertThat(shell.out())
        .isEqualTo(
            """
            entity x (failed: a sum overflows)
            silver.y: 0 read, 0 accepted, 0 rejected
            """);
  }

  @Test
  void followsAReplayUntilItEnds() throws IOException {
    var polled = new AtomicInteger();
    try (var lode =
        new FakeLode(
            asked -> {
              assertThat(asked.path()).isIn("/v1/marts/m/rebuild", "/v1/replays/7");
              boolean isDone = asked.path().endsWith("7") && polled.incrementAndGet() == 2;
              return new FakeLode.Answer(202, run(isDone ? "done" : "running"));
            })) {
      assertThat(shell.run("replay", "--mart", "m", "--url", lode.url())).isZero();
      assertThat(lode.asked()).hasSize(3);
      assertThat(lode.asked().getFirst().header("Prefer")).isEqualTo("respond-async");
    }
    assertThat(shell.out()).isEqualTo("gold.m: 3 rows\n");
  }

  private static String run(String state) {
    return "{\"id\": \"7\", \"state\": \"%s\", \"answer\": {\"mart\": \"m\", \"rows\": 3}}"
        .formatted(state);
  }

  @Test
  void saysWhyAReplayFailedOrIsNotKnownAnyMore() throws IOException {
    String failed =
        "{\"id\": \"7\", \"state\": \"failed\", \"problem\":"
            + " {\"status\": 503, \"detail\": \"gold is down\", \"hint\": \"Wait.\"}}";
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(202, failed))) {
      assertThat(shell.run("replay", "--mart", "m", "--url", lode.url())).isEqualTo(1);
    }
    assertThat(shell.err()).isEqualTo("gold is down\nWait.\n");
    var another = new Shell();
    try (var lode =
        new FakeLode(
            asked ->
                asked.path().equals("/v1/replays/7")
                    ? new FakeLode.Answer(404, "{\"detail\": \"none\"}")
                    : new FakeLode.Answer(202, run("running")))) {
      assertThat(another.run("replay", "--mart", "m", "--url", lode.url())).isEqualTo(1);
    }
    assertThat(another.err())
        .startsWith("Cannot follow mart m: this Lode does not know of it, so it was started anew");
  }

  @Test
  void failsWhereAMartIsNotPublished() throws IOException {
    String blocked = "{\"mart\": \"m\", \"published\": false, \"reason\": \"unique fails\"}";
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, blocked))) {
      assertThat(shell.run("replay", "--mart", "m", "--url", lode.url())).isEqualTo(1);
    }
    assertThat(shell.out()).isEqualTo("gold.m: not published, the old rows stay: unique fails\n");
  }

  @Test
  void refusesABoundWhereEverythingIsMadeAgain() {
    assertThat(shell.run("replay", "--mart", "m", "--since", "2026-01-31T00:00:00Z")).isEqualTo(2);
    assertThat(shell.err())
        .contains("--since is for --entity: everything else is made again whole");
  }

  @Test
  void showsWhatWasMadeBesideWhatThereIs() {
    var orders = new ArrayList<Replayer.Order>();
    var beside =
        new Shell(
            (order, watcher) -> null,
            (order, progress) -> {
              orders.add(order);
              return new Replayer.Replayed(
                  List.of(
                      new Replayer.Table("bronze", "shop_order", 2000L, 1000L),
                      new Replayer.Table("gold", "daily", null, 7L)),
                  List.of("gold.other: its tests fail"));
            });
    String until = "2026-01-31T00:00:00Z";
    assertThat(
            beside.run("replay", "--beside", "d", "--until", until, "--data", "of", "--conf", "c"))
        .isEqualTo(1);
    assertThat(orders)
        .containsExactly(
            new Replayer.Order(
                new Settings(
                    Path.of("of"), Path.of("c/lode.yaml"), Path.of("c"), OptionalInt.empty()),
                Path.of("d"),
                Instant.parse(until)));
    assertThat(beside.out())
        .isEqualTo(
            """
            layer   table        rows  rows beside
            ──────  ──────────  ─────  ───────────
            bronze  shop_order  2,000        1,000
            gold    daily           -            7
            ✗ gold.other: its tests fail
            Look at it: ./lode up --data d --conf c --port 8421
                  and: ./lode sql --url http://127.0.0.1:8421 "SELECT ..."
            """);
  }

  @Test
  void drawsATraceFromTheRawBytesDown() throws IOException {
    String graph =
        """
        {"data": {"nodes": [
          {"id": "b", "layer": "bronze", "dataset": "bronze.shop_order", "snapshot_id": 1, "values":
            {"payload": "{\\"id\\":7}", "source": "shop", "position": 3, "ingest_time": "T"}},
          {"id": "s", "layer": "silver", "dataset": "silver.order", "snapshot_id": 2,
           "values": {"tenant_id": "default", "id": 7}},
          {"id": "g", "layer": "gold", "dataset": "gold.daily", "snapshot_id": 3,
           "values": {"day": "2026-01-01"}},
          {"id": "v", "layer": "vectors", "dataset": "orders", "snapshot_id": 2, "values": {}}],
         "edges": [{"from": "b", "to": "s"}, {"from": "s", "to": "g"}, {"from": "s", "to": "v"},
                   {"from": "g", "to": "v"}]}}
        """;
    try (var lode = new FakeLode(asked -> new FakeLode.Answer(200, graph))) {
      assertThat(
              shell.run(
                  "trace", "--table", "gold.daily", "--key", "day=2026-01-01", "--url", lode.url()))
          .isZero();
      assertThat(lode.asked().getFirst().text())
          .isEqualTo("{\"table\":\"gold.daily\",\"key\":{\"day\":\"2026-01-01\"}}");
    }
    assertThat(shell.out())
        .isEqualTo(
            """
            bronze.shop_order  snapshot 1
            │  {"id":7}
            │  from shop, record 3, ingested T
            └─ silver.order  snapshot 2
               │  id=7
               ├─ gold.daily  snapshot 3
               │  │  day=2026-01-01
               │  └─ orders  snapshot 2
               └─ orders  (above)
            """);
  }
}
