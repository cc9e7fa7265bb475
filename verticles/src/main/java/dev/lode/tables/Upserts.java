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
final class Upserts {
  private final Workspace workspace;
  private final Planner planner;
  private final LakeTable lakeTable;
  private final Table table;
  private final Upsert upsert;
  private final List<String> key;

  /** For the holder of the table's lock. */
  Upserts(Workspace workspace, Planner planner, LakeTable lakeTable, Upsert upsert) {
    this.workspace = workspace;
    this.planner = planner;
    this.lakeTable = lakeTable;
    this.table = lakeTable.writable();
    this.upsert = upsert;
    this.key = upsert.key();
  }

  Optional<Snapshot> commit(Progress progress) {
    check();
    var staged =
        upsert.select() == null
            ? Staged.nothing(workspace, table.schema())
            : Staged.of(workspace, lakeTable.name(), table.schema(), upsert.select());
    String keys = workspace.fresh("keys");
    try {
      refuseRepeatedKeys(staged);
      stageKeys(keys, staged);
      return replace(staged, keys, progress);
    } finally {
      staged.drop(workspace);
      workspace.execute("DROP TABLE IF EXISTS " + keys);
    }
  }

  private Optional<Snapshot> replace(Staged staged, String keys, Progress progress) {
    var columns = KeyColumn.of(workspace, table.schema(), keys, key);
    var old = new OldRows(workspace, planner.vectors(), table, candidates(columns));
    try {
      var hits = old.find(keys, columns);
      if (staged.count() == 0 && hits.isEmpty() && progress.isNone()) {
        return Optional.empty();
      }
      List<DataFile> files = written(staged, old, !hits.isEmpty());
      return Optional.of(commit(files, DeadRows.of(table, planner.vectors(), hits), progress));
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

  private void stageKeys(String keys, Staged staged) {
    String deleted =
        upsert.deleteKeys() == null
            ? ""
            : " UNION SELECT %s FROM (%s)"
                .formatted(
                    key.stream().map(this::cast).collect(Collectors.joining(", ")),
                    upsert.deleteKeys());
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
        : planner.live(table, KeyColumn.ranges(columns), head.snapshotId());
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
