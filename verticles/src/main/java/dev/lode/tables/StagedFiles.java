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
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Types;

/** Writes staged rows as Parquet files of a table by DuckDB, one per partition they touch. */
final class StagedFiles {
  static final int ROW_GROUP_ROWS = 122_880;

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
   * Rows of one file.
   *
   * @param relation what follows FROM
   * @param fields its columns that are written
   * @param rowGroupRows each thread holds so many in memory
   */
  record Part(String relation, List<Types.NestedField> fields, int rowGroupRows) {}

  /**
   * @param relation has all columns of the table
   * @param rowIds whether it has {@code _row_id} too: rows keep the one that they have
   */
  List<DataFile> write(String relation, boolean rowIds) {
    try {
      var fields = new ArrayList<>(table.schema().columns());
      if (rowIds) {
        fields.add(MetadataColumns.ROW_ID);
      }
      for (var partition : Partitions.of(workspace, table, relation)) {
        var rows = new Part(relation + partition.filter(), fields, ROW_GROUP_ROWS);
        files.add(copy(rows, table.spec(), partition.values()));
      }
      return files;
    } catch (RuntimeException e) {
      files.forEach(file -> table.io().deleteFile(file.location()));
      throw e;
    }
  }

  /** One new file. */
  DataFile copy(Part rows, PartitionSpec spec, StructLike partition) {
    String file = FileFormat.PARQUET.addExtension(UUID.randomUUID().toString());
    String location = table.locationProvider().newDataLocation(file);
    try {
      var input = copy(rows, location);
      Metrics metrics = ParquetUtil.fileMetrics(input, MetricsConfig.forTable(table));
      check(metrics);
      return DataFiles.builder(spec)
          .withPath(location)
          .withFileSizeInBytes(input.getLength())
          .withFormat(FileFormat.PARQUET)
          .withMetrics(metrics)
          .withPartition(partition)
          .build();
    } catch (RuntimeException e) {
      table.io().deleteFile(location);
      throw e;
    }
  }

  private InputFile copy(Part rows, String location) {
    workspace.execute(
        """
        COPY (SELECT %s FROM %s) TO %s
          (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE %d, FIELD_IDS {%s})
        """
            .formatted(
                Sql.names(rows.fields().stream().map(Types.NestedField::name).toList()),
                rows.relation(),
                Sql.text(path(location)),
                rows.rowGroupRows(),
                rows.fields().stream().map(StagedFiles::fieldId).collect(Collectors.joining(","))));
    if (table.io() instanceof LocalFileIO local) {
      local.settle(location);
    }
    return table.io().newInputFile(location);
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
