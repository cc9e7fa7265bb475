package dev.lode.tables;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;

/** What one commit wrote of each tenant: a file holds one tenant's rows. */
final class TenantRows {
  private final Table table;
  private final SortedMap<String, Long> rows = new TreeMap<>();

  private TenantRows(Table table) {
    this.table = table;
  }

  static SortedMap<String, Long> added(Table table, long snapshotId) {
    var added = new TenantRows(table);
    var changes = SnapshotChanges.builderFor(table).snapshot(table.snapshot(snapshotId)).build();
    changes.addedDataFiles().forEach(file -> added.add(file, file.recordCount()));
    changes.removedDataFiles().forEach(file -> added.add(file, 0));
    changes.addedDeleteFiles().forEach(file -> added.add(file, 0));
    return added.rows;
  }

  private void add(ContentFile<?> file, long count) {
    var spec = table.specs().get(file.specId());
    int tenant = table.schema().findField("tenant_id").fieldId();
    for (int i = 0; i < spec.fields().size(); i++) {
      if (spec.fields().get(i).sourceId() == tenant) {
        String name = file.partition().get(i, CharSequence.class).toString();
        rows.merge(name, count, Long::sum);
      }
    }
  }
}
