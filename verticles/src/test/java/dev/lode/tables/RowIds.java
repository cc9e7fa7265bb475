package dev.lode.tables;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;

/**
 * Reads a table as any other engine would, by Iceberg's own reader: column {@code id} to row id.
 */
public final class RowIds {

  private RowIds() {}

  public static Map<Long, Long> of(Path folder, TableName name) throws Exception {
    var ids = new HashMap<Long, Long>();
    lineage(folder, name).forEach((id, lineage) -> ids.put(id, lineage.getFirst()));
    return ids;
  }

  /** The row id, and the sequence number of the row's last update. */
  static Map<Long, List<Long>> lineage(Path folder, TableName name) throws Exception {
    try (var catalog = Catalog.open(TestLake.options(folder))) {
      var table = catalog.table(name).readable();
      var schema =
          new Schema(
              List.of(
                  table.schema().findField("id"),
                  MetadataColumns.ROW_ID,
                  MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER));
      var ids = new HashMap<Long, List<Long>>();
      try (var rows = IcebergGenerics.read(table).project(schema).build()) {
        for (Record row : rows) {
          ids.put(
              (Long) row.getField("id"),
              List.of(
                  (Long) row.getField("_row_id"),
                  (Long) row.getField("_last_updated_sequence_number")));
        }
      }
      return ids;
    }
  }
}
