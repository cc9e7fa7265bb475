package dev.lode.features;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Parquet files in a folder, and in the folders in it; others may remove them meanwhile. */
record ParquetFolder(Path path) {

  /** For no other user of the machine to read. */
  void make() throws IOException {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    var ownerOnly = PosixFilePermissions.fromString("rwx------");
    Files.createDirectories(
        path,
        posix
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(ownerOnly)}
            : new FileAttribute<?>[] {});
  }

  void removeBefore(Instant limit) throws IOException {
    for (Path file : files()) {
      if (modified(file).isBefore(limit)) {
        Files.deleteIfExists(file);
      }
    }
  }

  long bytes() throws IOException {
    long bytes = 0;
    for (Path file : files()) {
      bytes += size(file);
    }
    return bytes;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(path, 2)) {
      return all.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException gone) {
      return 0;
    }
  }

  private static Instant modified(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException gone) {
      return Instant.MAX;
    }
  }
}
