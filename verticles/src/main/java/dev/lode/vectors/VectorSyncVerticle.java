package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Vectors;
import dev.lode.fold.Folds;
import dev.lode.tables.TableName;
import dev.lode.turns.Turns;
import dev.lode.vectors.search.Partition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the indexes that its shard owns in step with their tables. Deploy as a worker. */
public final class VectorSyncVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(VectorSyncVerticle.class);

  private final VectorParts parts;
  private final Bus bus;
  private final Synchroniser synchroniser;
  private final Shards shards;
  private final int shard;
  private final Map<Partition, VectorSpec> owned = new LinkedHashMap<>();
  private Turns<Partition> turns;

  public VectorSyncVerticle(VectorParts parts, Shards shards, int shard) {
    this.parts = requireNonNull(parts, "parts is null");
    this.bus = parts.bus();
    this.shards = requireNonNull(shards, "shards is null");
    this.shard = shard;
    this.synchroniser =
        new Synchroniser(
            new Synchroniser.Site(
                parts.lake(),
                parts.sources(),
                parts.indexes(),
                parts.embedders(),
                new Folds(parts.lake(), parts.config().foldRowsMax()),
                parts.config().turnDocuments()));
    for (VectorSpec spec : parts.specs()) {
      for (String tenant : parts.tenants()) {
        var partition = new Partition(spec.namespace(), tenant);
        if (shards.owner(partition.owned()) == shard) {
          owned.put(partition, spec);
        }
      }
    }
  }

  @Override
  public Future<?> start() {
    turns = new Turns<>(vertx, this::synchronise);
    vertx.setPeriodic(0, parts.config().catchUp().millis(), timer -> catchUp());
    return Future.all(
        bus.listen(Silver.COMMITTED, fact -> wake(fact.table(), fact.tenantId(), fact.more())),
        bus.listen(Gold.COMMITTED, fact -> wake(fact.table(), fact.tenantId(), fact.more())),
        bus.serve(Vectors.REBUILD.owner(shard), this::rebuild),
        shard == 0 ? bus.serveAsync(Vectors.REBUILD, this::forward) : Future.succeededFuture());
  }

  @Override
  public Future<?> stop() {
    Future<Void> stopped = turns.stop();
    synchroniser.commit();
    return stopped;
  }

  private Future<Vectors.Synced> forward(Vectors.Rebuild request) {
    var partition = new Partition(request.namespace(), request.tenantId());
    return bus.request(Vectors.REBUILD.owner(shards.owner(partition.owned())), request);
  }

  private Vectors.Synced rebuild(Vectors.Rebuild request) {
    var spec = parts.spec("rebuild", request.namespace());
    if (!parts.tenants().contains(request.tenantId())) {
      throw Failure.invalid(
          "Cannot rebuild %s: no tenant %s (there are: %s)"
              .formatted(
                  request.namespace(), request.tenantId(), String.join(", ", parts.tenants())));
    }
    var synced = synchroniser.rebuild(spec, request.tenantId());
    bus.publish(Vectors.SYNCED, synced);
    return synced;
  }

  private void catchUp() {
    owned.keySet().forEach(partition -> turns.wake(partition, true));
    try {
      synchroniser.commit();
    } catch (RuntimeException e) {
      LOG.error("Cannot commit vector indexes", e);
    }
  }

  /** A fact of a tenant that is none here tells of all tenants. */
  private void wake(String table, String tenantId, boolean more) {
    boolean one = parts.tenants().contains(tenantId);
    TableName name = TableName.of(table);
    owned.forEach(
        (partition, spec) -> {
          if ((!one || partition.tenantId().equals(tenantId))
              && parts.sources().tables(spec).contains(name)) {
            turns.wake(partition, more);
          }
        });
  }

  private Turns.Left synchronise(Partition partition) {
    var turn = synchroniser.turn(owned.get(partition), partition.tenantId());
    if (turn.isEmpty()) {
      return Turns.Left.NOTHING;
    }
    if (turn.get().more()) {
      return Turns.Left.MORE;
    }
    bus.publish(Vectors.SYNCED, turn.get().synced());
    return Turns.Left.PERHAPS;
  }
}
