package dev.lode.tables;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Lakes for tests: in a folder of their own, without waiting for the disk. */
public final class TestLake {
  static final long KEY_INDEX_BYTES = 2 << 20;

  /** From here on the engine is wide, and changes are read from their files. */
  static final long MANY_ROWS = 20_000;

  private TestLake() {}

  public static Lake open(Path folder) {
    return Lake.open(options(folder));
  }

  static LakeOptions options(Path folder) {
    return options(folder, "jdbc:sqlite:" + folder.resolve("catalog.db"));
  }

  static LakeOptions options(Path folder, String catalogUrl) {
    return new LakeOptions(
        catalogUrl,
        "file://" + folder.resolve("warehouse"),
        folder.resolve("scratch"),
        "1GB",
        2,
        MANY_ROWS,
        MANY_ROWS,
        KEY_INDEX_BYTES,
        8,
        Duration.ofSeconds(5),
        false,
        Clock.systemUTC());
  }

  /** One session, and no patience. */
  static LakeOptions small(Path folder) {
    LakeOptions all = options(folder);
    return new LakeOptions(
        all.catalogUrl(),
        all.warehouse(),
        all.scratch(),
        all.memory(),
        all.threads(),
        all.narrowRowsMax(),
        all.recentRowsMax(),
        all.keyIndexBytesMax(),
        1,
        Duration.ofMillis(10),
        all.fsync(),
        all.clock());
  }
}
