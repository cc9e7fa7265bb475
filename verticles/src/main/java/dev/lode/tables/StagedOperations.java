package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/** Keeps what is committed to a table to itself, until it is moved there with others. */
final class StagedOperations implements TableOperations {
  private final CatalogOperations operations;
  private final TableMetadata base;
  private TableMetadata staged;

  /**
   * @param operations just refreshed
   */
  StagedOperations(CatalogOperations operations) {
    this.operations = requireNonNull(operations, "operations is null");
    this.base = operations.current();
    this.staged = base;
  }

  @Override
  public TableMetadata current() {
    return staged;
  }

  @Override
  public TableMetadata refresh() {
    return staged;
  }

  @Override
  public void commit(TableMetadata from, TableMetadata to) {
    if (from != staged) {
      throw new CommitFailedException("Cannot stage: stale table metadata");
    }
    staged = to;
  }

  boolean isChanged() {
    return staged != base;
  }

  CatalogDatabase.Move write() {
    return operations.write(base, staged);
  }

  /** Removes what was written for it, as far as that goes: nothing leads there. */
  void discard() {
    var table = new BaseTable(this, "staged");
    var files = new ArrayList<String>();
    for (var snapshot : staged.snapshots()) {
      if (base.snapshot(snapshot.snapshotId()) == null) {
        var changes = SnapshotChanges.builderFor(table).snapshot(snapshot).build();
        changes.addedDataFiles().forEach(file -> files.add(file.location()));
        changes.addedDeleteFiles().forEach(file -> files.add(file.location()));
        for (var manifest : snapshot.allManifests(io())) {
          if (manifest.snapshotId() == snapshot.snapshotId()) {
            files.add(manifest.path());
          }
        }
        files.add(snapshot.manifestListLocation());
      }
    }
    CatalogUtil.deleteFiles(io(), files, "staged", false);
  }

  void moved() {
    operations.moved(base, staged);
  }

  @Override
  public FileIO io() {
    return operations.io();
  }

  @Override
  public String metadataFileLocation(String file) {
    return operations.metadataFileLocation(file);
  }

  @Override
  public LocationProvider locationProvider() {
    return operations.locationProvider();
  }
}
