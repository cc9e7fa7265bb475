package dev.lode.features;

import dev.lode.codecs.Bus;
import dev.lode.config.DataSize;
import dev.lode.config.LodeConfig;
import dev.lode.config.Span;
import dev.lode.features.offline.History;
import dev.lode.features.online.MemoryStore;
import dev.lode.features.online.ViewStates;
import dev.lode.features.spec.FeatureCatalog;
import dev.lode.features.spec.View;
import dev.lode.tables.Lake;
import dev.lode.tables.TestLake;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** A feature store in a folder of its own, with a clock that tests set. */
public final class TestFeatures implements AutoCloseable {
  public final TestClock clock;
  public final Vertx vertx = Vertx.vertx();
  public final Lake lake;
  public final FeatureStore store;

  /** A clock that stands until it is set. */
  public static final class TestClock extends Clock {
    private volatile Instant now;

    public TestClock(Instant now) {
      this.now = now;
    }

    public void set(Instant to) {
      now = to;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  private TestFeatures(Path folder, FeatureCatalog catalog, Instant now) {
    Bus.registerCodecs(vertx);
    clock = new TestClock(now);
    lake = TestLake.open(folder);
    var bus = new Bus(vertx, new Bus.Limits(1000, Duration.ofSeconds(30)), Clock.systemUTC());
    var limits =
        new LodeConfig.Features(
            Span.parse("1s"),
            1000,
            5000,
            DataSize.parse("1GB"),
            Span.parse("7d"),
            400_000,
            Span.parse("10s"),
            DataSize.parse("64MB"),
            100,
            1_000_000,
            1_000_000);
    store =
        new FeatureStore(
            bus,
            lake,
            catalog,
            new MemoryStore(),
            new ViewStates(),
            limits,
            folder.resolve("training"),
            clock);
  }

  public static TestFeatures of(Path folder, String yaml, Instant now) throws IOException {
    Path conf = Files.createDirectories(folder.resolve("features"));
    Files.writeString(conf.resolve("test.yaml"), yaml);
    return new TestFeatures(folder, FeatureCatalog.load(conf), now);
  }

  /** Over the features that ship. */
  public static TestFeatures shipped(Path folder, Instant now) {
    return new TestFeatures(folder, FeatureCatalog.load(Path.of("../conf/features")), now);
  }

  public View view(String name) {
    View view = store.catalog().view(name);
    lake.ensure(History.spec(view));
    return view;
  }

  Materializer materializer(String name) {
    View view = view(name);
    return new Materializer(store, view, Upstream.of(lake, view));
  }

  @Override
  public void close() {
    lake.close();
    vertx.close().await();
  }
}
