package dev.lode.tables;

import java.util.List;

/**
 * One table as a catalog has it, and every file that its snapshots lead to.
 *
 * @param table {@code silver.sale}, or whatever another engine calls its own
 * @param isOwn whether it is one of Lode's
 * @param snapshotId the current one; null where nothing was ever committed
 * @param rows live ones of that snapshot
 */
public record TableFiles(
    String table, boolean isOwn, Long snapshotId, long rows, List<Entry> entries) {
  /** Of the length of a file: nothing that leads to it says. */
  public static final long UNKNOWN = -1;

  public TableFiles {
    entries = List.copyOf(entries);
  }

  /**
   * @param path below the warehouse
   * @param bytes as whatever leads to it says, or {@link #UNKNOWN}
   * @param namesOthers whether absolute paths are inside: it differs from place to place
   */
  public record Entry(String path, long bytes, boolean namesOthers) {}
}
