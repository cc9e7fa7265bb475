package dev.lode.tables;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataOperations;
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
  /** By the number of the metadata file: a clock may go back. */
  private static final Comparator<TableMetadata> AGE = Comparator.comparingInt(LakeTable::version);

  private final TableName name;
  private final CatalogOperations writing;
  private final TableOperations reading;
  private final ReentrantLock lock = new ReentrantLock(true);
  private volatile State published;

  /** Guarded by the lock: where commits go while a transaction holds it; mostly null. */
  private StagedOperations staged;

  /**
   * One immutable state.
   *
   * @param table cannot be refreshed or committed to
   * @param head the newest snapshot that is no compaction: the rows are as it left them
   */
  record State(TableMetadata metadata, Table table, Optional<Snapshot> head) {}

  /**
   * Iceberg's tables are not thread-safe: writers and readers have one each.
   *
   * @param reading only used where other processes commit too
   */
  LakeTable(TableName name, Table writing, Table reading) {
    this.name = name;
    this.writing = (CatalogOperations) ((HasTableOperations) writing).operations();
    this.reading = ((HasTableOperations) reading).operations();
    this.published = published(this.writing.current());
  }

  TableName name() {
    return name;
  }

  /** Held by whoever writes. */
  ReentrantLock lock() {
    return lock;
  }

  /** For writing, by the holder of the lock; always the newest state, with what is staged. */
  Table writable() {
    if (staged != null) {
      return new BaseTable(staged, name.toString());
    }
    committed();
    return new BaseTable(writing, name.toString());
  }

  /** What the holder of the lock has committed last. */
  Snapshot landed() {
    if (staged == null) {
      committed();
    }
    return head().orElseThrow();
  }

  /** From now on commits are staged, by the holder of the lock. */
  void stage() {
    committed();
    staged = new StagedOperations(writing);
  }

  StagedOperations staged() {
    return staged;
  }

  /** What is staged, if anything is, has no part in what is committed. */
  void unstage() {
    staged = null;
  }

  /** Shows readers what the holder of the lock has committed. */
  void committed() {
    if (!lock.isHeldByCurrentThread()) {
      throw new IllegalStateException("Writing to " + name + " without its lock");
    }
    publish(Catalog.ask(writing::refresh));
  }

  /** Takes in what other processes have committed. */
  void refresh() {
    synchronized (reading) {
      publish(Catalog.ask(reading::refresh));
    }
  }

  /** For reading, by anyone; whoever stages commits sees them. */
  State state() {
    return lock.isHeldByCurrentThread() && staged != null ? published(staged.current()) : published;
  }

  Table readable() {
    return state().table;
  }

  Optional<Snapshot> head() {
    return state().head;
  }

  Snapshot snapshot(org.apache.iceberg.Snapshot snapshot) {
    var summary = snapshot.summary();
    return new Snapshot(
        name,
        snapshot.snapshotId(),
        snapshot.parentId(),
        snapshot.sequenceNumber(),
        Instant.ofEpochMilli(snapshot.timestampMillis()),
        Snapshot.rows(summary),
        summary);
  }

  /** A reader that was slow never hides a newer state. */
  private synchronized void publish(TableMetadata metadata) {
    if (metadata != published.metadata && AGE.compare(metadata, published.metadata) >= 0) {
      published = published(metadata);
    }
  }

  private static int version(TableMetadata metadata) {
    String location = metadata.metadataFileLocation();
    String file = location.substring(location.lastIndexOf('/') + 1);
    return Integer.parseInt(file.substring(0, file.indexOf('-')));
  }

  private State published(TableMetadata metadata) {
    var frozen = new StaticTableOperations(metadata, writing.io(), writing.locationProvider());
    return new State(
        metadata, new BaseTable(frozen, name.toString()), head(metadata).map(this::snapshot));
  }

  private static Optional<org.apache.iceberg.Snapshot> head(TableMetadata metadata) {
    var head = metadata.currentSnapshot();
    while (head != null && isCompaction(head) && head.parentId() != null) {
      var parent = metadata.snapshot(head.parentId());
      if (parent == null) {
        break;
      }
      head = parent;
    }
    return Optional.ofNullable(head);
  }

  static boolean isCompaction(org.apache.iceberg.Snapshot snapshot) {
    return DataOperations.REPLACE.equals(snapshot.operation());
  }
}
