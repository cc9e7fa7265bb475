package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.keys.KeyBatch;
import dev.lode.tables.keys.KeyMatches;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * Rows instead of the rows that had their keys, in one commit. The table's lock is held from the
 * look into the index to the commit, so the positions found are those that the commit deletes. A
 * row keeps its row id, which is its lineage inside the table.
 */
final class Upserts {
  private final Workspace workspace;
  private final Planner planner;
  private final LakeTable lakeTable;
  private final Upsert upsert;
  private final List<String> key;

  /** For the holder of the table's lock. */
  Upserts(Workspace workspace, Planner planner, LakeTable lakeTable, Upsert upsert) {
    this.workspace = workspace;
    this.planner = planner;
    this.lakeTable = lakeTable;
    this.upsert = upsert;
    this.key = upsert.key();
  }

  Optional<Snapshot> commit(KeyIndexes indexes, Progress progress) {
    Table table = lakeTable.writable();
    check(table);
    var staged =
        upsert.select() == null
            ? Staged.nothing(workspace, table.schema())
            : Staged.of(workspace, lakeTable.name(), table.schema(), upsert.select());
    try {
      return indexes.use(
          workspace, lakeTable, key, (index, head) -> replace(staged, index, head, progress));
    } finally {
      staged.drop(workspace);
    }
  }

  private Optional<Snapshot> replace(
      Staged staged, KeyIndex index, Table table, Progress progress) {
    var batch = new KeyBatch();
    index.hash(workspace, staged.relation(), batch);
    if (batch.mayRepeat()) {
      refuseRepeatedKeys(staged);
    }
    if (upsert.deleteKeys() != null) {
      String gone = Schemas.casts(table.schema(), key);
      index.hash(workspace, "(SELECT %s FROM (%s))".formatted(gone, upsert.deleteKeys()), batch);
    }
    var matches = index.match(table, batch);
    var hits = index.hits(matches);
    if (staged.count() == 0 && hits.isEmpty() && progress.isNone()) {
      return Optional.empty();
    }
    List<DataFile> files = written(table, staged, matches);
    var snapshot = commit(table, files, DeadRows.of(table, planner.vectors(), hits), progress);
    index.landed(workspace, table, new KeyIndex.Landed(batch, matches, files));
    return Optional.of(snapshot);
  }

  private void check(Table table) {
    for (String column : key) {
      if (table.schema().findField(column) == null) {
        throw Failure.invalid(
            "Cannot upsert into %s: no key column %s".formatted(lakeTable.name(), column));
      }
    }
    if (key.isEmpty()) {
      throw Failure.invalid("Cannot upsert into %s: no key".formatted(lakeTable.name()));
    }
  }

  private void refuseRepeatedKeys(Staged staged) {
    var repeated =
        workspace.all(
            "SELECT %s, count(*) FROM %s GROUP BY ALL HAVING count(*) > 1 LIMIT 1"
                .formatted(Sql.names(key), staged.relation()));
    if (!repeated.isEmpty()) {
      var row = repeated.getFirst();
      throw Failure.invalid(
          "Cannot upsert into %s: the key %s = %s is there %s times (must be once)"
              .formatted(lakeTable.name(), key, row.subList(0, key.size()), row.getLast()));
    }
  }

  private List<DataFile> written(Table table, Staged staged, KeyMatches matches) {
    if (staged.count() == 0) {
      return List.of();
    }
    var writer = new StagedFiles(workspace, lakeTable.name(), table);
    int rows = Math.toIntExact(staged.count());
    if (matches.rowIds(rows).allMatch(rowId -> rowId == KeyMatches.NO_ROW)) {
      return writer.write(staged.relation(), false);
    }
    String kept = workspace.keys(sink -> matches.rowIds(rows).forEach(sink));
    String named = workspace.fresh("named");
    workspace.execute(
        """
        CREATE TEMP VIEW %s AS SELECT s.*, nullif(k._lode_key, %d) AS _row_id
        FROM %s AS s POSITIONAL JOIN %s AS k"""
            .formatted(named, KeyMatches.NO_ROW, staged.relation(), kept));
    try {
      return writer.write(named, true);
    } finally {
      workspace.execute("DROP VIEW " + named);
      workspace.execute("DROP TABLE " + kept);
    }
  }

  private Snapshot commit(Table table, List<DataFile> files, DeadRows dead, Progress progress) {
    var head = table.currentSnapshot();
    Long base = head == null ? null : head.snapshotId();
    return Commits.commit(
        lakeTable,
        progress,
        files,
        writable -> {
          var now = writable.currentSnapshot();
          if (!Objects.equals(base, now == null ? null : now.snapshotId())) {
            throw new Failure(
                ErrorCode.COMMIT_CONFLICT,
                "Cannot commit to %s: another process committed to it during the upsert"
                    .formatted(lakeTable.name()));
          }
          var delta = writable.newRowDelta();
          if (base != null) {
            delta.validateFromSnapshot(base);
          }
          files.forEach(delta::addRows);
          dead.addTo(delta);
          return delta;
        });
  }
}
