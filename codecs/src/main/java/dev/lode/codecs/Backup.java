package dev.lode.codecs;

import java.time.Instant;
import java.util.List;

/** Copies of the whole lake, all tenants in one, for the day that its disk is gone. */
public sealed interface Backup extends Message {
  Address<Start, Progress> START = new Address<>("backup.start", Start.class, Progress.class);
  Address<Ask, Progress> PROGRESS = new Address<>("backup.progress", Ask.class, Progress.class);

  /**
   * Starts one and answers at once; OWNER_BUSY while another is under way.
   *
   * @param directory absolute, on the server's own disks; made where it is missing
   */
  record Start(String tenantId, String directory) implements Backup {}

  record Ask(String tenantId) implements Backup {}

  /**
   * Of the backup under way, or else of the last one that this process made.
   *
   * @param state {@code none}, {@code running}, {@code done} or {@code failed}
   * @param id names it inside of the directory; null until it has begun
   * @param cutAt all that was acknowledged by then is in it
   * @param previousCutAt of the one before it in the same directory; null for the first
   * @param files in it, and {@code bytes} of them
   * @param filesNew not there yet when it began, and {@code bytesNew} of them
   * @param bytesCopied of those so far
   * @param millis since it began, or that it took
   * @param leftOut tables of other engines that cannot be brought back, each with its reason: files
   *     of theirs are missing or lie elsewhere
   * @param failure null unless it failed
   */
  record Progress(
      String tenantId,
      String state,
      String directory,
      String id,
      Instant cutAt,
      Instant previousCutAt,
      int tables,
      long rows,
      long files,
      long bytes,
      long filesNew,
      long bytesNew,
      long bytesCopied,
      long millis,
      List<String> leftOut,
      String failure)
      implements Backup {
    public Progress {
      leftOut = List.copyOf(leftOut);
    }
  }
}
