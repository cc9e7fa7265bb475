package dev.lode.tables;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** Which files the snapshots of a table name, and which lie there that none does. */
final class NamedFiles {
  private final Manifests manifests;

  NamedFiles(Manifests manifests) {
    this.manifests = manifests;
  }

  /** All that these snapshots name: manifest lists, manifests, data files, deletion vectors. */
  Set<String> of(Table table, Collection<Long> snapshots) {
    var named = new HashSet<String>();
    var those = snapshots.stream().map(table::snapshot).toList();
    those.forEach(snapshot -> named.add(snapshot.manifestListLocation()));
    for (ManifestFile manifest : Manifests.of(table.io(), those)) {
      named.add(manifest.path());
      manifests.files(table, manifest).forEach(file -> named.add(file.location()));
    }
    return named;
  }

  /** Takes out of {@code candidates} what {@code table} can reach. */
  void takeOut(Table table, Set<String> candidates) {
    ReachableFileUtil.metadataFileLocations(table, false).forEach(candidates::remove);
    ReachableFileUtil.statisticsFilesLocations(table).forEach(candidates::remove);
    for (var snapshot : table.snapshots()) {
      candidates.remove(snapshot.manifestListLocation());
    }
    var kept = Manifests.of(table.io(), table.snapshots());
    kept.forEach(manifest -> candidates.remove(manifest.path()));
    for (ManifestFile manifest : kept) {
      if (candidates.isEmpty()) {
        return;
      }
      manifests.files(table, manifest).forEach(file -> candidates.remove(file.location()));
    }
  }

  /** Those that were last written before {@code beforeMillis}. */
  static Set<String> lyingThere(Table table, long beforeMillis) {
    var found = new HashSet<String>();
    for (FileInfo file : list(table.io(), table.location())) {
      if (file.createdAtMillis() < beforeMillis) {
        found.add(file.location());
      }
    }
    return found;
  }

  private static Iterable<FileInfo> list(FileIO io, String folder) {
    if (io instanceof LocalFileIO local) {
      return local.list(folder);
    }
    return io instanceof SupportsPrefixOperations remote ? remote.listPrefix(folder) : List.of();
  }
}
