package dev.lode;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

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

/** Where one Lode keeps everything; held by a lock, because two writers would harm each other. */
final class DataDirectory implements AutoCloseable {
  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Makes the folder where it is missing; refuses one that another Lode is using. */
  static DataDirectory open(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      FileChannel lock = FileChannel.open(root.resolve("lode.lock"), CREATE, WRITE);
      if (!taken(lock)) {
        lock.close();
        throw new Failure(
            ErrorCode.BACKEND_DOWN,
            "Cannot use " + root + ": another Lode is running on it",
            "Stop it, or give another folder with --data.");
      }
      return new DataDirectory(root, lock);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot use " + root + " as the data directory", e);
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

  LakeOptions lake(LodeConfig config, Clock clock) {
    String catalog = config.catalog().url();
    String warehouse = config.warehouse().url();
    LodeConfig.Engine engine = config.engine();
    return new LakeOptions(
        catalog.equals("embedded") ? "jdbc:sqlite:" + resolve("catalog.db") : catalog,
        warehouse.equals("embedded") ? "file://" + resolve("warehouse") : warehouse,
        resolve("scratch"),
        engine.memory().bytes() / (1 << 20) + "MB",
        engine.threads(),
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
