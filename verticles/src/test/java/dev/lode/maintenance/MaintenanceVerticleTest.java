package dev.lode.maintenance;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Maintenance;
import dev.lode.codecs.Shards;
import dev.lode.config.LodeConfig;
import dev.lode.config.TestConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceVerticleTest {
  private static final TableName LINES = TableName.of("bronze.shop_line");
  private static final TableName CUSTOMERS = TableName.of("silver.customer");
  private static final List<TableName> TABLES = List.of(LINES, CUSTOMERS);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private Lake lake;
  private Bus bus;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    for (TableName table : TABLES) {
      lake.ensure(
          new TableSpec(
              table,
              List.of(TableSpec.Field.required("tenant_id", "VARCHAR", "tenant")),
              List.of(),
              List.of(),
              "Of a test."));
    }
    Bus.registerCodecs(vertx);
    bus = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(30)), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    vertx.close().await();
    lake.close();
  }

  private void deploy(int instances, Object... changes) throws Exception {
    LodeConfig.Maintenance config = TestConfig.with(changes).maintenance();
    var parts =
        new MaintenanceVerticle.Parts(bus, lake, CUSTOMERS::equals, config, Clock.systemUTC());
    var shards = new Shards(instances);
    for (int shard = 0; shard < instances; shard++) {
      vertx
          .deployVerticle(
              new MaintenanceVerticle(parts, shards, shard),
              new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER))
          .await(10, SECONDS);
    }
  }

  @Test
  void maintainsEveryTableWhoeverOwnsIt() throws Exception {
    deploy(3, "maintenance.interval", "1d");
    TABLES.forEach(table -> append(table, 5));

    var ran = run(null);

    assertThat(ran.tables())
        .extracting(Maintenance.Maintained::table, Maintenance.Maintained::filesCompacted)
        .containsExactlyInAnyOrder(tuple(LINES.toString(), 5L), tuple(CUSTOMERS.toString(), 5L));
  }

  @Test
  void maintainsOneTableAlone() throws Exception {
    deploy(3, "maintenance.interval", "1d");
    TABLES.forEach(table -> append(table, 5));

    assertThat(run("silver.customer").tables()).hasSize(1);
    assertThat(lake.upkeep().files(CUSTOMERS)).hasSize(1);
    assertThat(lake.upkeep().files(LINES)).hasSize(5);
  }

  @Test
  void namesTheNearestOfATableThatIsNotThere() throws Exception {
    deploy(1, "maintenance.interval", "1d");

    assertThatThrownBy(() -> run("silver.custome"))
        .hasMessage("No table silver.custome (did you mean silver.customer?)");
  }

  @Test
  void showsSizesAndWhoIsBehind() throws Exception {
    deploy(1, "maintenance.interval", "1d");
    append(LINES, 4);
    long second = lake.history(LINES).get(2).id();
    lake.append(CUSTOMERS, List.<Object[]>of(new Object[] {"a"}), Progress.of(LINES, null, second));

    var ask = new Maintenance.Survey("a");
    var lines = bus.request(Maintenance.SURVEY, ask).await(10, SECONDS).tables().getFirst();

    assertThat(lines.name()).isEqualTo("bronze.shop_line");
    assertThat(lines.files()).isEqualTo(4);
    assertThat(lines.rows()).isEqualTo(4);
    assertThat(lines.bytes()).isPositive();
    assertThat(lines.metadataBytes()).isPositive();
    assertThat(lines.consumers())
        .singleElement()
        .satisfies(
            consumer -> {
              assertThat(consumer.name()).isEqualTo("silver.customer");
              assertThat(consumer.snapshotsBehind()).isEqualTo(2);
            });
  }

  @Test
  void compactsOfItselfWhenEnoughHasComeTogether() throws Exception {
    append(LINES, 16);
    deploy(1, "maintenance.interval", "20ms");

    var compacted = new CompletableFuture<Void>();
    vertx.setPeriodic(
        10,
        timer -> {
          if (lake.upkeep().files(LINES).size() == 1) {
            compacted.complete(null);
          }
        });
    assertThat(compacted).succeedsWithin(Duration.ofSeconds(30));
  }

  private Maintenance.Ran run(String table) throws Exception {
    return bus.request(Maintenance.RUN, new Maintenance.Run("a", table)).await(20, SECONDS);
  }

  private void append(TableName table, int commits) {
    for (int i = 0; i < commits; i++) {
      lake.append(table, List.<Object[]>of(new Object[] {"a"}), Progress.NONE);
    }
  }
}
