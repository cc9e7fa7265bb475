package dev.lode.gold;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Status;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.TableName;
import dev.lode.turns.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Keeps the marts that its shard owns at the heads of their inputs. Deploy as a worker. */
public final class GoldVerticle extends VerticleBase {
  private final Bus bus;
  private final Shards shards;
  private final int shard;
  private final List<Mart> marts;
  private final LodeConfig.Gold config;
  private final MartKeeper keeper;
  private final GoldStatus status;

  /** Tables of whose rows more are on their way, as their last fact said. */
  private final Set<TableName> flooded = new HashSet<>();

  private Turns<String> turns;

  /**
   * @param marts all of them, inputs first; this shard keeps those that it owns
   * @param broken by name, what is wrong with those that are not among them
   */
  public record Parts(
      Bus bus,
      Lake lake,
      List<Mart> marts,
      Map<String, String> broken,
      LodeConfig.Gold config,
      Clock clock) {
    public Parts {
      marts = List.copyOf(marts);
      broken = Map.copyOf(broken);
    }
  }

  public GoldVerticle(Parts parts, Shards shards, int shard) {
    this.bus = requireNonNull(parts.bus(), "bus is null");
    this.shards = requireNonNull(shards, "shards is null");
    this.shard = shard;
    this.marts = parts.marts();
    this.config = parts.config();
    var ledger = new TestLedger(parts.lake(), parts.clock());
    this.keeper = new MartKeeper(parts.lake(), config, parts.clock());
    this.status = new GoldStatus(parts, ledger);
  }

  @Override
  public Future<?> start() {
    turns = new Turns<>(vertx, name -> keep(mart(name)));
    vertx.setPeriodic(0, config.catchUp().millis(), timer -> wake(mart -> true, true));
    var registrations = new ArrayList<Future<?>>();
    registrations.add(bus.listen(Silver.COMMITTED, fact -> wake(fact.table(), fact.more())));
    registrations.add(bus.listen(Gold.COMMITTED, fact -> wake(fact.table(), fact.more())));
    registrations.add(bus.serve(Gold.REBUILD.owner(shard), this::rebuild));
    if (shard == 0) {
      registrations.add(bus.serveAsync(Gold.REBUILD, this::forward));
      registrations.add(bus.serve(Status.of("gold"), status::report));
    }
    return Future.all(registrations);
  }

  @Override
  public Future<?> stop() {
    return turns.stop();
  }

  private void wake(String table, boolean more) {
    TableName name = TableName.of(table);
    if (more) {
      flooded.add(name);
    } else {
      flooded.remove(name);
    }
    wake(mart -> mart.inputs().contains(name), more);
  }

  /** What is made again whole comes last: it takes longest. */
  private void wake(Predicate<Mart> wanted, boolean more) {
    marts.stream()
        .filter(mart -> owner(mart) == shard && wanted.test(mart))
        .sorted(Comparator.comparing(Mart::incremental).reversed())
        .forEach(mart -> turns.wake(mart.name(), more));
  }

  private Turns.Left keep(Mart mart) {
    var kept = keeper.keep(mart);
    kept.ifPresent(built -> tell(built, mart.inputs().stream().anyMatch(flooded::contains)));
    return kept.isPresent() ? Turns.Left.PERHAPS : Turns.Left.NOTHING;
  }

  private Future<Gold.Rebuilt> forward(Gold.Rebuild request) {
    return bus.request(Gold.REBUILD.owner(owner(mart(request.mart()))), request);
  }

  private Mart mart(String name) {
    return marts.stream()
        .filter(known -> known.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private Gold.Rebuilt rebuild(Gold.Rebuild request) {
    Mart mart = mart(request.mart());
    var kept = keeper.rebuild(mart);
    tell(kept, false);
    var snapshot = kept.snapshot();
    boolean published = snapshot != null && !kept.holds(request.tenantId());
    return new Gold.Rebuilt(
        request.tenantId(),
        mart.name(),
        snapshot == null ? 0 : snapshot.id(),
        snapshot == null ? 0 : snapshot.rows(),
        published,
        published ? null : kept.reason(request.tenantId()));
  }

  private void tell(MartKeeper.Kept kept, boolean more) {
    var snapshot = kept.snapshot();
    kept.tenants()
        .forEach(
            (tenant, keys) ->
                bus.publish(
                    Gold.COMMITTED,
                    new Gold.Committed(
                        tenant, snapshot.table().toString(), snapshot.id(), keys, more)));
  }

  /** Dealt out evenly: marts are few, and their hashes may all have one owner. */
  private int owner(Mart mart) {
    return marts.indexOf(mart) % shards.count();
  }

  private Failure unknown(String name) {
    var names = marts.stream().map(Mart::name).toList();
    return new Failure(
        ErrorCode.NOT_FOUND,
        "Cannot rebuild " + name + ": no such mart" + MartReader.meant(name, names));
  }
}
