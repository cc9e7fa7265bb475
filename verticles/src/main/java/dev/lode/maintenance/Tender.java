package dev.lode.maintenance;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Maintenance;
import dev.lode.config.LodeConfig;
import dev.lode.tables.TableFile;
import dev.lode.tables.TableName;
import dev.lode.tables.Upkeep;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Does to tables what has been decided. Blocks; for one thread. */
final class Tender {
  private final Upkeep upkeep;
  private final Consumers consumers;
  private final LodeConfig.Maintenance config;
  private final Clock clock;
  private final Set<TableName> withoutDeletes;
  private final Expiry expiry;
  private final List<Waiting> waiting = new ArrayList<>();

  /** When each table was last searched for files that nothing reaches. */
  private final Map<TableName, Instant> swept = new HashMap<>();

  /** Files that may go when nobody reads them any more. */
  private record Waiting(TableName table, Upkeep.Unreached unreached, Instant since) {}

  Tender(Upkeep upkeep, Consumers consumers, LodeConfig.Maintenance config, Clock clock) {
    this.upkeep = requireNonNull(upkeep, "upkeep is null");
    this.consumers = requireNonNull(consumers, "consumers is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.withoutDeletes =
        config.serveWithoutDeletes().stream().map(TableName::of).collect(Collectors.toSet());
    this.expiry =
        new Expiry(config.snapshotAge().duration(), config.snapshotsMin(), config.snapshotsMax());
  }

  /** Where no deletes may stay, a single one is enough. */
  private Compaction compaction(TableName table, int filesMin) {
    double deleteRatio = withoutDeletes.contains(table) ? 0 : config.deleteRatio();
    return new Compaction(config.targetFileSize().bytes(), filesMin, deleteRatio);
  }

  /** As much as is due in one turn; true where there is more to compact. */
  boolean tend(TableName table) {
    boolean more = compact(table);
    expire(table, config.snapshotsBatch());
    if (!swept.getOrDefault(table, Instant.MIN).isAfter(sweptBefore())) {
      sweep(table);
    }
    remove(table);
    return more;
  }

  private Instant sweptBefore() {
    return clock.instant().minus(config.orphanInterval().duration());
  }

  /** All that can be done now, thresholds or not. */
  Maintenance.Maintained run(TableName table) {
    long compacted = 0;
    for (var group : compaction(table, 2).groups(upkeep.files(table))) {
      compacted += rewrite(table, group);
    }
    int expired = expire(table, 1);
    sweep(table);
    long removed = remove(table);
    return new Maintenance.Maintained(
        table.toString(), compacted, expired, removed, waiting(table));
  }

  /** One group a turn, so that other tables have theirs. */
  private boolean compact(TableName table) {
    var groups = compaction(table, config.filesMin()).groups(upkeep.files(table));
    return !groups.isEmpty() && rewrite(table, groups.getFirst()) > 0 && groups.size() > 1;
  }

  /** How many files became one: where a race is lost, fewer, because that takes less time. */
  private int rewrite(TableName table, List<TableFile> group) {
    if (upkeep.rewrite(
        table, group.stream().map(TableFile::location).collect(Collectors.toSet()))) {
      return group.size();
    }
    int fewer = Math.max(group.size() / 4, config.filesMin());
    return fewer < group.size() ? rewrite(table, group.subList(0, fewer)) : 0;
  }

  private int expire(TableName table, int atLeast) {
    var history = upkeep.history(table).entries();
    Instant now = clock.instant();
    if (expiry.expirable(history, List.of(), now).size() < atLeast) {
      return 0;
    }
    Set<Long> expirable = expiry.expirable(history, consumers.of(table).values(), now);
    if (expirable.size() < atLeast) {
      return 0;
    }
    await(table, upkeep.expire(table, expirable));
    return expirable.size();
  }

  private void sweep(TableName table) {
    Instant now = clock.instant();
    await(table, upkeep.orphans(table, now.minus(config.orphanAge().duration())));
    swept.put(table, now);
  }

  private void await(TableName table, Upkeep.Unreached unreached) {
    if (!unreached.locations().isEmpty()) {
      waiting.add(new Waiting(table, unreached, clock.instant()));
    }
  }

  private long remove(TableName table) {
    Instant before = clock.instant().minus(config.removeAfter().duration());
    long removed = 0;
    for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
      Waiting one = all.next();
      if (one.table().equals(table)
          && !one.since().isAfter(before)
          && upkeep.mayGo(one.unreached())) {
        removed += upkeep.remove(table, one.unreached());
        all.remove();
      }
    }
    return removed;
  }

  private long waiting(TableName table) {
    return waiting.stream()
        .filter(one -> one.table().equals(table))
        .flatMap(one -> one.unreached().locations().stream())
        .distinct()
        .count();
  }
}
