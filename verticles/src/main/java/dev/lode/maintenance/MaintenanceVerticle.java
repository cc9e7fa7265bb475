package dev.lode.maintenance;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Maintenance;
import dev.lode.codecs.Shards;
import dev.lode.codecs.StatusParts;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import dev.lode.tables.TableName;
import dev.lode.turns.Turns;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Maintains the tables that its shard owns, a turn each now and then. Deploy as a worker. */
public final class MaintenanceVerticle extends VerticleBase {
  private final Parts parts;
  private final Shards shards;
  private final int shard;
  private final Tender tender;
  private final Survey survey;
  private Turns<TableName> turns;

  /**
   * @param declared whether a table is still being made from others
   */
  public record Parts(
      Bus bus,
      Lake lake,
      Predicate<TableName> declared,
      LodeConfig.Maintenance config,
      Clock clock) {
    public Parts {
      requireNonNull(bus, "bus is null");
      requireNonNull(lake, "lake is null");
    }
  }

  public MaintenanceVerticle(Parts parts, Shards shards, int shard) {
    this.parts = requireNonNull(parts, "parts is null");
    this.shards = requireNonNull(shards, "shards is null");
    this.shard = shard;
    var consumers = new Consumers(parts.lake(), parts.declared());
    this.tender = new Tender(parts.lake().upkeep(), consumers, parts.config(), parts.clock());
    this.survey = new Survey(parts.lake(), consumers, parts.clock());
  }

  @Override
  public Future<?> start() {
    turns = new Turns<>(vertx, this::turn);
    vertx.setPeriodic(parts.config().interval().millis(), timer -> wakeAll());
    Bus bus = parts.bus();
    var registrations = new ArrayList<Future<?>>();
    registrations.add(bus.serve(Maintenance.RUN.owner(shard), this::run));
    if (shard == 0) {
      registrations.add(bus.serveAsync(Maintenance.RUN, this::forward));
      registrations.add(
          bus.serve(
              Maintenance.SURVEY,
              ask -> new Maintenance.Surveyed(ask.tenantId(), survey.tables())));
    }
    registrations.add(
        new StatusParts("maintenance", shard, shards.count())
            .serve(bus, () -> Future.succeededFuture(Map.of("tables", owned().size()))));
    return Future.all(registrations);
  }

  private List<TableName> owned() {
    return parts.lake().tables().stream()
        .filter(table -> shards.owner(table.toString()) == shard)
        .toList();
  }

  private void wakeAll() {
    owned().forEach(table -> turns.wake(table, true));
  }

  private Turns.Left turn(TableName table) {
    return tender.tend(table) ? Turns.Left.MORE : Turns.Left.NOTHING;
  }

  private Maintenance.Ran run(Maintenance.Run request) {
    var tables = request.table() == null ? owned() : List.of(TableName.of(request.table()));
    return new Maintenance.Ran(request.tenantId(), tables.stream().map(tender::run).toList());
  }

  private Future<Maintenance.Ran> forward(Maintenance.Run request) {
    Bus bus = parts.bus();
    if (request.table() != null) {
      TableName table = TableName.of(request.table());
      parts.lake().spec(table);
      return bus.request(Maintenance.RUN.owner(shards.owner(table.toString())), request);
    }
    var asked = new ArrayList<Future<Maintenance.Ran>>();
    for (int owner = 0; owner < shards.count(); owner++) {
      asked.add(bus.request(Maintenance.RUN.owner(owner), request));
    }
    return Future.all(asked)
        .map(
            all ->
                new Maintenance.Ran(
                    request.tenantId(),
                    all.<Maintenance.Ran>list().stream()
                        .flatMap(ran -> ran.tables().stream())
                        .toList()));
  }
}
