package dev.lode.features;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;

/**
 * Training sets as Parquet files, a folder for each tenant: they hold its rows. They go when they
 * are old, and together take only so much room.
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
    ParquetFolder own = own(tenantId);
    try {
      own.make();
      var age = limits.trainingFilesAge().duration();
      new ParquetFolder(folder).removeBefore(clock.instant().minus(age));
      if (own.bytes() >= limits.trainingFilesMax().bytes()) {
        throw full(tenantId);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot prepare " + own.path(), e);
    }
    return own.path().resolve(UUID.randomUUID() + ".parquet").toAbsolutePath();
  }

  /** Takes it back where it is more than the tenant has room for. */
  void written(String tenantId, Path file) {
    try {
      if (own(tenantId).bytes() > limits.trainingFilesMax().bytes()) {
        Files.delete(file);
        throw full(tenantId);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot look at " + file, e);
    }
  }

  private ParquetFolder own(String tenantId) {
    return new ParquetFolder(folder.resolve("tenant=" + URLEncoder.encode(tenantId, UTF_8)));
  }

  private Failure full(String tenantId) {
    return new Failure(
        ErrorCode.LIMIT_EXCEEDED,
        "Cannot write a training set: the files of tenant %s take %d bytes"
                .formatted(tenantId, limits.trainingFilesMax().bytes())
            + " (features.training-files-max)",
        "Remove those that are done with, ask for less, or raise the limit in conf/lode.yaml.");
  }
}
