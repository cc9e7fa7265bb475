package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Vectors;
import dev.lode.tables.TableName;
import dev.lode.vectors.search.Partition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Keeps the indexes that its shard owns in step with their tables. Deploy as a worker. */
public final class VectorSyncVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(VectorSyncVerticle.class);

  private final VectorParts parts;
  private final Bus bus;
  private final Synchroniser synchroniser;
  private final Map<Partition, VectorSpec> owned = new LinkedHashMap<>();
  private final Set<Partition> waiting = new HashSet<>();
  private final Pace pace = new Pace();

  public VectorSyncVerticle(VectorParts parts, Shards shards, int shard) {
    this.parts = requireNonNull(parts, "parts is null");
    this.bus = parts.bus();
    this.synchroniser =
        new Synchroniser(
            new Synchroniser.Site(
                parts.lake(),
                parts.sources(),
                parts.indexes(),
                parts.embedders(),
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
    vertx.setPeriodic(0, parts.config().catchUp().millis(), timer -> catchUp());
    return Future.all(
        bus.listen(Silver.COMMITTED, fact -> wake(fact.table(), fact.tenantId())),
        bus.listen(Gold.COMMITTED, fact -> wake(fact.table(), fact.tenantId())));
  }

  @Override
  public Future<?> stop() {
    synchroniser.commit();
    return Future.succeededFuture();
  }

  private void catchUp() {
    owned.keySet().forEach(this::wake);
    try {
      synchroniser.commit();
    } catch (RuntimeException e) {
      LOG.error("Cannot commit vector indexes", e);
    }
  }

  /** A fact of a tenant that is none here tells of all tenants. */
  private void wake(String table, String tenantId) {
    boolean one = parts.tenants().contains(tenantId);
    TableName name = TableName.of(table);
    owned.forEach(
        (partition, spec) -> {
          if ((!one || partition.tenantId().equals(tenantId))
              && parts.sources().tables(spec).contains(name)) {
            wake(partition);
          }
        });
  }

  private void wake(Partition partition) {
    if (waiting.add(partition)) {
      long millis = pace.delay(partition, System.nanoTime()).toMillis();
      if (millis > 0) {
        vertx.setTimer(millis, timer -> turn(partition));
      } else {
        context.runOnContext(now -> turn(partition));
      }
    }
  }

  private void turn(Partition partition) {
    waiting.remove(partition);
    long start = System.nanoTime();
    try {
      var turn = synchroniser.turn(owned.get(partition), partition.tenantId());
      turn.ifPresent(done -> told(partition, done, start));
    } catch (RuntimeException e) {
      LOG.error("Cannot bring the vectors of " + partition.owned() + " up to date", e);
    }
  }

  private void told(Partition partition, Synchroniser.Turn turn, long start) {
    if (turn.more()) {
      wake(partition);
    } else {
      pace.ran(partition, start, System.nanoTime());
      bus.publish(Vectors.SYNCED, turn.synced());
    }
  }
}
