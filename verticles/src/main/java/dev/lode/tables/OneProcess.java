package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Keeps a second process out: one that has the catalog in a file to itself need not ask it what the
 * others did. The lock ends with the process, however that ends.
 */
record OneProcess(Path catalog, FileChannel channel, Object key) implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(OneProcess.class.getName());

  static OneProcess of(Path catalog) {
    Path file = file(catalog);
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new Failure(
            ErrorCode.INVALID_CONFIG,
            "Cannot open %s: another process has it open".formatted(catalog),
            "Stop the other process, or share a catalog on Postgres: catalog.url.");
      }
      return new OneProcess(catalog, channel, key(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + file, e);
    }
  }

  private static Path file(Path catalog) {
    return catalog.resolveSibling(catalog.getFileName() + ".lock");
  }

  /** What the file is, whatever its name; null where the system does not tell. */
  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** FENCED where the locked file is no longer there: nothing keeps others out any more. */
  void check() {
    Path file = file(catalog);
    try {
      if (Objects.equals(key, key(file))) {
        return;
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "No lock file", e);
    }
    throw new Failure(
        ErrorCode.FENCED,
        "Cannot write to the lake: %s was removed or replaced while we had it locked"
            .formatted(file),
        "Find out who moved the data directory; then restart this process.");
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // This process has it, in another lake: its commits still compare and set.
      return true;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot let go of the catalog", e);
    }
  }
}
