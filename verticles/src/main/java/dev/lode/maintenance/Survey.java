package dev.lode.maintenance;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Maintenance;
import dev.lode.tables.Lake;
import dev.lode.tables.TableHistory.Entry;
import dev.lode.tables.TableName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What there is of each table, and who is behind. Blocks. */
final class Survey {
  private final Lake lake;
  private final Consumers consumers;
  private final Clock clock;

  Survey(Lake lake, Consumers consumers, Clock clock) {
    this.lake = requireNonNull(lake, "lake is null");
    this.consumers = requireNonNull(consumers, "consumers is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  List<Maintenance.Table> tables() {
    return lake.tables().stream().map(this::table).toList();
  }

  private Maintenance.Table table(TableName name) {
    var size = lake.upkeep().size(name);
    var history = lake.upkeep().history(name).entries();
    var readers =
        consumers.of(name).entrySet().stream()
            .map(reader -> consumer(reader.getKey(), reader.getValue(), history))
            .toList();
    return new Maintenance.Table(
        name.toString(),
        size.files(),
        size.bytes(),
        size.records() - size.deleted(),
        size.deleted(),
        history.size(),
        size.manifests(),
        size.metadataBytes(),
        readers);
  }

  private Maintenance.Consumer consumer(String name, long consumed, List<Entry> history) {
    var unseen =
        history.stream()
            .takeWhile(entry -> entry.id() != consumed)
            .filter(entry -> !entry.compaction())
            .toList();
    Instant now = clock.instant();
    long lag =
        unseen.isEmpty() ? 0 : Duration.between(unseen.getLast().committedAt(), now).toMillis();
    return new Maintenance.Consumer(name, unseen.size(), Math.max(0, lag));
  }
}
