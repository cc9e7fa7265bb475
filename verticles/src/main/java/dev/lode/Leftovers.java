package dev.lode;

import dev.lode.backup.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Native libraries among the temporary files: a process that is killed leaves those that it has
 * unpacked, 85 MB each time. One that is loaded no longer needs its file, so those of processes
 * that live may go as well.
 */
final class Leftovers {
  private static final System.Logger LOG = System.getLogger(Leftovers.class.getName());

  /** What is unpacked is loaded within seconds. */
  private static final Duration LOADED = Duration.ofMinutes(1);

  /** As DuckDB, ONNX Runtime, SQLite and Snappy name theirs. */
  private static final List<String> NAMES =
      List.of(
          "libduckdb_java\\d+\\..*",
          "onnxruntime-java\\d+",
          "sqlite-[\\d.]+-[-0-9a-f]+-.*sqlitejdbc.*",
          "snappy-[\\d.]+-[-0-9a-f]+-.*snappyjava.*");

  private Leftovers() {}

  static void remove(Path folder, Instant now) {
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(Leftovers::isLibrary)
          .filter(path -> isOlder(path, now.minus(LOADED)))
          .forEach(Leftovers::remove);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.DEBUG, "Cannot look for old native libraries", e);
    }
  }

  private static boolean isLibrary(Path path) {
    String name = path.getFileName().toString();
    return NAMES.stream().anyMatch(name::matches);
  }

  private static boolean isOlder(Path path, Instant time) {
    try {
      return Files.getLastModifiedTime(path).toInstant().isBefore(time);
    } catch (IOException e) {
      return false;
    }
  }

  /** Another user's, and one that is in use on Windows, stays. */
  private static void remove(Path path) {
    try {
      Trees.delete(path);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.DEBUG, "Cannot remove " + path, e);
    }
  }
}
