package dev.lode.tables;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;

/** Every file that the snapshots of one table lead to, found by following them. */
final class Reach {
  private final FileIO io;
  private final String root;
  private final TableMetadata metadata;
  private final List<ManifestFile> manifests;
  private final Map<String, DeleteFile> vectors = new LinkedHashMap<>();
  private final Map<String, TableFiles.Entry> files = new LinkedHashMap<>();

  /**
   * What each table leads to.
   *
   * @param catalog an embedded one, which no one writes to
   */
  static List<TableFiles> all(FileIO io, String root, Path catalog) {
    var all = new ArrayList<TableFiles>();
    CatalogFile.tables(catalog)
        .forEach((table, location) -> all.add(of(io, root, location).files(table)));
    return all;
  }

  /**
   * @param io finds files by the names that metadata has for them
   * @param root of the warehouse, which all those names begin with
   * @param location of the table's metadata
   */
  static Reach of(FileIO io, String root, String location) {
    var reach = new Reach(io, root, TableMetadataParser.read(io, location));
    reach.add(location, TableFiles.UNKNOWN, true);
    reach.follow();
    return reach;
  }

  private Reach(FileIO io, String root, TableMetadata metadata) {
    this.io = io;
    this.root = root;
    this.metadata = metadata;
    this.manifests = Manifests.of(io, metadata.snapshots());
  }

  TableMetadata metadata() {
    return metadata;
  }

  /** Each once, though most are in many snapshots. */
  List<ManifestFile> manifests() {
    return manifests;
  }

  /** One for each file of deletion vectors. */
  List<DeleteFile> vectors() {
    return List.copyOf(vectors.values());
  }

  TableFiles files(CatalogFile.Entry table) {
    var head = metadata.currentSnapshot();
    return new TableFiles(
        table.toString(),
        table.isOwn(),
        head == null ? null : head.snapshotId(),
        head == null ? 0 : Snapshot.rows(head.summary()),
        new ArrayList<>(files.values()));
  }

  private void follow() {
    for (var snapshot : metadata.snapshots()) {
      add(snapshot.manifestListLocation(), TableFiles.UNKNOWN, true);
    }
    for (ManifestFile manifest : manifests) {
      add(manifest.path(), manifest.length(), true);
      Manifests.read(io, metadata.specsById(), manifest).forEach(this::add);
    }
    metadata
        .statisticsFiles()
        .forEach(statistics -> add(statistics.path(), statistics.fileSizeInBytes(), false));
    metadata
        .partitionStatisticsFiles()
        .forEach(statistics -> add(statistics.path(), statistics.fileSizeInBytes(), false));
  }

  private void add(ContentFile<?> file) {
    boolean isVector = file instanceof DeleteFile;
    add(file.location(), file.fileSizeInBytes(), isVector);
    if (isVector) {
      vectors.putIfAbsent(file.location(), (DeleteFile) file);
    }
  }

  private void add(String location, long bytes, boolean namesOthers) {
    String path = Relocation.relative(root, location);
    files.putIfAbsent(path, new TableFiles.Entry(path, bytes, namesOthers));
  }
}
