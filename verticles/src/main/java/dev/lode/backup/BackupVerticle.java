package dev.lode.backup;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Backup;
import dev.lode.codecs.Bus;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import dev.lode.tables.Lake;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes backups on a thread of their own, one at a time, and says how far one is. One instance. */
public final class BackupVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(BackupVerticle.class);
  private static final String ANYWHERE = "any";

  private final Parts parts;
  private WorkerExecutor worker;
  private Tally tally;

  /**
   * @param data the data directory
   * @param isOpen whether anyone on loopback is admin: there are no keys
   */
  public record Parts(
      Bus bus, Lake lake, Path data, LodeConfig.Backup config, boolean isOpen, Clock clock) {
    public Parts {
      requireNonNull(bus, "bus is null");
      data = data.toAbsolutePath().normalize();
    }
  }

  public BackupVerticle(Parts parts) {
    this.parts = requireNonNull(parts, "parts is null");
  }

  @Override
  public Future<?> start() {
    worker = vertx.createSharedWorkerExecutor("lode-backup", 1, 1, TimeUnit.DAYS);
    return Future.all(
        parts.bus().serveAsync(Backup.START, this::begin),
        parts
            .bus()
            .serveAsync(Backup.PROGRESS, ask -> Future.succeededFuture(progress(ask.tenantId()))));
  }

  private Backup.Progress progress(String tenantId) {
    return tally == null
        ? new Backup.Progress(
            tenantId, "none", null, null, null, null, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), null)
        : tally.progress(tenantId);
  }

  private Future<Backup.Progress> begin(Backup.Start start) {
    Path directory = directory(start.directory());
    if (tally != null && tally.isRunning()) {
      throw new Failure(
          ErrorCode.OWNER_BUSY, "Cannot back up to " + directory + ": another backup is under way");
    }
    var mine = new Tally(directory.toString(), parts.clock());
    tally = mine;
    var job =
        new BackupJob(
            parts.lake(), parts.data().resolve(Copy.SECRETS), parts.config().keep(), parts.clock());
    worker
        .executeBlocking(() -> job.run(directory, mine))
        .onSuccess(copy -> mine.end(null))
        .onFailure(cause -> mine.end(told(directory, cause)));
    return Future.succeededFuture(mine.progress(start.tenantId()));
  }

  private static String told(Path directory, Throwable cause) {
    LOG.error("Cannot back up to " + directory, cause);
    return cause instanceof Failure failure
        ? failure.getMessage() + " " + failure.hint()
        : "Cannot back up to " + directory + ": " + cause;
  }

  private Path directory(String text) {
    Path directory = path(text);
    if (directory.startsWith(parts.data()) || parts.data().startsWith(directory)) {
      throw Failure.invalid(
          "Cannot back up to %s: it and the data directory %s are not apart"
              .formatted(directory, parts.data()));
    }
    String within = parts.config().within();
    if (within.equals(ANYWHERE) && !parts.isOpen()) {
      throw new Failure(
          ErrorCode.FORBIDDEN,
          "Cannot back up to %s: there are keys, so backup.within must name a folder"
              .formatted(directory),
          "Set backup.within in conf/lode.yaml to the folder that backups may be made in.");
    }
    if (!within.equals(ANYWHERE) && !directory.startsWith(Path.of(within))) {
      throw new Failure(
          ErrorCode.FORBIDDEN,
          "Cannot back up to %s: it is not within %s (backup.within)".formatted(directory, within),
          "Name a folder in there.");
    }
    return directory;
  }

  private static Path path(String text) {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      throw Failure.invalid("Invalid directory: %s (%s)".formatted(text, e.getReason()));
    }
    throw Failure.invalid("Invalid directory: %s (must be absolute)".formatted(text));
  }
}
