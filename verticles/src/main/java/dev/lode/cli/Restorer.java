package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Brings a backup back in this process, with no server running; given by Main. */
public interface Restorer {

  /** A sentence that says why it cannot is thrown. */
  Restored restore(Order order, Watcher watcher);

  /**
   * @param id of the backup; null for the newest
   * @param settings whose data directory is filled
   * @param replace what is there already is moved aside, instead of refused
   * @param checkOnly the backup is read and compared, and nothing is written
   */
  record Order(Path from, String id, Settings settings, boolean replace, boolean checkOnly) {
    public Order {
      requireNonNull(from, "from is null");
      requireNonNull(settings, "settings is null");
    }
  }

  /** Hears how far it is. */
  interface Watcher {
    void begin(String id, long bytesTotal);

    void read(long bytes);
  }

  /**
   * @param aside where to what was there before went; null where nothing was
   * @param damages a sentence for each file of the backup that is not as it was written
   */
  record Restored(
      String id,
      Instant cutAt,
      int tables,
      long rows,
      long files,
      long bytes,
      Path aside,
      List<String> damages) {
    public Restored {
      damages = List.copyOf(damages);
    }
  }
}
