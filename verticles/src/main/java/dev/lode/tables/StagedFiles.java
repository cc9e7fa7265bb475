package dev.lode.tables;

import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Types;

/** Writes staged rows as Parquet files of a table by DuckDB, one per partition they touch. */
final class StagedFiles {
  private final Workspace workspace;
  private final TableName name;
  private final Table table;
  private final List<DataFile> files = new ArrayList<>();

  StagedFiles(Workspace workspace, TableName name, Table table) {
    this.workspace = workspace;
    this.name = name;
    this.table = table;
  }

  /**
   * @param relation has all columns of the table
   * @param rowIds whether it has {@code _row_id} too: rows keep the one that they have
   */
  List<DataFile> write(String relation, boolean rowIds) {
    try (var partitions = Partitions.of(workspace, table, relation)) {
      for (var partition : partitions.all()) {
        files.add(copy(relation + partition.filter(), rowIds, partition.values()));
      }
      return files;
    } catch (RuntimeException e) {
      files.forEach(file -> table.io().deleteFile(file.location()));
      throw e;
    }
  }

  private DataFile copy(String rows, boolean rowIds, PartitionData partition) {
    String file = FileFormat.PARQUET.addExtension(UUID.randomUUID().toString());
    String location = table.locationProvider().newDataLocation(file);
    try {
      return copy(rows, rowIds, partition, location);
    } catch (RuntimeException e) {
      table.io().deleteFile(location);
      throw e;
    }
  }

  private DataFile copy(String rows, boolean rowIds, PartitionData partition, String location) {
    var fields = new ArrayList<>(table.schema().columns());
    if (rowIds) {
      fields.add(MetadataColumns.ROW_ID);
    }
    workspace.execute(
        "COPY (SELECT %s FROM %s) TO %s (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {%s})"
            .formatted(
                Sql.names(fields.stream().map(Types.NestedField::name).toList()),
                rows,
                Sql.text(path(location)),
                fields.stream().map(StagedFiles::fieldId).collect(Collectors.joining(","))));
    if (table.io() instanceof LocalFileIO local) {
      local.settle(location);
    }
    var input = table.io().newInputFile(location);
    Metrics metrics = ParquetUtil.fileMetrics(input, MetricsConfig.forTable(table));
    check(metrics);
    return DataFiles.builder(table.spec())
        .withPath(location)
        .withFileSizeInBytes(input.getLength())
        .withFormat(FileFormat.PARQUET)
        .withMetrics(metrics)
        .withPartition(partition)
        .build();
  }

  private String path(String location) {
    if (!(table.io() instanceof LocalFileIO local)) {
      return location;
    }
    try {
      return local.prepare(location).toString();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make the folder of " + location, e);
    }
  }

  /** The engine does not know which columns are required. */
  private void check(Metrics metrics) {
    for (var column : table.schema().columns()) {
      Long nulls = metrics.nullValueCounts().get(column.fieldId());
      if (column.isRequired() && nulls != null && nulls > 0) {
        throw Failure.invalid(
            "Cannot write to %s: %d rows have no %s, which is required"
                .formatted(name, nulls, column.name()));
      }
    }
  }

  private static String fieldId(Types.NestedField field) {
    String name = Sql.name(field.name());
    if (!field.type().isListType()) {
      return name + ":" + field.fieldId();
    }
    return "%s:{__duckdb_field_id:%d,element:%d}"
        .formatted(name, field.fieldId(), field.type().asListType().elementId());
  }
}
