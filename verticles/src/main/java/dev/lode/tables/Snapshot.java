package dev.lode.tables;

import java.time.Instant;
import java.util.Map;

/**
 * One committed state of a table.
 *
 * @param parentId null for the first
 * @param sequence grows by one with each commit
 * @param rows live rows in the table
 * @param summary all properties of Iceberg's snapshot summary, {@code lode.watermark.*} among them
 */
public record Snapshot(
    TableName table,
    long id,
    Long parentId,
    long sequence,
    Instant committedAt,
    long rows,
    Map<String, String> summary) {

  public Snapshot {
    summary = Map.copyOf(summary);
  }

  /** Live rows, out of Iceberg's snapshot summary. */
  static long rows(Map<String, String> summary) {
    long records = Long.parseLong(summary.getOrDefault("total-records", "0"));
    return records - Long.parseLong(summary.getOrDefault("total-position-deletes", "0"));
  }

  /**
   * The snapshot of {@code upstream} that this one has consumed; null where it has consumed none.
   */
  public Long watermark(TableName upstream) {
    String value = summary.get(Progress.WATERMARK + upstream);
    return value == null ? null : Long.valueOf(value);
  }
}
