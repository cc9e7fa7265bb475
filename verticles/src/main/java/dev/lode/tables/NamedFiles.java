package dev.lode.tables;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
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
    snapshots.forEach(id -> named.add(table.snapshot(id).manifestListLocation()));
    for (ManifestFile manifest : manifests(table, snapshots)) {
      named.add(manifest.path());
      content(table, manifest).forEach(file -> named.add(file.location()));
    }
    return named;
  }

  /** Takes out of {@code candidates} what {@code table} can reach. */
  void takeOut(Table table, Set<String> candidates) {
    ReachableFileUtil.metadataFileLocations(table, false).forEach(candidates::remove);
    ReachableFileUtil.statisticsFilesLocations(table).forEach(candidates::remove);
    var snapshots = new HashSet<Long>();
    for (var snapshot : table.snapshots()) {
      snapshots.add(snapshot.snapshotId());
      candidates.remove(snapshot.manifestListLocation());
    }
    var kept = manifests(table, snapshots);
    kept.forEach(manifest -> candidates.remove(manifest.path()));
    for (ManifestFile manifest : kept) {
      if (candidates.isEmpty()) {
        return;
      }
      content(table, manifest).forEach(file -> candidates.remove(file.location()));
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

  private static Collection<ManifestFile> manifests(Table table, Collection<Long> snapshots) {
    Map<String, ManifestFile> all = new LinkedHashMap<>();
    for (long id : snapshots) {
      for (ManifestFile manifest : table.snapshot(id).allManifests(table.io())) {
        all.putIfAbsent(manifest.path(), manifest);
      }
    }
    return all.values();
  }

  private List<? extends ContentFile<?>> content(Table table, ManifestFile manifest) {
    return manifest.content() == ManifestContent.DATA
        ? manifests.data(table, manifest)
        : manifests.vectors(table, manifest);
  }
}
