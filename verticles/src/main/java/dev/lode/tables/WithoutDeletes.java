package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.util.HashSet;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.apache.iceberg.io.FileIO;

/**
 * Tables as readers may have them that know no deletion vectors and would show deleted rows: as of
 * the newest snapshot that needs none. Metadata of its own is written for it, because some of these
 * readers go by the file alone; it is made again where it was removed as an orphan.
 */
final class WithoutDeletes {
  private final FileIO io;
  private final Set<TableName> tables;

  WithoutDeletes(FileIO io, Set<TableName> tables) {
    this.io = requireNonNull(io, "io is null");
    this.tables = Set.copyOf(tables);
  }

  boolean covers(CatalogFile.Entry table) {
    return tables.stream().anyMatch(each -> each.toString().equals(table.toString()));
  }

  TableMetadata of(CatalogFile.Entry table, TableMetadata metadata) {
    Snapshot served = newest(metadata);
    if (served == null && metadata.currentSnapshot() != null) {
      throw new ServiceUnavailableException(
          "Cannot serve %s without deletes: no snapshot that is kept is free of them. Run ./lode"
              + " maintain %s, or take it out of maintenance.serve-without-deletes.",
          table, table);
    }
    return served == null || served.equals(metadata.currentSnapshot())
        ? metadata
        : written(metadata, served);
  }

  private static Snapshot newest(TableMetadata metadata) {
    Snapshot snapshot = metadata.currentSnapshot();
    while (snapshot != null && !isFree(snapshot)) {
      snapshot = snapshot.parentId() == null ? null : metadata.snapshot(snapshot.parentId());
    }
    return snapshot;
  }

  /** What does not say how many there are may have some. */
  private static boolean isFree(Snapshot snapshot) {
    return "0".equals(snapshot.summary().get(SnapshotSummary.TOTAL_DELETE_FILES_PROP));
  }

  private TableMetadata written(TableMetadata metadata, Snapshot served) {
    String location =
        "%s/metadata/without-deletes-%d-%d.metadata.json"
            .formatted(metadata.location(), served.snapshotId(), metadata.currentSchemaId());
    if (!io.newInputFile(location).exists()) {
      try {
        TableMetadataParser.write(as(metadata, served), io.newOutputFile(location));
      } catch (AlreadyExistsException e) {
        // Another thread was first: it wrote the same.
      }
    }
    return TableMetadataParser.read(io, location);
  }

  private static TableMetadata as(TableMetadata metadata, Snapshot served) {
    var later = new HashSet<Long>();
    Snapshot snapshot = metadata.currentSnapshot();
    while (snapshot.snapshotId() != served.snapshotId()) {
      later.add(snapshot.snapshotId());
      snapshot = metadata.snapshot(snapshot.parentId());
    }
    metadata.refs().values().forEach(ref -> later.remove(ref.snapshotId()));
    return TableMetadata.buildFrom(metadata)
        .setRef(SnapshotRef.MAIN_BRANCH, SnapshotRef.branchBuilder(served.snapshotId()).build())
        .removeSnapshots(later)
        .discardChanges()
        .build();
  }
}
