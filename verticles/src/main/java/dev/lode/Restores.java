package dev.lode;

import static java.util.Objects.requireNonNull;

import dev.lode.backup.Copy;
import dev.lode.backup.Restore;
import dev.lode.cli.Restorer;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Restores into the data directory that a server would be started on. */
final class Restores implements Restorer {
  private final Clock clock;

  Restores(Clock clock) {
    this.clock = requireNonNull(clock, "clock is null");
  }

  @Override
  public Restored restore(Order order, Watcher watcher) {
    try {
      var restore = Restore.open(order.from(), order.id(), watcher::read);
      Copy copy = restore.copy();
      watcher.begin(copy.id(), copy.bytes());
      return order.checkOnly()
          ? restored(copy, null, restore.damages())
          : restored(copy, bring(restore, order), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot restore from " + order.from() + ": " + e, e);
    }
  }

  /** Where to what was there went; null where nothing was. */
  private Path bring(Restore restore, Order order) throws IOException {
    LodeConfig config = LodeConfig.read(order.settings().config());
    DataDirectory.checkEmbedded("restore to", order.settings().config(), config);
    Room.check(order.settings().data(), config);
    try (var data = DataDirectory.unfinished(order.settings().data())) {
      Path aside = data.prepare(restore.copy().id(), order.replace(), clock);
      restore.run(
          new Restore.Target(
              data.resolve(DataDirectory.CATALOG),
              data.resolve(DataDirectory.WAREHOUSE),
              data.resolve(DataDirectory.SECRETS),
              () -> Lake.open(data.lake(config, clock))));
      data.finish();
      return aside;
    }
  }

  private static Restored restored(Copy copy, Path aside, List<String> damages) {
    return new Restored(
        copy.id(),
        copy.cutAt(),
        copy.tables().size(),
        copy.rows(),
        copy.files().size(),
        copy.bytes(),
        aside,
        damages);
  }
}
