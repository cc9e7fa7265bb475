package dev.lode.tables;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.util.SnapshotUtil;

/** Finds the files, and the rows in them, that a slice holds; oldest files first. */
final class Planner {
  private final Manifests manifests = new Manifests();
  private final DeletionVectors vectors = new DeletionVectors();

  DeletionVectors vectors() {
    return vectors;
  }

  /** What a vector holds; nothing for null. */
  FileRows.Positions dead(FileIO io, DeleteFile vector) {
    return vector == null ? sink -> {} : vectors.positions(io, vector)::forEach;
  }

  Manifests manifests() {
    return manifests;
  }

  /** A data file as it is in one snapshot; {@code vector} null where all its rows live. */
  record LiveFile(DataFile file, DeleteFile vector) {}

  List<FileRows> plan(Table table, Slice slice, long to) {
    return switch (slice.kind()) {
      case AT, AS_OF -> rows(table, live(table, slice.ranges(), to));
      case ADDED -> added(table, slice, to);
      case CHANGED -> changed(table, slice, to);
    };
  }

  List<FileRows> rows(Table table, List<LiveFile> files) {
    return rows(table, files, null);
  }

  private List<FileRows> rows(Table table, List<LiveFile> files, Long after) {
    return files.stream()
        .map(
            live ->
                FileRows.live(live.file(), vectors.positions(table.io(), live.vector()), 1, after))
        .toList();
  }

  /** Files that may hold rows in {@code ranges}, with the vectors they have at {@code snapshot}. */
  List<LiveFile> live(Table table, List<Slice.Range> ranges, long snapshot) {
    return files(table, ranges, snapshot, 0);
  }

  /**
   * Where {@code from} is no longer in the history of {@code to}, everything is new. Rows that a
   * compaction has moved since then say themselves how old they are.
   */
  private List<FileRows> added(Table table, Slice slice, long to) {
    Long from = slice.from();
    if (from == null || !SnapshotUtil.isAncestorOf(table, to, from)) {
      return rows(table, live(table, slice.ranges(), to));
    }
    long sequence = table.snapshot(from).sequenceNumber();
    Long after = did(table, from, to, Set.of(DataOperations.REPLACE)) ? sequence : null;
    return rows(table, files(table, slice.ranges(), to, sequence), after);
  }

  private List<FileRows> changed(Table table, Slice slice, long to) {
    Long from = slice.from();
    if (from == null || !SnapshotUtil.isAncestorOf(table, to, from) || !mayLose(table, from, to)) {
      return added(table, slice, to);
    }
    var changes = new ArrayList<FileRows>();
    for (var stretch : Stretch.between(table, from, to)) {
      changes.addAll(
          Changes.between(
              vectors,
              table.io(),
              live(table, slice.ranges(), stretch.from()),
              live(table, slice.ranges(), stretch.to())));
    }
    return changes;
  }

  /** Whether a commit after {@code from}, up to {@code to}, may have deleted rows. */
  static boolean mayLose(Table table, long from, long to) {
    return did(table, from, to, Set.of(DataOperations.OVERWRITE, DataOperations.DELETE));
  }

  /** Whether a commit after {@code from}, up to {@code to}, was one of {@code operations}. */
  private static boolean did(Table table, long from, long to, Set<String> operations) {
    for (var snapshot : SnapshotUtil.ancestorsBetween(to, from, table::snapshot)) {
      if (operations.contains(snapshot.operation())) {
        return true;
      }
    }
    return false;
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
