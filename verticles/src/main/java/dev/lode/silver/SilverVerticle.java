package dev.lode.silver;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.codecs.StatusParts;
import dev.lode.config.LodeConfig;
import dev.lode.config.Nearest;
import dev.lode.silver.contract.Contract;
import dev.lode.tables.Lake;
import dev.lode.tables.TableName;
import dev.lode.turns.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Refines the Bronze tables that its shard owns. Deploy as a worker. */
public final class SilverVerticle extends VerticleBase {
  private static final String LAYER = "bronze";

  /** Marts, vectors, features and lineage all follow a commit of Silver. */
  private static final int RESTS_PER_TURN = 2;

  private final Bus bus;
  private final Parts parts;
  private final Shards shards;
  private final int shard;
  private final Refinery.Site site;
  private final SilverStatus status;
  private final Map<TableName, List<Refinery>> refineries = new LinkedHashMap<>();
  private final Map<TableName, Defects> defects = new LinkedHashMap<>();
  private Turns<TableName> turns;

  /**
   * @param contracts all of them; this shard works those whose Bronze table it owns
   */
  public record Parts(
      Bus bus,
      Lake lake,
      List<Contract> contracts,
      LodeConfig.Silver config,
      HmacKey key,
      Clock clock) {
    public Parts {
      contracts = List.copyOf(contracts);
    }
  }

  public SilverVerticle(Parts parts, Shards shards, int shard) {
    this.parts = requireNonNull(parts, "parts is null");
    this.bus = requireNonNull(parts.bus(), "bus is null");
    this.shards = requireNonNull(shards, "shards is null");
    this.shard = shard;
    this.site = new Refinery.Site(parts.lake(), parts.config(), parts.key(), parts.clock());
    this.status = new SilverStatus(parts.lake(), parts.clock());
  }

  @Override
  public Future<?> start() {
    parts.lake().ensure(SilverTables.qualityResults());
    parts.lake().ensure(SilverTables.tombstones());
    for (Contract contract : parts.contracts()) {
      if (owns(contract.upstream())) {
        var refinery = new Refinery(site, contract);
        refinery.prepare();
        refineries.computeIfAbsent(contract.upstream(), of -> new ArrayList<>()).add(refinery);
      }
    }
    turns = new Turns<>(vertx, this::refine, RESTS_PER_TURN);
    vertx.setPeriodic(0, parts.config().catchUp().millis(), timer -> wakeAll());
    var registrations = new ArrayList<Future<?>>();
    registrations.add(
        bus.listen(Bronze.COMMITTED, fact -> wake(TableName.of(fact.table()), fact.more())));
    registrations.add(bus.serve(Silver.REPLAY.owner(shard), this::replay));
    var verdicts = new Verdicts(parts.lake(), parts.contracts());
    registrations.add(
        bus.serve(
            Silver.JUDGE.owner(shard),
            ask ->
                verdicts.judge(
                    ask, refineries.getOrDefault(TableName.of(ask.table()), List.of()))));
    if (shard == 0) {
      registrations.add(bus.serveAsync(Silver.REPLAY, this::forward));
    }
    registrations.add(
        new StatusParts("silver", shard, shards.count())
            .serve(
                bus, ask -> Future.succeededFuture(status.values(refineries(), ask.tenantId()))));
    return Future.all(registrations);
  }

  @Override
  public Future<?> stop() {
    return turns.stop();
  }

  private boolean owns(TableName table) {
    return shards.owner(table.toString()) == shard;
  }

  private void wakeAll() {
    parts.lake().tables().stream()
        .filter(table -> table.layer().equals(LAYER))
        .forEach(table -> wake(table, true));
  }

  private void wake(TableName table, boolean more) {
    if (owns(table)) {
      turns.wake(table, more);
    }
  }

  private Turns.Left refine(TableName table) {
    var readers = refineries.getOrDefault(table, List.of());
    if (readers.isEmpty()) {
      var unread = defects.computeIfAbsent(table, name -> new Defects(site, name));
      return unread.next() ? Turns.Left.MORE : Turns.Left.NOTHING;
    }
    var left = Turns.Left.NOTHING;
    RuntimeException failed = null;
    for (Refinery refinery : readers) {
      try {
        left = Collections.max(List.of(left, refine(refinery)));
      } catch (RuntimeException e) {
        failed = Objects.requireNonNullElse(failed, e);
      }
    }
    if (failed != null) {
      throw failed;
    }
    return left;
  }

  private Turns.Left refine(Refinery refinery) {
    var refined = refinery.next();
    if (refined.isEmpty()) {
      return Turns.Left.NOTHING;
    }
    var run = refined.get();
    tell(refinery, run);
    boolean bulk = run.records() > parts.config().batchRecords() / 2;
    return bulk ? Turns.Left.MORE : Turns.Left.PERHAPS;
  }

  private List<Refinery> refineries() {
    return refineries.values().stream().flatMap(List::stream).toList();
  }

  private void tell(Refinery refinery, Refinery.Refined run) {
    var contract = refinery.contract();
    boolean more = refinery.isFlooded();
    for (Tally tally : run.tallies()) {
      bus.publish(
          Silver.COMMITTED,
          new Silver.Committed(
              tally.tenantId(),
              contract.table().toString(),
              run.snapshot().id(),
              tally.checked() - tally.rejected(),
              tally.rejected(),
              tally.score(),
              more));
    }
  }

  private Future<Silver.Replayed> forward(Silver.Replay replay) {
    int owner = shards.owner(contract(replay.entity()).upstream().toString());
    return bus.request(Silver.REPLAY.owner(owner), replay);
  }

  private Contract contract(String entity) {
    return parts.contracts().stream()
        .filter(contract -> contract.entity().equals(entity))
        .findFirst()
        .orElseThrow(() -> unknown(entity));
  }

  private Failure unknown(String entity) {
    var known = parts.contracts().stream().map(Contract::entity).toList();
    String meant =
        Nearest.to(entity, known).map(name -> " (did you mean " + name + "?)").orElse("");
    return new Failure(
        ErrorCode.NOT_FOUND, "Cannot replay " + entity + ": it has no contract" + meant);
  }

  private Silver.Replayed replay(Silver.Replay replay) {
    var contract = contract(replay.entity());
    var refinery =
        refineries().stream()
            .filter(one -> one.contract().equals(contract))
            .findFirst()
            .orElseThrow(
                () ->
                    Failure.invalid(
                        "Cannot replay %s: shard %d does not own it"
                            .formatted(replay.entity(), shard)));
    var run = refinery.replays().run(replay);
    run.ifPresent(refined -> tell(refinery, refined));
    var tallies = run.map(Refinery.Refined::tallies).orElse(List.of());
    long read = run.map(Refinery.Refined::records).orElse(0L);
    long rejected = tallies.stream().mapToLong(Tally::rejected).sum();
    return new Silver.Replayed(
        replay.tenantId(),
        contract.table().toString(),
        run.map(refined -> refined.snapshot().id()).orElse(0L),
        read,
        read - rejected,
        rejected,
        refinery.replays().note(replay));
  }
}
