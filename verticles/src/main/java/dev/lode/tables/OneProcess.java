package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process out: one that has the catalog in a file to itself need not ask it what the
 * others did. The lock ends with the process, however that ends.
 */
record OneProcess(Path catalog, FileChannel channel) implements AutoCloseable {

  static OneProcess of(Path catalog) {
    Path file = catalog.resolveSibling(catalog.getFileName() + ".lock");
    try {
      var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new Failure(
            ErrorCode.INVALID_CONFIG,
            "Cannot open %s: another process has it open".formatted(catalog),
            "Stop the other process, or share a catalog on Postgres: catalog.url.");
      }
      return new OneProcess(catalog, channel);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot open " + file, e);
    }
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
