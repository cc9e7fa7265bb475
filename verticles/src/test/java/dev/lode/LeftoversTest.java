package dev.lode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
  private static final Instant LONG_AGO = NOW.minusSeconds(61);

  @TempDir Path folder;

  @Test
  void removesOldNativeLibrariesAlone() throws IOException {
    file("libduckdb_java100.so", LONG_AGO);
    file("sqlite-3.50.3.0-00c5fd3e-49a4-libsqlitejdbc.so", LONG_AGO);
    file("sqlite-3.50.3.0-00c5fd3e-49a4-libsqlitejdbc.so.lck", LONG_AGO);
    file("snappy-1.1.10-0c5fd3e1-49a4-libsnappyjava.so", LONG_AGO);
    Path unpacked = Files.createDirectory(folder.resolve("onnxruntime-java7"));
    Files.writeString(unpacked.resolve("libonnxruntime.so"), "");
    Files.setLastModifiedTime(unpacked, FileTime.from(LONG_AGO));
    file("libduckdb_java200.so", NOW.minusSeconds(59));
    file("libduckdb.txt", LONG_AGO);
    file("sqlite-notes", LONG_AGO);

    Leftovers.remove(folder, NOW);

    try (var left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("libduckdb_java200.so", "libduckdb.txt", "sqlite-notes");
    }
  }

  @Test
  void findsNothingWhereThereIsNoFolder() {
    Leftovers.remove(folder.resolve("missing"), NOW);
    assertThat(folder).isEmptyDirectory();
  }

  private void file(String name, Instant time) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "");
    Files.setLastModifiedTime(file, FileTime.from(time));
  }
}
