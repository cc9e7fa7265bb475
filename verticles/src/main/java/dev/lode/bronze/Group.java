package dev.lode.bronze;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The appends of one table that wait for a commit, with {@code T} to answer each to. Says what may
 * come in and what is due; knows neither clock nor table.
 */
final class Group<T> {
  private final LodeConfig.Bronze limits;
  private List<Waiting<T>> gathered = new ArrayList<>();
  private long records;
  private long bytes;
  private long committing;
  private long number;
  private boolean timeUp;

  record Waiting<T>(Bronze.Append append, T caller) {}

  Group(LodeConfig.Bronze limits) {
    this.limits = limits;
  }

  /** Refuses as busy what would pass {@code bronze.pending-max}; at least one append may wait. */
  void add(Bronze.Append append, T caller) {
    int added = append.records().size();
    if (pending() > 0 && pending() + added > limits.pendingMax()) {
      throw new Failure(
          ErrorCode.OWNER_BUSY,
          "Cannot append to %s: %d records await their commit (bronze.pending-max %d)"
              .formatted(
                  Bronze.table(append.source(), append.entity()), pending(), limits.pendingMax()));
    }
    gathered.add(new Waiting<>(append, caller));
    records += added;
    for (Bronze.Raw raw : append.records()) {
      bytes += raw.payload().length();
    }
  }

  /** Appends gathered. */
  int size() {
    return gathered.size();
  }

  /** Records gathered, or on their way into the table. */
  long pending() {
    return records + committing;
  }

  /** Names what is gathered now, for {@link #timeUp}. */
  long number() {
    return number;
  }

  /** {@code bronze.group-time} has passed since the group's first append. */
  void timeUp(long group) {
    timeUp |= group == number;
  }

  /** One commit at a time: while one runs, nothing is due. */
  boolean due() {
    boolean full = records >= limits.groupRecords() || bytes >= limits.groupBytes().bytes();
    return committing == 0 && !gathered.isEmpty() && (full || timeUp);
  }

  /** All that was gathered, to be committed now; a new group begins. */
  List<Waiting<T>> take() {
    List<Waiting<T>> taken = gathered;
    committing = records;
    gathered = new ArrayList<>();
    records = 0;
    bytes = 0;
    timeUp = false;
    number++;
    return taken;
  }

  /** The commit is done, well or not. */
  void committed() {
    committing = 0;
  }
}
