package dev.lode.tables;

import dev.lode.tables.keys.KeyBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;

/** Finds the rows of a {@link KeyLookup}. */
final class KeyRows {
  private final Workspace workspace;
  private final Session.Ground ground;
  private final KeyLookup lookup;

  KeyRows(Workspace workspace, Session.Ground ground, KeyLookup lookup) {
    this.workspace = workspace;
    this.ground = ground;
    this.lookup = lookup;
  }

  List<FileRows> find(LakeTable table) {
    table.lock().lock();
    try {
      return ground
          .indexes()
          .use(workspace, table, lookup.key(), (index, head) -> find(index, head));
    } finally {
      table.lock().unlock();
    }
  }

  private List<FileRows> find(KeyIndex index, Table table) {
    var columns = new ArrayList<>(lookup.key());
    columns.addAll(lookup.order());
    String wanted = workspace.fresh("wanted");
    workspace.execute(
        "CREATE TEMP TABLE %s AS SELECT %s FROM (%s)"
            .formatted(wanted, Schemas.casts(table.schema(), columns), lookup.select()));
    try {
      var batch = new KeyBatch();
      index.hash(workspace, wanted, batch);
      var hits = index.hits(index.match(table, batch));
      return late(table, hits, wanted).stream()
          .map(
              hit ->
                  FileRows.only(
                      hit.file().file(), sink -> hit.positions().forEach(sink::accept), 1))
          .toList();
    } finally {
      workspace.execute("DROP TABLE " + wanted);
    }
  }

  /** Where no order is asked for, all of them may be. */
  private List<KeyIndex.Hits> late(Table table, List<KeyIndex.Hits> hits, String wanted) {
    if (lookup.order().isEmpty()) {
      return hits;
    }
    var order = lookup.order().stream().map(table.schema()::findField).toList();
    return ground.latest().notBefore(workspace, hits, order, wanted);
  }
}
