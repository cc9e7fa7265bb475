package dev.lode.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Training sets as Parquet files, a folder for each tenant, for no other user of the machine to
 * read: they hold a tenant's rows. They go when they are old, and together take only so much room.
 */
final class TrainingFiles {
  private final Path folder;
  private final LodeConfig.Features limits;
  private final Clock clock;

  TrainingFiles(Path folder, LodeConfig.Features limits, Clock clock) {
    this.folder = requireNonNull(folder, "folder is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** A name for a new one; LIMIT_EXCEEDED where the tenant has no room left. */
  Path next(String tenantId) {
    Path own = own(tenantId);
    try {
      Files.createDirectories(own, ownerOnly());
      removeOld();
      if (bytes(own) >= limits.trainingFilesMax().bytes()) {
        throw full(tenantId);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot prepare " + own, e);
    }
    return own.resolve(UUID.randomUUID() + ".parquet").toAbsolutePath();
  }

  /** Takes it back where it is more than the tenant has room for. */
  void written(String tenantId, Path file) {
    try {
      if (bytes(own(tenantId)) > limits.trainingFilesMax().bytes()) {
        Files.delete(file);
        throw full(tenantId);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + file, e);
    }
  }

  /** Of all tenants, also those that lie in the folder itself: earlier versions put them there. */
  void removeOld() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Instant limit = clock.instant().minus(limits.trainingFilesAge().duration());
    for (Path file : files(folder)) {
      if (modified(file).isBefore(limit)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Path own(String tenantId) {
    return folder.resolve("tenant=" + URLEncoder.encode(tenantId, UTF_8));
  }

  private static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[] {};
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, 2)) {
      return all.filter(path -> path.toString().endsWith(".parquet")).toList();
    }
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    for (Path file : files(folder)) {
      bytes += size(file);
    }
    return bytes;
  }

  /** 0 where another has removed it meanwhile. */
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

  private Failure full(String tenantId) {
    return new Failure(
        ErrorCode.LIMIT_EXCEEDED,
        "Cannot write a training set: the files of tenant %s take %d bytes (features.training-files-max)"
            .formatted(tenantId, limits.trainingFilesMax().bytes()),
        "Remove those that are done with, ask for less, or raise the limit in conf/lode.yaml.");
  }
}
