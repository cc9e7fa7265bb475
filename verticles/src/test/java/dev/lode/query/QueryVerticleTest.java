package dev.lode.query;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Query;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryVerticleTest {
  private static final TableName LINE = TableName.of("silver.line");
  private static final TableName REVENUE = TableName.of("gold.revenue");
  private static final TableName SCORES = TableName.of("system.quality_results");
  private static final UUID RUN = new UUID(0, 1);
  private static final Instant NOON = Instant.parse("2011-01-04T12:00:00Z");

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus =
      new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(10)), Clock.systemUTC());
  private Lake lake;
  private Snapshot line;
  private Snapshot revenue;

  @BeforeEach
  void start() throws Exception {
    lake = TestLake.open(folder);
    lake.ensure(
        new TableSpec(
            LINE,
            List.of(
                required("tenant_id", "VARCHAR", "Whose."),
                required("id", "BIGINT", "The line."),
                optional("country", "VARCHAR", null)),
            List.of("tenant_id", "id"),
            List.of("tenant_id"),
            "Lines of invoices."));
    lake.ensure(
        new TableSpec(
            REVENUE,
            List.of(required("tenant_id", "VARCHAR", "Whose.")),
            List.of(),
            List.of(),
            "Revenue."));
    line =
        append(LINE, Progress.NONE, row("acme", 1L, "x"), row("acme", 2L, null), row("o", 3L, ""));
    revenue = append(REVENUE, Progress.of(LINE, null, line.id()), row("acme"));
    scores();
    Bus.registerCodecs(vertx);
    var config = LodeConfig.read(Path.of("../conf/lode.yaml"));
    vertx
        .deployVerticle(new QueryVerticle(bus, lake, config, Clock.systemUTC()))
        .await(10, SECONDS);
  }

  private void scores() {
    lake.ensure(
        new TableSpec(
            SCORES,
            List.of(
                required("tenant_id", "VARCHAR", "Whose."),
                required("entity", "VARCHAR", "What."),
                required("rule", "VARCHAR", "Which."),
                required("run_id", "UUID", "Which run."),
                required("checked", "BIGINT", "How many."),
                required("failed", "BIGINT", "How many were bad."),
                required("at", "TIMESTAMP WITH TIME ZONE", "When.")),
            List.of(),
            List.of(),
            "Scores."));
    append(
        SCORES,
        Progress.NONE,
        row("acme", "line", "*", RUN, 50_000L, 50_000L, NOON),
        row("acme", "line", "*", RUN, 9_999L, 999L, NOON.plusSeconds(1)),
        row("acme", "line", "*", RUN, 0L, 0L, NOON.plusSeconds(2)),
        row("acme", "line", "*", RUN, 1L, 1L, NOON.plusSeconds(3)),
        row("acme", "line", "id_required", RUN, 10L, 9L, NOON.plusSeconds(3)),
        row("o", "line", "*", RUN, 10L, 8L, NOON.plusSeconds(9)));
  }

  private Snapshot append(TableName table, Progress progress, Object[]... rows) {
    return lake.append(table, List.of(rows), progress);
  }

  private static Object[] row(Object... values) {
    return values;
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, SECONDS);
    lake.close();
  }

  @Test
  void listsWhatARoleMayReadWithTheRowsOfItsTenant() throws Exception {
    var reader = list("acme", "reader", null);
    assertThat(reader)
        .extracting(Query.Dataset::name)
        .containsExactly("gold.revenue", "silver.line");
    assertThat(list("acme", "admin", null)).extracting(Query.Dataset::layer).contains("system");
    assertThat(list("o", "reader", "silver.line").getFirst().rows()).isEqualTo(1);
    assertThat(list("nobody", "reader", "silver.line").getFirst().rows()).isZero();
    assertThatThrownBy(() -> list("acme", "reader", "system.quality_results"))
        .hasMessage(
            "Cannot read system.quality_results: role reader reads silver, gold and platinum");
    assertThatThrownBy(() -> list("acme", "reader", "silver.lime"))
        .hasMessage(
            "Cannot read silver.lime: there is no such dataset (did you mean silver.line?)");
  }

  @Test
  void describesADataset() throws Exception {
    assertThat(list("acme", "reader", "silver.line").getFirst())
        .isEqualTo(
            new Query.Dataset(
                "silver.line",
                "silver",
                "Lines of invoices.",
                2,
                line.id(),
                line.committedAt().toString(),
                List.of(
                    new Query.Field("tenant_id", "VARCHAR", true, "Whose."),
                    new Query.Field("id", "BIGINT", true, "The line."),
                    new Query.Field("country", "VARCHAR", false, "")),
                List.of("id"),
                Map.of()));
    assertThat(list("acme", "reader", "gold.revenue").getFirst().upstream())
        .isEqualTo(Map.of("silver.line", Long.toString(line.id())));
  }

  @Test
  void findsTheAgeAndTheQualityBehindSnapshots() throws Exception {
    var assessed = assess("acme", Map.of("gold.revenue", revenue.id()));
    assertThat(assessed.oldest()).isEqualTo(revenue.committedAt());
    assertThat(assessed.qualityScore()).isEqualTo(0.9);
    var both = assess("o", Map.of("gold.revenue", revenue.id(), "silver.line", line.id()));
    assertThat(both.oldest()).isEqualTo(line.committedAt());
    assertThat(both.qualityScore()).isEqualTo(0.2);
    assertThat(assess("acme", Map.of("no table", 1L, "silver.none", 2L)))
        .isEqualTo(new Query.Assessed("acme", null, null, List.of()));
  }

  @Test
  void answersSqlOverTheBus() throws Exception {
    var run = new Query.Run("acme", "reader", "SELECT sum(id) AS s FROM silver.line", 10);
    assertThat(bus.request(Query.RUN, run).await(10, SECONDS).rows().getFirst().getFirst())
        .hasToString("3");
  }

  @Test
  void reportsEveryDatasetForTheDashboard() throws Exception {
    var report =
        bus.request(Status.of("query"), new Status.Ask("acme")).await(10, SECONDS).values();
    assertThat(report.get("quality")).isEqualTo(Map.of("line", 0.9));
    assertThat(report.get("datasets")).asString().contains("silver.line={records=2");
  }

  private List<Query.Dataset> list(String tenant, String role, String name) throws Exception {
    var ask = new Query.ListDatasets(tenant, role, name);
    return bus.request(Query.LIST, ask).await(10, SECONDS).datasets();
  }

  private Query.Assessed assess(String tenant, Map<String, Long> snapshots) throws Exception {
    return bus.request(Query.ASSESS, new Query.Assess(tenant, snapshots)).await(10, SECONDS);
  }
}
