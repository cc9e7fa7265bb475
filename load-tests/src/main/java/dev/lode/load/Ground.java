package dev.lode.load;

import dev.lode.bronze.BronzeVerticle;
import dev.lode.catalog.CatalogVerticle;
import dev.lode.codecs.Bus;
import dev.lode.config.LodeConfig;
import dev.lode.http.HttpVerticle;
import dev.lode.tables.Lake;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * What layers stand on, in this process: a lake with fsync in a scratch folder, the bus, and the
 * configuration that ships.
 */
final class Ground implements AutoCloseable {
  final LodeConfig config = LodeConfig.read(Folders.HOME.resolve("conf/lode.yaml"));
  final Path folder;
  final Lake lake;
  final Vertx vertx;
  final Bus bus;

  Ground() throws IOException {
    folder = Files.createTempDirectory("lode-bench");
    lake = Lake.open(Folders.lake(folder));
    vertx = Vertx.vertx();
    Bus.registerCodecs(vertx);
    var limits = new Bus.Limits(config.bus().inFlightMax(), config.bus().timeout().duration());
    bus = new Bus(vertx, limits, Clock.systemUTC());
  }

  void deployBronze() {
    for (int shard = 0; shard < config.deploy().bronze(); shard++) {
      vertx.deployVerticle(new BronzeVerticle(bus, config, shard, lake)).await();
    }
  }

  /** Its deployment's id. */
  String deployWorker(Deployable verticle) {
    var options = new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER);
    return vertx.deployVerticle(verticle, options).await();
  }

  /** Where other engines find the lake, on a free port of this machine. */
  String serveCatalog() {
    deployWorker(new CatalogVerticle(bus, lake, List.of()));
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var door = new HttpVerticle(bus, config.withPort(0), meters, Clock.systemUTC());
    vertx.deployVerticle(door).await();
    return "http://127.0.0.1:" + door.port();
  }

  @Override
  public void close() throws IOException {
    vertx.close().await();
    lake.close();
    Folders.delete(folder);
  }
}
