package dev.lode.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineageVerticleIT {
  private static final TableName RAW = TableName.of("bronze.shop_line");

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private HttpServer server;
  private Bus bus;
  private Lake lake;

  @BeforeEach
  void open() throws Exception {
    lake = TestLake.open(folder);
    lake.ensure(
        new TableSpec(
            RAW,
            List.of(TableSpec.Field.required("tenant_id", "VARCHAR", "")),
            List.of(),
            List.of(),
            "Raw."));
    Bus.registerCodecs(vertx);
    bus = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(30)), Clock.systemUTC());
    server =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  boolean refused = refusals.getAndDecrement() > 0;
                                  if (!refused) {
                                    received.add(body.toJsonObject());
                                  }
                                  request.response().setStatusCode(refused ? 503 : 201).end();
                                }))
                .listen(0, "127.0.0.1"));
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
    lake.close();
  }

  @Test
  void postsEveryCommitOnceAndAgainLaterWhereTheReceiverWasDown() throws Exception {
    refusals.set(1);
    commit();
    deploy("http://127.0.0.1:" + server.actualPort() + "/api/v1/lineage");
    commit();
    bus.publish(Bronze.COMMITTED, new Bronze.Committed("a", RAW.toString(), 1, 1, false));
    commit();

    for (var snapshot : lake.history(RAW).reversed()) {
      JsonObject event = received.poll(30, TimeUnit.SECONDS);
      OpenLineageRules.check(event);
      assertThat(event.getJsonArray("outputs").encode())
          .contains("\"datasetVersion\":\"" + snapshot.id() + "\"");
    }
    assertThat(received).isEmpty();
  }

  @Test
  void recordsWithoutAReceiverAndSaysHowFar() throws Exception {
    commit();
    deploy("none");

    Status.Report report;
    do {
      report = await(bus.request(Status.of("lineage"), new Status.Ask("a")));
    } while (!report.values().get("runs").equals(1L));

    assertThat(report.values()).containsEntry("runs_behind", 0L);
    assertThat(report.values().get("tasks").toString()).contains("state=off");
    assertThat(received).isEmpty();
  }

  private void commit() {
    lake.append(RAW, List.<Object[]>of(new Object[] {"a"}), Progress.NONE);
  }

  private void deploy(String url) throws Exception {
    var config = new LodeConfig.Lineage(url, Span.parse("20ms"), 100);
    var parts = new LineageVerticle.Parts(bus, lake, List.of(), config, Clock.systemUTC());
    await(
        vertx.deployVerticle(
            new LineageVerticle(parts, new Shards(1), 0),
            new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
