package dev.lode.tables;

import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/** What one commit wrote of each tenant: a file holds one tenant's rows. */
final class TenantRows {
  private final Table table;
  private final SortedMap<String, Long> rows = new TreeMap<>();

  private TenantRows(Table table) {
    this.table = table;
  }

  static SortedMap<String, Long> added(Table table, Manifests manifests, long snapshotId) {
    var added = new TenantRows(table);
    var snapshot = table.snapshot(snapshotId);
    for (var manifest : snapshot.allManifests(table.io())) {
      if (manifest.snapshotId() == snapshotId) {
        manifests.files(table, manifest).stream()
            .filter(file -> file.fileSequenceNumber() == snapshot.sequenceNumber())
            .forEach(added::add);
      }
    }
    if (removed(snapshot) > 0) {
      var changes = SnapshotChanges.builderFor(table).snapshot(snapshot).build();
      changes.removedDataFiles().forEach(file -> added.add(file, 0));
    }
    return added.rows;
  }

  private static long removed(Snapshot snapshot) {
    return Long.parseLong(snapshot.summary().getOrDefault(SnapshotSummary.DELETED_FILES_PROP, "0"));
  }

  private void add(ContentFile<?> file) {
    add(file, file.content() == FileContent.DATA ? file.recordCount() : 0);
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
