package dev.lode.backup;

import dev.lode.codecs.Backup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** How far a backup is. Written by the one thread that makes it, read by anyone. */
final class Tally {
  private final Clock clock;
  private final String directory;
  private final Instant began;
  private final AtomicLong copied = new AtomicLong();
  private volatile Instant ended;
  private volatile String failure;
  private volatile Begun begun = new Begun(null, null, null);
  private volatile List<String> leftOut = List.of();
  private volatile Sizes sizes = new Sizes(0, 0, 0, 0, 0, 0);

  /** {@code previousCutAt} is null for the first. */
  record Begun(String id, Instant cutAt, Instant previousCutAt) {}

  record Sizes(int tables, long rows, long files, long bytes, long filesNew, long bytesNew) {}

  Tally(String directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
    this.began = clock.instant();
  }

  void begin(Begun now) {
    begun = now;
  }

  /** Tables of other engines that cannot be brought back, and why. */
  void leaveOut(List<String> tables) {
    leftOut = List.copyOf(tables);
  }

  void plan(Sizes known) {
    sizes = known;
  }

  void copied(long more) {
    copied.addAndGet(more);
  }

  /** {@code why} is null where all went well. */
  void end(String why) {
    failure = why;
    ended = clock.instant();
  }

  boolean isRunning() {
    return ended == null;
  }

  Backup.Progress progress(String tenantId) {
    Instant until = ended;
    return new Backup.Progress(
        tenantId,
        until == null ? "running" : failure == null ? "done" : "failed",
        directory,
        begun.id,
        begun.cutAt,
        begun.previousCutAt,
        sizes.tables,
        sizes.rows,
        sizes.files,
        sizes.bytes,
        sizes.filesNew,
        sizes.bytesNew,
        copied.get(),
        Duration.between(began, until == null ? clock.instant() : until).toMillis(),
        leftOut,
        failure);
  }
}
