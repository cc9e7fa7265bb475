package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * Rows instead of the rows that had their keys, in one commit. The table's lock is held from the
 * search for the old rows to the commit, so the positions found are those that the commit deletes.
 * A row keeps its row id, which is its lineage inside the table.
 */
final class Upsert {
  private final Workspace workspace;
  private final DeletionVectors vectors;
  private final LakeTable lakeTable;
  private final Table table;
  private final List<String> key;

  private Upsert(
      Workspace workspace, DeletionVectors vectors, LakeTable lakeTable, List<String> key) {
    this.workspace = workspace;
    this.vectors = vectors;
    this.lakeTable = lakeTable;
    this.table = lakeTable.writable();
    this.key = key;
  }

  /**
   * @param select the new rows, or null
   * @param deletes the keys of rows to delete, or null
   */
  record Change(List<String> key, String select, String deletes) {}

  static Optional<Snapshot> run(
      Workspace workspace,
      DeletionVectors vectors,
      LakeTable table,
      Change change,
      Progress progress) {
    table.lock().lock();
    try {
      return new Upsert(workspace, vectors, table, change.key()).run(change, progress);
    } finally {
      table.lock().unlock();
    }
  }

  private Optional<Snapshot> run(Change change, Progress progress) {
    check();
    var schema = table.schema();
    var staged =
        change.select() == null
            ? Staged.nothing(workspace, schema)
            : Staged.of(workspace, lakeTable.name(), schema, change.select());
    String keys = workspace.fresh("keys");
    try {
      refuseRepeatedKeys(staged);
      stageKeys(keys, staged, change.deletes());
      return replace(staged, keys, progress);
    } finally {
      staged.drop(workspace);
      workspace.execute("DROP TABLE IF EXISTS " + keys);
    }
  }

  private Optional<Snapshot> replace(Staged staged, String keys, Progress progress) {
    var columns = KeyColumn.of(workspace, table.schema(), keys, key);
    var old = new OldRows(workspace, vectors, table, candidates(columns));
    try {
      var hits = old.find(keys, columns);
      if (staged.count() == 0 && hits.isEmpty() && progress.isNone()) {
        return Optional.empty();
      }
      List<DataFile> files = written(staged, old, !hits.isEmpty());
      return Optional.of(commit(files, DeadRows.of(table, vectors, hits), progress));
    } finally {
      old.drop();
    }
  }

  private void check() {
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

  private void stageKeys(String keys, Staged staged, String deletes) {
    String deleted =
        deletes == null
            ? ""
            : " UNION SELECT %s FROM (%s)"
                .formatted(key.stream().map(this::cast).collect(Collectors.joining(", ")), deletes);
    workspace.execute(
        "CREATE TEMP TABLE %s AS SELECT %s FROM %s%s"
            .formatted(keys, Sql.names(key), staged.relation(), deleted));
  }

  private String cast(String column) {
    return "CAST(%s AS %s)"
        .formatted(Sql.name(column), Schemas.name(table.schema().findType(column)));
  }

  /** The files that can hold one of the keys, by the least and the greatest of each column. */
  private List<Planner.LiveFile> candidates(List<KeyColumn> columns) {
    var head = table.currentSnapshot();
    return head == null
        ? List.of()
        : Planner.live(table, KeyColumn.ranges(columns), head.snapshotId());
  }

  private List<DataFile> written(Staged staged, OldRows old, boolean updates) {
    if (staged.count() == 0) {
      return List.of();
    }
    String rows = updates ? old.named(staged, key) : staged.relation();
    return new StagedFiles(workspace, lakeTable.name(), table).write(rows, updates);
  }

  private Snapshot commit(List<DataFile> files, DeadRows dead, Progress progress) {
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
