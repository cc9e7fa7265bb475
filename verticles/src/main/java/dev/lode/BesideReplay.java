package dev.lode;

import static java.util.Objects.requireNonNull;

import dev.lode.backup.Trees;
import dev.lode.cli.Replayer;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.tables.BronzeClone;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableFiles;
import dev.lode.tables.TableHistory;
import dev.lode.tables.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A data directory of Bronze alone, from which this process makes all the other layers. */
final class BesideReplay implements Replayer {
  private static final String BRONZE = "bronze";

  /** What is known of runs, not of rows. */
  private static final String SYSTEM = "system";

  private final Clock clock;

  BesideReplay(Clock clock) {
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public Replayed replay(Order order, Consumer<String> progress) {
    Path source = order.settings().data().toAbsolutePath().normalize();
    Path beside = order.beside().toAbsolutePath().normalize();
    LodeConfig config = LodeConfig.read(order.settings().config());
    DataDirectory.checkEmbedded("replay beside", order.settings().config(), config);
    check(source, beside);
    Room.check(beside, config);
    try (var data = DataDirectory.unfinished(beside)) {
      data.replaying();
      progress.accept("bronze: taking it from " + source);
      List<TableFiles> running = take(source, data, config);
      var made = make(order, data, config, progress);
      data.replayed();
      return new Replayed(side(running, made), made.failures());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot replay into " + beside + ": " + e.getMessage(), e);
    }
  }

  private static void check(Path source, Path beside) {
    if (!Files.isRegularFile(source.resolve(DataDirectory.CATALOG))) {
      throw Failure.invalid("Cannot replay %s: no Lode has run on it".formatted(source));
    }
    if (beside.startsWith(source) || source.startsWith(beside)) {
      throw Failure.invalid(
          "Cannot replay into %s: it must lie apart from the data directory %s"
              .formatted(beside, source));
    }
  }

  /** Answers all tables that there were in that moment. */
  private List<TableFiles> take(Path source, DataDirectory data, LodeConfig config)
      throws IOException {
    Path linked = data.resolve("linked");
    var from = DataDirectory.lake(source, config, clock);
    var tables = new BronzeClone(from, data.lake(config, clock), linked).make();
    Trees.delete(linked);
    Trees.copy(source.resolve(DataDirectory.SECRETS), data.resolve(DataDirectory.SECRETS));
    return tables;
  }

  private record Made(Map<TableName, Long> rows, List<String> failures) {}

  private Made make(Order order, DataDirectory data, LodeConfig config, Consumer<String> progress) {
    try (Lake lake = Lake.open(data.lake(config, clock))) {
      if (order.until() != null) {
        bronze(lake).forEach(table -> cut(lake, table, order.until()));
      }
      List<String> failures;
      var place = new Headless.Place(config, order.settings(), data, lake, clock);
      try (var headless = new Headless(place, progress)) {
        failures = headless.run();
      }
      var rows = new TreeMap<TableName, Long>();
      lake.tables()
          .forEach(table -> rows.put(table, lake.head(table).map(Snapshot::rows).orElse(0L)));
      return new Made(rows, failures);
    }
  }

  private static List<TableName> bronze(Lake lake) {
    return lake.tables().stream().filter(table -> table.layer().equals(BRONZE)).toList();
  }

  /** Takes out what came later, and the snapshots that show it: Silver goes by them. */
  private static void cut(Lake lake, TableName table, Instant until) {
    try (var session = lake.session()) {
      session.bind("kept", Slice.now(table).where("ingest_time", null, until));
      long kept = session.query("SELECT count(*) FROM kept", 1).count();
      if (lake.head(table).filter(head -> head.rows() > kept).isEmpty()) {
        return;
      }
      session.replace(table, "SELECT * FROM kept", Progress.NONE);
    }
    var upkeep = lake.upkeep();
    long head = lake.head(table).orElseThrow().id();
    var older =
        upkeep.history(table).entries().stream()
            .map(TableHistory.Entry::id)
            .filter(id -> id != head)
            .collect(Collectors.toSet());
    upkeep.remove(table, upkeep.expire(table, older));
  }

  private static List<Table> side(List<TableFiles> running, Made made) {
    var there =
        running.stream()
            .collect(Collectors.toMap(table -> TableName.of(table.table()), TableFiles::rows));
    var names = new TreeSet<>(there.keySet());
    names.addAll(made.rows().keySet());
    var tables = new ArrayList<Table>();
    for (TableName name : names) {
      if (!name.layer().equals(SYSTEM)) {
        tables.add(new Table(name.layer(), name.name(), there.get(name), made.rows().get(name)));
      }
    }
    return tables;
  }
}
