package dev.lode.tables;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;

/**
 * A table in use: writers hold its lock, one after the other in order of arrival; readers take the
 * published state, which never changes under them.
 */
final class LakeTable {
  private final TableName name;
  private final TableOperations operations;
  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile Published published;

  /** One immutable state: {@code table} cannot be refreshed or committed to. */
  private record Published(TableMetadata metadata, Table table, Optional<Snapshot> head) {}

  LakeTable(TableName name, Table table) {
    this.name = name;
    this.operations = ((HasTableOperations) table).operations();
    this.published = publish(operations.current());
  }

  TableName name() {
    return name;
  }

  /** Held by whoever writes. */
  ReentrantLock lock() {
    return lock;
  }

  /** For writing, by the holder of the lock; always the newest state. */
  Table writable() {
    if (!lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("Writing to " + name + " without its lock");
    }
    refresh();
    return new BaseTable(operations, name.toString());
  }

  /** For reading, by anyone. */
  Table readable() {
    return published.table;
  }

  Optional<Snapshot> head() {
    return published.head;
  }

  Snapshot snapshot(org.apache.iceberg.Snapshot snapshot) {
    var summary = snapshot.summary();
    long records = Long.parseLong(summary.getOrDefault("total-records", "0"));
    long deleted = Long.parseLong(summary.getOrDefault("total-position-deletes", "0"));
    return new Snapshot(
        name,
        snapshot.snapshotId(),
        snapshot.parentId(),
        snapshot.sequenceNumber(),
        Instant.ofEpochMilli(snapshot.timestampMillis()),
        records - deleted,
        summary);
  }

  /** Takes in what other processes have committed. */
  synchronized void refresh() {
    TableMetadata metadata = operations.refresh();
    if (metadata != published.metadata) {
      published = publish(metadata);
    }
  }

  private Published publish(TableMetadata metadata) {
    var frozen =
        new StaticTableOperations(metadata, operations.io(), operations.locationProvider());
    var table = new BaseTable(frozen, name.toString());
    return new Published(
        metadata, table, Optional.ofNullable(metadata.currentSnapshot()).map(this::snapshot));
  }
}
