package dev.lode;

import dev.lode.cli.Server;
import dev.lode.cli.Settings;
import dev.lode.codecs.Bus;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A Lode in this process: what it stands on, then every layer; closed the other way. */
final class LodeServer implements Server {
  private static final long PATIENCE_SECONDS = 300;

  private final DataDirectory data;
  private final Lake lake;
  private final Vertx vertx;
  private Layers layers;
  private LayerMeters layerMeters;
  private int port;

  private LodeServer(DataDirectory data, Lake lake, Vertx vertx) {
    this.data = data;
    this.lake = lake;
    this.vertx = vertx;
  }

  /** Returns when every layer is deployed; whatever was opened is closed when one cannot be. */
  static Server start(Settings settings, Consumer<Vertx> tap) {
    LodeConfig read = LodeConfig.read(settings.config());
    LodeConfig config =
        settings.port().isPresent() ? read.withPort(settings.port().getAsInt()) : read;
    Clock clock = Clock.systemUTC();
    Leftovers.remove(Path.of(System.getProperty("java.io.tmpdir")), clock.instant());
    Room.check(settings.data(), config);
    DataDirectory data = DataDirectory.open(settings.data());
    Lake lake = null;
    LodeServer server = null;
    try {
      lake = Lake.open(data.lake(config, clock));
      var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      Gauge.builder("lode.key-index.bytes", lake, Lake::keyIndexBytes)
          .description("What the key indexes take, outside the heap")
          .register(meters);
      Vertx vertx = vertx(meters);
      server = new LodeServer(data, lake, vertx);
      Bus.registerCodecs(vertx);
      tap.accept(vertx);
      var limits = new Bus.Limits(config.bus().inFlightMax(), config.bus().timeout().duration());
      var bus = new Bus(vertx, limits, clock);
      server.layers =
          new Layers(new Layers.Ground(config, settings, data, lake, bus, meters, clock));
      server.layerMeters = new LayerMeters(lake, meters, clock);
      await(server.layerMeters.start(vertx, bus));
      server.port = await(server.layers.deploy(vertx));
      return server;
    } catch (RuntimeException | Error e) {
      close(data, lake, server);
      // Where the disk has filled up since, that is why.
      Room.check(settings.data(), config);
      throw e;
    }
  }

  static Vertx vertx(PrometheusMeterRegistry meters) {
    return Vertx.builder()
        .withMetrics(new MicrometerMetricsFactory(meters))
        .with(
            new io.vertx.core.VertxOptions()
                .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
        .build();
  }

  private static void close(DataDirectory data, Lake lake, LodeServer server) {
    if (server != null) {
      server.close();
    } else {
      if (lake != null) {
        lake.close();
      }
      data.close();
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("Not ready after " + PATIENCE_SECONDS + " s", e);
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void close() {
    try {
      await(undeployed().eventually(vertx::close));
    } finally {
      if (layers != null) {
        layers.close();
      }
      if (layerMeters != null) {
        layerMeters.close();
      }
      lake.close();
      data.close();
    }
  }

  private Future<?> undeployed() {
    return layers == null ? Future.succeededFuture() : layers.undeploy(vertx);
  }
}
