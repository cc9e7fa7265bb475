package dev.lode.gold;

import static dev.lode.gold.InvoiceLines.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldVerticleIT {
  private static final String REVENUE =
      """
      -- description: Revenue per article.
      -- materialization: incremental
      -- key: stock_code
      -- incremental: silver.invoice_line by stock_code
      -- tests: accepted_values(country, France)
      SELECT tenant_id, stock_code, sum(quantity * unit_price) AS revenue, min(country) AS country
      FROM silver.invoice_line GROUP BY ALL
      """;
  private static final String TOTAL =
      """
      -- description: Revenue in all.
      -- materialization: table
      -- key: one
      SELECT tenant_id, 1 AS one, sum(revenue) AS revenue FROM gold.revenue GROUP BY tenant_id
      """;

  @TempDir Path folder;
  @TempDir Path files;
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Gold.Committed> committed = new LinkedBlockingQueue<>();
  private Bus bus;
  private Lake lake;
  private List<Mart> marts;

  @BeforeEach
  void open() throws Exception {
    lake = TestLake.open(folder);
    Files.writeString(files.resolve("revenue.sql"), REVENUE);
    Files.writeString(files.resolve("total.sql"), TOTAL);
    try (Session session = lake.session()) {
      marts = Marts.read(files, session).orThrow();
    }
    Bus.registerCodecs(vertx);
    bus = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(30)), Clock.systemUTC());
    await(bus.listen(Gold.COMMITTED, committed::add));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
    lake.close();
  }

  @Test
  void buildsAtTheStartWhatWasMissedWhileItWasDown() throws Exception {
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));

    deploy(1, "1h");

    assertThat(next().table()).isEqualTo("gold.revenue");
    assertThat(next().table()).isEqualTo("gold.total");
  }

  @Test
  void followsSilverThroughMartsOfMartsWhicheverShardKeepsThem() throws Exception {
    deploy(2, "1h");
    var snapshot = InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));

    bus.publish(
        Silver.COMMITTED,
        new Silver.Committed("a", InvoiceLines.TABLE.toString(), snapshot.id(), 1, 0, 1, false));

    assertThat(next().table()).isEqualTo("gold.revenue");
    assertThat(next().table()).isEqualTo("gold.total");
    assertThat(shown(TableName.of("gold.total"), TableName.of("gold.revenue")))
        .isEqualTo(lake.head(TableName.of("gold.revenue")).orElseThrow().id());
  }

  @Test
  void catchesUpWhenEveryFactIsLost() throws Exception {
    deploy(1, "50ms");
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));

    assertThat(next().table()).isEqualTo("gold.revenue");
    assertThat(next().table()).isEqualTo("gold.total");
  }

  @Test
  void buildsOnceForABurstOfFacts() throws Exception {
    var snapshot = InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    deploy(1, "1h");
    for (int i = 0; i < 20; i++) {
      bus.publish(
          Silver.COMMITTED,
          new Silver.Committed("a", InvoiceLines.TABLE.toString(), snapshot.id(), 1, 0, 1, false));
    }
    rebuild("total");

    assertThat(lake.history(TableName.of("gold.revenue"))).hasSize(1);
  }

  @Test
  void rebuildsWhenAsked() throws Exception {
    deploy(2, "1h");

    assertThatThrownBy(() -> rebuild("revenue"))
        .hasRootCauseInstanceOf(Failure.class)
        .hasRootCauseMessage(
            "Cannot rebuild gold.revenue: nothing is there yet of [silver.invoice_line]");
    assertThatThrownBy(() -> rebuild("revenu"))
        .hasRootCauseMessage("Cannot rebuild revenu: no such mart (did you mean revenue?)");

    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"));
    var rebuilt = rebuild("revenue");
    assertThat(rebuilt.published()).isTrue();
    assertThat(rebuilt.rows()).isEqualTo(1);
  }

  @Test
  void tellsOfEachTenantWhoseKeysItBuilt() throws Exception {
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"), line("b 1 X 2 1.25 c1"));
    deploy(1, "1h");
    assertThat(List.of(next().tenantId(), next().tenantId())).containsExactlyInAnyOrder("a", "b");
    assertThat(List.of(next().tenantId(), next().tenantId())).containsExactlyInAnyOrder("a", "b");
    var snapshot = InvoiceLines.append(lake, line("b 2 Y 2 1.25 c1"), line("b 2 X 2 1.25 c1"));

    bus.publish(
        Silver.COMMITTED,
        new Silver.Committed("b", InvoiceLines.TABLE.toString(), snapshot.id(), 2, 0, 1, false));

    var fact = next();
    assertThat(fact.tenantId()).isEqualTo("b");
    assertThat(fact.rows()).isEqualTo(2);
  }

  @Test
  void saysHowEachMartStands() throws Exception {
    InvoiceLines.append(lake, line("a 1 X 2 1.25 c1"), line("b 1 X 2 1.25 c1"));
    deploy(1, "1h");
    for (int tenantsOfMarts = 0; tenantsOfMarts < 4; tenantsOfMarts++) {
      next();
    }
    Object[] foreign = line("a 2 Y 1 1 c1");
    foreign[8] = "Spain";
    InvoiceLines.append(lake, foreign);
    assertThat(rebuild("revenue").published()).isFalse();

    var report = await(bus.request(Status.of("gold"), new Status.Ask("a")));

    var revenue = (Map<?, ?>) ((List<?>) report.values().get("marts")).getFirst();
    assertThat(revenue.get("name")).isEqualTo("gold.revenue");
    assertThat(revenue.get("rows")).isEqualTo(1L);
    assertThat(revenue.get("tests_failed"))
        .hasToString("[{test=accepted_values(country, France), rows=1, sample=Spain}]");
    assertThat(report.values().get("tasks").toString())
        .contains("gold.revenue", "blocked", "current");
    assertThat(await(bus.request(Status.of("gold"), new Status.Ask("b"))).values().get("marts"))
        .asString()
        .doesNotContain("Spain");
  }

  private Long shown(TableName mart, TableName input) {
    return lake.head(mart).orElseThrow().watermark(input);
  }

  private Gold.Rebuilt rebuild(String mart) throws Exception {
    return await(bus.request(Gold.REBUILD, new Gold.Rebuild("a", mart)));
  }

  private void deploy(int instances, String catchUp) throws Exception {
    var config =
        new LodeConfig.Gold(
            Span.parse(catchUp),
            100,
            100,
            64,
            1_000_000,
            Span.parse("1m"),
            Span.parse("1h"),
            100,
            Span.parse("30s"));
    var parts = new GoldVerticle.Parts(bus, lake, marts, Map.of(), config, Clock.systemUTC());
    for (int shard = 0; shard < instances; shard++) {
      await(
          vertx.deployVerticle(
              new GoldVerticle(parts, new Shards(instances), shard),
              new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
    }
  }

  private Gold.Committed next() throws InterruptedException {
    var fact = committed.poll(30, TimeUnit.SECONDS);
    assertThat(fact).as("a committed mart within 30 s").isNotNull();
    return fact;
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
