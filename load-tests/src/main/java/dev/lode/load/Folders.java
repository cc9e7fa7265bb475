package dev.lode.load;

import dev.lode.tables.LakeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;

/** The checkout, and scratch folders. */
final class Folders {
  /** Tests run one folder deeper. */
  static final Path HOME = Path.of(Files.isDirectory(Path.of("load-tests")) ? "" : "..");

  private Folders() {}

  /** A lake in {@code folder}, to measure in this process. */
  static LakeOptions lake(Path folder) {
    return new LakeOptions(
        "jdbc:sqlite:" + folder.resolve("catalog.db"),
        folder.resolve("warehouse").toUri().toString(),
        folder.resolve("scratch"),
        "1GB",
        2,
        20_000,
        20_000,
        512 << 20,
        4,
        Duration.ofSeconds(20),
        true,
        Clock.systemUTC());
  }

  /**
   * The limits of {@code conf}, in {@code folder}, a few words changed.
   *
   * @param changes texts of the file, and what is there instead
   */
  static Path limits(Path conf, Path folder, Map<String, String> changes) throws IOException {
    Path shipped = conf.resolve("lode.yaml");
    String yaml = Files.readString(shipped);
    for (var change : changes.entrySet()) {
      if (!yaml.contains(change.getKey())) {
        throw new IOException(shipped + " has no text " + change.getKey());
      }
      yaml = yaml.replace(change.getKey(), change.getValue());
    }
    return Files.writeString(folder.resolve("lode.yaml"), yaml);
  }

  static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
