package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/**
 * A table's metadata files, of which the database of the catalog names the newest. One that was
 * written here is not read again.
 */
final class CatalogOperations extends BaseMetastoreTableOperations {
  private static final int READ_RETRIES_MAX = 20;

  /**
   * Commits in a row that are remembered. Snapshots hold on to the manifests that were read through
   * them: those of a copy that is read anew do not.
   */
  private static final int WRITTEN_MAX = 32;

  private final CatalogDatabase database;
  private final FileIO io;
  private final TableIdentifier table;
  private final SteadyTimes times = new SteadyTimes();
  private TableMetadata written;
  private int writes;

  CatalogOperations(CatalogDatabase database, FileIO io, TableIdentifier table) {
    this.database = requireNonNull(database, "database is null");
    this.io = requireNonNull(io, "io is null");
    this.table = requireNonNull(table, "table is null");
  }

  @Override
  protected String tableName() {
    return table.toString();
  }

  @Override
  public FileIO io() {
    return io;
  }

  @Override
  public TableMetadata current() {
    return times.of(super.current());
  }

  @Override
  public TableMetadata refresh() {
    return times.of(super.refresh());
  }

  @Override
  protected void doRefresh() {
    var location = database.location(table);
    if (location.isPresent()) {
      refreshFromMetadataLocation(location.get(), null, READ_RETRIES_MAX, this::metadata);
    } else if (currentMetadataLocation() != null) {
      throw new NoSuchTableException("Cannot find %s: another process dropped it", table);
    } else {
      disableRefresh();
    }
  }

  private TableMetadata metadata(String location) {
    return written != null && location.equals(written.metadataFileLocation())
        ? written
        : TableMetadataParser.read(io, location);
  }

  @Override
  protected void doCommit(TableMetadata base, TableMetadata metadata) {
    var move = write(base, metadata);
    try {
      database.move(List.of(move));
    } catch (UncheckedSQLException e) {
      throw e;
    } catch (RuntimeException e) {
      io.deleteFile(move.to());
      throw e;
    }
  }

  /** Writes what nothing leads to before the move is made. */
  CatalogDatabase.Move write(TableMetadata base, TableMetadata metadata) {
    String from = base == null ? null : base.metadataFileLocation();
    String to = writeNewMetadataIfRequired(base == null, metadata);
    writes++;
    written =
        writes % WRITTEN_MAX == 0
            ? null
            : TableMetadata.buildFrom(metadata).withMetadataLocation(to).discardChanges().build();
    return new CatalogDatabase.Move(table, from, to);
  }

  /** The move was made by other means than {@link #commit}. */
  void moved(TableMetadata base, TableMetadata metadata) {
    CatalogUtil.deleteRemovedMetadataFiles(io, base, metadata);
    requestRefresh();
  }
}
