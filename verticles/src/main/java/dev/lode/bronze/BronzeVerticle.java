package dev.lode.bronze;

import static java.util.Objects.requireNonNull;

import com.fasterxml.uuid.Generators;
import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Shards;
import dev.lode.codecs.StatusParts;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Serves the Bronze tables of one shard: gathers on the event loop, commits on worker threads. */
public final class BronzeVerticle extends VerticleBase {
  private final Bus bus;
  private final TableWriter.Site site;
  private final int shard;
  private final UnknownTenants unknownTenants;
  private final IncompleteBatches incomplete;
  private final Map<String, TableOwner> owners = new HashMap<>();
  private WorkerExecutor workers;

  public BronzeVerticle(Bus bus, LodeConfig config, int shard, Lake lake) {
    this(
        bus,
        new TableWriter.Site(lake, config, Generators.timeBasedEpochGenerator(), Clock.systemUTC()),
        shard);
  }

  BronzeVerticle(Bus bus, TableWriter.Site site, int shard) {
    this.bus = requireNonNull(bus, "bus is null");
    this.site = requireNonNull(site, "site is null");
    this.shard = shard;
    this.unknownTenants = new UnknownTenants(site.lake(), site.clock());
    this.incomplete = new IncompleteBatches(site.lake(), site.clock());
  }

  @Override
  public Future<?> start() {
    int threads = site.config().bronze().commitThreads();
    workers = vertx.createSharedWorkerExecutor("bronze-" + shard, threads);
    return Future.all(
        bus.serveAsync(Bronze.APPEND.owner(shard), this::append),
        bus.serveAsync(
            Bronze.REFUSE.owner(shard),
            refuse -> workers.executeBlocking(() -> unknownTenants.keep(refuse))),
        bus.serveAsync(
            Bronze.MARK.owner(shard), mark -> workers.executeBlocking(() -> incomplete.mark(mark))),
        new StatusParts("bronze", shard, site.config().deploy().bronze())
            .serve(bus, () -> workers.executeBlocking(this::tables, false).map(this::report)));
  }

  @Override
  public Future<?> stop() {
    return Future.join(owners.values().stream().map(TableOwner::drained).toList())
        .eventually(workers::close);
  }

  private Future<Bronze.Appended> append(Bronze.Append append) {
    String table = Bronze.table(append.source(), append.entity());
    check(table, append);
    String names = append.source() + "/" + append.entity();
    return owners.computeIfAbsent(names, first -> owner(append)).append(append);
  }

  private TableOwner owner(Bronze.Append append) {
    var writer = new TableWriter(site, append.source(), append.entity());
    return new TableOwner(writer, new Group<>(site.config().bronze()), new OwnLoop());
  }

  private static void check(String table, Bronze.Append append) {
    if (append.records().isEmpty()) {
      throw Failure.invalid("Cannot append to " + table + ": no records");
    }
    if (append.keyed() && append.before() == null) {
      throw Failure.invalid("Cannot append to " + table + ": what came before is not told");
    }
    long first = append.records().getFirst().position();
    long last = append.records().getLast().position();
    if (append.keyed() && last - first != append.records().size() - 1) {
      throw Failure.invalid(
          "Cannot append to %s: positions %d to %d of %d records (must have no gap)"
              .formatted(table, first, last, append.records().size()));
    }
    if (append.keyed() && append.batchId().version() != TableWriter.KEYED_VERSION) {
      throw Failure.invalid(
          "Cannot append to %s: batch %s (a keyed one must be a name-based UUID, version 5)"
              .formatted(table, append.batchId()));
    }
  }

  /**
   * Own tables that are there, also those nothing was appended to since the start; FENCED, and so
   * not ready, where another process has taken over the writing.
   */
  private Map<String, Object> tables() {
    site.lake().checkWriter();
    var tables = new TreeMap<String, Object>();
    var shards = new Shards(site.config().deploy().bronze());
    for (TableName name : site.lake().tables()) {
      boolean own = shards.owner(name.toString()) == shard;
      if (own && name.layer().equals("bronze")) {
        site.lake().head(name).ifPresent(head -> tables.put(name.toString(), values(head)));
      }
    }
    return tables;
  }

  private static Map<String, Object> values(Snapshot head) {
    return Map.of(
        "records", head.rows(),
        "snapshots", head.sequence(),
        "snapshot_id", head.id(),
        "committed_at", head.committedAt().toString());
  }

  private Map<String, Object> report(Map<String, Object> tables) {
    long pending = owners.values().stream().mapToLong(TableOwner::pending).sum();
    return Map.of("tables", tables, "pending_records", pending);
  }

  private final class OwnLoop implements TableOwner.Loop {
    @Override
    public <T> Future<T> onWorker(Callable<T> blocking) {
      return workers.executeBlocking(blocking, false);
    }

    @Override
    public void afterGroupTime(Runnable action) {
      long delay = Math.max(1, site.config().bronze().groupTime().millis());
      vertx.setTimer(delay, fired -> action.run());
    }

    @Override
    public void publish(Bronze.Committed committed) {
      bus.publish(Bronze.COMMITTED, committed);
    }
  }
}
