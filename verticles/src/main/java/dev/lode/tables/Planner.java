package dev.lode.tables;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/** Finds the files, and the rows in them, that a slice holds; oldest files first. */
final class Planner {
  private final Manifests manifests = new Manifests();
  private final DeletionVectors vectors = new DeletionVectors();

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

  /** Files that may hold rows in {@code ranges}, with the vectors they have at {@code snapshot}. */
  List<LiveFile> live(Table table, List<Slice.Range> ranges, long snapshot) {
    return files(table, ranges, snapshot, 0);
  }

  /** Where {@code from} is no longer in the history of {@code to}, everything is new. */
  private List<LiveFile> added(Table table, Slice slice, long to) {
    Long from = slice.from();
    boolean known = from != null && SnapshotUtil.isAncestorOf(table, to, from);
    return files(table, slice.ranges(), to, known ? table.snapshot(from).sequenceNumber() : 0);
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

  /** Of the files that are live at {@code to}, those added after {@code sequence}. */
  private List<LiveFile> files(Table table, List<Slice.Range> ranges, long to, long sequence) {
    var snapshot = table.snapshot(to);
    var filter = new FileFilter(table, ranges);
    var deleted = new HashMap<String, DeleteFile>();
    for (ManifestFile manifest : snapshot.deleteManifests(table.io())) {
      manifests
          .vectors(table, manifest)
          .forEach(vector -> deleted.put(vector.referencedDataFile(), vector));
    }
    var files = new ArrayList<LiveFile>();
    for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
      if (manifest.sequenceNumber() > sequence) {
        for (DataFile file : manifests.data(table, manifest)) {
          if (file.dataSequenceNumber() > sequence && filter.mayHold(file)) {
            files.add(new LiveFile(file, deleted.get(file.location())));
          }
        }
      }
    }
    files.sort(
        Comparator.comparing((LiveFile live) -> live.file().dataSequenceNumber())
            .thenComparing(live -> live.file().location()));
    return files;
  }
}
