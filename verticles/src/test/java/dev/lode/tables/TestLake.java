package dev.lode.tables;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Lakes for tests: in a folder of their own, without waiting for the disk. */
public final class TestLake {

  private TestLake() {}

  public static Lake open(Path folder) {
    return Lake.open(options(folder));
  }

  static LakeOptions options(Path folder) {
    return options(folder, 8, Duration.ofSeconds(5));
  }

  /** One session, and no patience. */
  static LakeOptions small(Path folder) {
    return options(folder, 1, Duration.ofMillis(10));
  }

  private static LakeOptions options(Path folder, int sessionsMax, Duration sessionWait) {
    return new LakeOptions(
        "jdbc:sqlite:" + folder.resolve("catalog.db"),
        folder.resolve("warehouse").toUri().toString(),
        folder.resolve("scratch"),
        "1GB",
        2,
        sessionsMax,
        sessionWait,
        false,
        Clock.systemUTC());
  }
}
