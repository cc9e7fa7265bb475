package dev.lode.tables;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Lakes for tests: in a folder of their own, small, without waiting for the disk. */
public final class TestLake {

  private TestLake() {}

  public static Lake open(Path folder) {
    return Lake.open(options(folder, false));
  }

  public static LakeOptions options(Path folder, boolean fsync) {
    return new LakeOptions(
        "jdbc:sqlite:" + folder.resolve("catalog.db"),
        folder.resolve("warehouse").toUri().toString(),
        folder.resolve("scratch"),
        "1GB",
        2,
        8,
        Duration.ofSeconds(5),
        fsync,
        Clock.systemUTC());
  }
}
