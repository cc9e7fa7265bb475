package dev.lode.ingest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.uuid.Generators;
import dev.lode.codecs.Bus;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Ingest;
import dev.lode.codecs.StatusParts;
import dev.lode.config.LodeConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Serves the bodies of one shard: opens them anywhere, takes their chunks where they were opened.
 */
public final class IngestVerticle extends VerticleBase {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");
  private static final UUID BATCHES = UUID.fromString("8c1c5a0e-2c5b-4f0a-9d0f-6f4bb1a7f6a1");

  private final Bus bus;
  private final LodeConfig config;
  private final LodeConfig.Ingest limits;
  private final int shard;
  private final Clock clock;
  private final Map<String, Stream> streams = new HashMap<>();
  private final Budget budget;
  private BronzeOutlet outlet;

  public IngestVerticle(Bus bus, LodeConfig config, int shard, Clock clock) {
    this.bus = requireNonNull(bus, "bus is null");
    this.config = requireNonNull(config, "config is null");
    this.limits = config.ingest();
    this.shard = shard;
    this.clock = requireNonNull(clock, "clock is null");
    this.budget = new Budget(limits.inFlightBytes().bytes(), this::advanceAll);
  }

  @Override
  public Future<?> start() {
    outlet = new BronzeOutlet(bus, vertx, config, clock);
    vertx.setPeriodic(Math.max(1, limits.idleTimeout().millis() / 4), tick -> abortSilent());
    return Future.all(
        bus.serveAsync(Ingest.OPEN, this::open),
        bus.serveAsync(Ingest.CHUNK.owner(shard), this::take),
        bus.serveAsync(Ingest.CLOSE.owner(shard), this::close),
        new StatusParts("ingest", shard, config.deploy().ingest())
            .serve(bus, () -> Future.succeededFuture(report())));
  }

  private Future<Ingest.Opened> open(Ingest.Open open) {
    checkName("source", open.source());
    checkName("entity", open.entity());
    if (streams.size() >= limits.streamsMax()) {
      throw new Failure(
          ErrorCode.OWNER_BUSY,
          "Cannot open a body: " + streams.size() + " are open (ingest.streams-max)");
    }
    checkShare(open.tenantId());
    var body = new Body(open, batchId(open), limits);
    String streamId = UUID.randomUUID().toString();
    streams.put(streamId, new Stream(body, outlet, budget, limits));
    return Future.succeededFuture(new Ingest.Opened(open.tenantId(), streamId, shard));
  }

  /** Where there are others, one tenant's bodies do not take all places. */
  private void checkShare(String tenantId) {
    long own =
        streams.values().stream()
            .filter(stream -> stream.body().open().tenantId().equals(tenantId))
            .count();
    if (config.tenants().size() > 1 && own >= limits.tenantStreamsMax()) {
      throw new Failure(
          ErrorCode.OWNER_BUSY,
          "Cannot open a body: tenant %s has %d open (ingest.tenant-streams-max)"
              .formatted(tenantId, own));
    }
  }

  private static void checkName(String what, String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw Failure.invalid("Invalid " + what + ": " + name + " (must match " + NAME + ")");
    }
  }

  /** The same for the same key, after a restart too. */
  private static UUID batchId(Ingest.Open open) {
    if (open.idempotencyKey() == null) {
      return UUID.randomUUID();
    }
    return Generators.nameBasedGenerator(BATCHES)
        .generate(
            String.join(
                "\0", open.tenantId(), open.source(), open.entity(), open.idempotencyKey()));
  }

  private Future<Ingest.Taken> take(Ingest.Chunk chunk) {
    return stream(chunk.tenantId(), chunk.streamId())
        .take(chunk.bytes().array())
        .map(lines -> new Ingest.Taken(chunk.tenantId(), chunk.streamId(), lines));
  }

  private Future<Ingest.Ingested> close(Ingest.Close close) {
    Stream stream = stream(close.tenantId(), close.streamId());
    streams.remove(close.streamId());
    if (close.aborted()) {
      return abort(stream, "the body broke off");
    }
    return stream
        .close()
        .compose(
            ingested ->
                outlet.known(close.tenantId())
                    ? outlet.settle(stream.body(), ingested)
                    : Future.failedFuture(BronzeOutlet.unknown(close.tenantId())),
            cause -> fail(stream, cause));
  }

  /** With what landed, once it is marked. */
  private Future<Ingest.Ingested> abort(Stream stream, String why) {
    return stream.abort().compose(left -> outlet.mark(stream.body(), left, why));
  }

  private Future<Ingest.Ingested> fail(Stream stream, Throwable cause) {
    boolean known = outlet.known(stream.body().open().tenantId());
    if (!known || !(cause instanceof Failure failure)) {
      return Future.failedFuture(cause);
    }
    return abort(stream, failure.getMessage())
        .compose(left -> Future.failedFuture(left.because(failure)));
  }

  private Stream stream(String tenantId, String streamId) {
    Stream stream = streams.get(streamId);
    if (stream == null || !stream.body().open().tenantId().equals(tenantId)) {
      throw new Failure(
          ErrorCode.NOT_FOUND,
          "Cannot find body " + streamId + ": closed, or silent for ingest.idle-timeout",
          "Open a new one, with the same idempotency key: what was committed is not landed again.");
    }
    return stream;
  }

  private void abortSilent() {
    Instant limit = clock.instant().minus(limits.idleTimeout().duration());
    for (var open : List.copyOf(streams.entrySet())) {
      if (open.getValue().silentSince(limit)) {
        streams.remove(open.getKey());
        abort(open.getValue(), "the body fell silent (ingest.idle-timeout)");
      }
    }
  }

  private void advanceAll() {
    List.copyOf(streams.values()).forEach(Stream::advance);
  }

  private Map<String, Object> report() {
    return Map.of("open_bodies", streams.size(), "bytes_in_flight", budget.used());
  }
}
