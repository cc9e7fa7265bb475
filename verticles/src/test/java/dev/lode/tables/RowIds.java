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
final class RowIds {

  private RowIds() {}

  static Map<Long, Long> of(Path folder, TableName name) throws Exception {
    try (var catalog = Catalog.open(TestLake.options(folder))) {
      var table = catalog.table(name).readable();
      var schema = new Schema(List.of(table.schema().findField("id"), MetadataColumns.ROW_ID));
      var ids = new HashMap<Long, Long>();
      try (var rows = IcebergGenerics.read(table).project(schema).build()) {
        for (Record row : rows) {
          ids.put((Long) row.getField("id"), (Long) row.getField("_row_id"));
        }
      }
      return ids;
    }
  }
}
