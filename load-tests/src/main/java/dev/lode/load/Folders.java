package dev.lode.load;

import dev.lode.tables.LakeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;

/** Scratch folders. */
final class Folders {

  private Folders() {}

  /** A lake in {@code folder}, to measure in this process. */
  static LakeOptions lake(Path folder) {
    return new LakeOptions(
        "jdbc:sqlite:" + folder.resolve("catalog.db"),
        folder.resolve("warehouse").toUri().toString(),
        folder.resolve("scratch"),
        "1GB",
        2,
        512 << 20,
        4,
        Duration.ofSeconds(20),
        true,
        Clock.systemUTC());
  }

  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
