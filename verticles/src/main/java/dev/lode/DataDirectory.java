package dev.lode;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.lode.backup.Copy;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.tables.LakeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Where one Lode keeps everything; held by a lock, because two writers would harm each other. */
final class DataDirectory implements AutoCloseable {
  /** Where the catalog is embedded. */
  static final String CATALOG = Copy.CATALOG;

  static final String WAREHOUSE = "warehouse";
  static final String SECRETS = Copy.SECRETS;

  private static final String LOCK = "lode.lock";

  /** Holds the id of the backup while it is being restored. */
  private static final String UNFINISHED = "restore.unfinished";

  /** There while the layers are made again from Bronze. */
  private static final String REPLAYING = "replay.unfinished";

  private static final String ASIDE = "before-restore-";

  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Makes the folder where it is missing; refuses one that is in use, or restored by half. */
  static DataDirectory open(Path folder) {
    DataDirectory data = unfinished(folder);
    if (Files.exists(data.resolve(UNFINISHED))) {
      data.close();
      throw new Failure(
          ErrorCode.BACKEND_DOWN,
          "Cannot use " + data.root + ": a restore into it was not finished",
          "Run the same ./lode restore again; it goes on where it was.");
    }
    if (Files.exists(data.resolve(REPLAYING))) {
      data.close();
      throw new Failure(
          ErrorCode.BACKEND_DOWN,
          "Cannot use " + data.root + ": a replay into it was not finished",
          "Remove it, and run the same ./lode replay --beside again.");
    }
    return data;
  }

  /** As {@link #open}, for whoever finishes a restore. */
  static DataDirectory unfinished(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      FileChannel lock = FileChannel.open(root.resolve(LOCK), CREATE, WRITE);
      if (!taken(lock)) {
        lock.close();
        throw new Failure(
            ErrorCode.BACKEND_DOWN,
            "Cannot use " + root + ": another Lode is running on it",
            "Stop it, or give another folder with --data.");
      }
      return new DataDirectory(root, lock);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use " + root + " as the data directory: " + e, e);
    }
  }

  private static boolean taken(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException heldByThisProcess) {
      return false;
    }
  }

  Path resolve(String name) {
    return root.resolve(name);
  }

  /**
   * Empties the folder for a restore, unless it was begun already: moves what there is aside, or
   * refuses to.
   *
   * @return where to; null where nothing was
   */
  Path prepare(String id, boolean replace, Clock clock) throws IOException {
    Path unfinished = resolve(UNFINISHED);
    if (Files.exists(unfinished) && Files.readString(unfinished).equals(id)) {
      return null;
    }
    List<Path> inside = inside();
    if (!inside.isEmpty() && !replace) {
      throw new Failure(
          ErrorCode.INVALID_REQUEST,
          "Cannot restore into " + root + ": it is not empty",
          "Name an empty one with --data, or move what it holds aside with --replace.");
    }
    Files.writeString(unfinished, "");
    Path aside = resolve(ASIDE + clock.instant().toEpochMilli());
    for (Path each : inside) {
      Files.createDirectories(aside);
      Files.move(each, aside.resolve(each.getFileName()));
    }
    Files.writeString(unfinished, id);
    return inside.isEmpty() ? null : aside;
  }

  /** Marks the folder, until {@link #replayed()}; refuses one that holds anything. */
  void replaying() throws IOException {
    if (Files.exists(resolve(REPLAYING)) || !inside().isEmpty()) {
      throw new Failure(
          ErrorCode.INVALID_REQUEST,
          "Cannot replay into "
              + root
              + (Files.exists(resolve(REPLAYING))
                  ? ": an earlier replay into it was not finished"
                  : ": it is not empty"),
          "Remove it, or name another folder with --beside.");
    }
    Files.writeString(resolve(REPLAYING), "");
  }

  /** A Lode may start on it. */
  void replayed() throws IOException {
    Files.delete(resolve(REPLAYING));
  }

  private List<Path> inside() throws IOException {
    try (Stream<Path> inside = Files.list(root)) {
      return inside
          .filter(path -> !path.endsWith(LOCK) && !path.endsWith(UNFINISHED))
          .filter(path -> !path.getFileName().toString().startsWith(ASIDE))
          .toList();
    }
  }

  /** A Lode may start on it. */
  void finish() throws IOException {
    Files.delete(resolve(UNFINISHED));
  }

  /** INVALID_CONFIG unless all of it is in the folder; {@code what} cannot be otherwise. */
  static void checkEmbedded(String what, Path file, LodeConfig config) {
    for (LodeConfig.Url place : List.of(config.catalog(), config.warehouse())) {
      if (!place.isEmbedded()) {
        throw new Failure(
            ErrorCode.INVALID_CONFIG,
            "Cannot %s %s: only an embedded catalog and warehouse can be"
                .formatted(what, place.url()),
            "Set catalog.url and warehouse.url to embedded in " + file + ".");
      }
    }
  }

  LakeOptions lake(LodeConfig config, Clock clock) {
    return lake(root, config, clock);
  }

  /** Of a folder that need not be held: to look at what another process keeps there. */
  static LakeOptions lake(Path folder, LodeConfig config, Clock clock) {
    Path root = folder.toAbsolutePath().normalize();
    LodeConfig.Url catalog = config.catalog();
    LodeConfig.Url warehouse = config.warehouse();
    LodeConfig.Engine engine = config.engine();
    return new LakeOptions(
        catalog.isEmbedded() ? "jdbc:sqlite:" + root.resolve(CATALOG) : catalog.url(),
        warehouse.isEmbedded() ? "file://" + root.resolve(WAREHOUSE) : warehouse.url(),
        root.resolve("scratch"),
        engine.memory().bytes() / (1 << 20) + "MB",
        engine.threads(),
        engine.narrowRowsMax(),
        engine.recentRowsMax(),
        config.keyIndex().memory().bytes(),
        engine.sessionsMax(),
        engine.sessionWait().duration(),
        engine.fsync(),
        clock);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot release " + root, e);
    }
  }
}
