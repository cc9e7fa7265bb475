package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Scan;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.SnapshotUtil;

/** Finds the files, and the rows in them, that a slice holds; oldest files first. */
final class Planner {
  private final DeletionVectors vectors;

  Planner(DeletionVectors vectors) {
    this.vectors = vectors;
  }

  DeletionVectors vectors() {
    return vectors;
  }

  /** A data file as it is in one snapshot; {@code vector} null where all its rows live. */
  record LiveFile(DataFile file, DeleteFile vector) {}

  List<FileRows> plan(Table table, Slice slice, long to) {
    return switch (slice.kind()) {
      case AT -> rows(table, live(table, slice.ranges(), to));
      case ADDED -> rows(table, added(table, slice, to));
      case CHANGED -> changed(table, slice, to);
    };
  }

  List<FileRows> rows(Table table, List<LiveFile> files) {
    return files.stream()
        .map(live -> FileRows.live(live.file(), vectors.positions(table.io(), live.vector()), 1))
        .toList();
  }

  static List<LiveFile> live(Table table, List<Slice.Range> ranges, long snapshot) {
    var scan = table.newScan().useSnapshot(snapshot);
    return files(scan, table.schema(), ranges);
  }

  /** Where {@code from} is no longer in the history of {@code to}, everything is new. */
  private static List<LiveFile> added(Table table, Slice slice, long to) {
    Long from = slice.from();
    if (from == null || !SnapshotUtil.isAncestorOf(table, to, from)) {
      return live(table, slice.ranges(), to);
    }
    if (onlyAppends(table, from, to)) {
      return appended(table, slice.ranges(), from, to);
    }
    long sequence = table.snapshot(from).sequenceNumber();
    return live(table, slice.ranges(), to).stream()
        .filter(live -> live.file().dataSequenceNumber() > sequence)
        .toList();
  }

  private List<FileRows> changed(Table table, Slice slice, long to) {
    Long from = slice.from();
    if (from == null
        || !SnapshotUtil.isAncestorOf(table, to, from)
        || onlyAppends(table, from, to)) {
      return rows(table, added(table, slice, to));
    }
    return Changes.between(
        vectors, table.io(), live(table, slice.ranges(), from), live(table, slice.ranges(), to));
  }

  private static boolean onlyAppends(Table table, long from, long to) {
    for (var snapshot : SnapshotUtil.ancestorsBetween(to, from, table::snapshot)) {
      if (!DataOperations.APPEND.equals(snapshot.operation())) {
        return false;
      }
    }
    return true;
  }

  /** Reads the manifests of these commits alone, however many files the table has. */
  private static List<LiveFile> appended(
      Table table, List<Slice.Range> ranges, long from, long to) {
    if (from == to) {
      return List.of();
    }
    var scan = table.newIncrementalAppendScan().fromSnapshotExclusive(from).toSnapshot(to);
    return files(scan, table.schema(), ranges);
  }

  private static <S extends Scan<S, FileScanTask, ?>> List<LiveFile> files(
      S scan, Schema current, List<Slice.Range> ranges) {
    var uuids = new UuidBounds(current, ranges);
    var stats = uuids.columns().stream().map(scan.schema()::findColumnName).toList();
    var files = new ArrayList<LiveFile>();
    try (CloseableIterable<FileScanTask> tasks =
        scan.includeColumnStats(stats.stream().filter(Objects::nonNull).toList())
            .filter(Ranges.expression(current, scan.schema(), ranges))
            .planFiles()) {
      for (FileScanTask task : tasks) {
        if (uuids.mayHold(task.file())) {
          files.add(new LiveFile(task.file(), vector(task)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot plan a read", e);
    }
    files.sort(
        Comparator.comparing((LiveFile live) -> live.file().dataSequenceNumber())
            .thenComparing(live -> live.file().location()));
    return files;
  }

  private static DeleteFile vector(FileScanTask task) {
    return switch (task.deletes().size()) {
      case 0 -> null;
      case 1 -> task.deletes().getFirst();
      default ->
          throw new Failure(
              ErrorCode.INTERNAL,
              "Cannot read %s: it has %d delete files, not one deletion vector"
                  .formatted(task.file().location(), task.deletes().size()));
    };
  }
}
