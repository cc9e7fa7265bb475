package dev.lode.backup;

import java.time.Instant;
import java.util.List;

/**
 * All that one backup says of itself, in its {@code copy.json}.
 *
 * @param id its folder, in the order of time
 * @param cutAt all that was acknowledged by then is in it
 * @param warehouse the root that its tables name: {@code file:///a/warehouse}
 * @param catalog the copy of it, in the folder of this backup
 * @param secrets likewise, below {@code secrets/}
 * @param files below the repository's {@code files/}, shared with other backups
 */
public record Copy(
    String id,
    Instant cutAt,
    String warehouse,
    Stored catalog,
    List<Stored> secrets,
    List<Table> tables,
    List<Stored> files) {
  /** Named in a backup as in a data directory. */
  public static final String CATALOG = "catalog.db";

  public static final String SECRETS = "secrets";

  public Copy {
    secrets = List.copyOf(secrets);
    tables = List.copyOf(tables);
    files = List.copyOf(files);
  }

  /** {@code snapshotId} is null where nothing was ever committed. */
  public record Table(String name, Long snapshotId, long rows) {}

  /**
   * @param sha256 in hex
   * @param namesOthers whether absolute paths are inside
   */
  public record Stored(String path, long bytes, String sha256, boolean namesOthers) {}

  public long rows() {
    return tables.stream().mapToLong(Table::rows).sum();
  }

  public long bytes() {
    return files.stream().mapToLong(Stored::bytes).sum();
  }
}
