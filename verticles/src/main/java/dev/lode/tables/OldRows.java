package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;

/**
 * The live rows of a table that have one of the staged keys: where they are, and their row ids. The
 * files are searched whole and the dead among the hits left out afterwards, because hits are few
 * where dead rows can be many.
 */
final class OldRows {
  private final Workspace workspace;
  private final DeletionVectors vectors;
  private final Table table;
  private final List<Planner.LiveFile> files;
  private final List<List<Long>> positions = new ArrayList<>();

  /** The temporary table of the hits: {@code _file} (an index), {@code _position}, the key. */
  private final String relation;

  private final String named;

  OldRows(Workspace workspace, DeletionVectors vectors, Table table, List<Planner.LiveFile> files) {
    this.workspace = workspace;
    this.vectors = vectors;
    this.table = table;
    this.files = files;
    files.forEach(file -> positions.add(new ArrayList<>()));
    this.relation = workspace.fresh("old");
    this.named = workspace.fresh("named");
  }

  /** Rows of one file that are to go. */
  record Hits(Planner.LiveFile file, List<Long> positions) {}

  List<Hits> find(String keys, List<KeyColumn> columns) {
    if (files.isEmpty()) {
      return List.of();
    }
    search(keys, columns);
    leaveOutTheDead();
    var hits = new ArrayList<Hits>();
    for (int i = 0; i < files.size(); i++) {
      if (!positions.get(i).isEmpty()) {
        hits.add(new Hits(files.get(i), positions.get(i)));
      }
    }
    return hits;
  }

  private void search(String keys, List<KeyColumn> columns) {
    var fields = new ArrayList<Types.NestedField>();
    columns.forEach(column -> fields.add(table.schema().findField(column.name())));
    fields.add(MetadataColumns.ROW_ID);
    var locations = files.stream().map(live -> live.file().location()).toList();
    workspace.execute(
        """
        CREATE TEMP TABLE %s AS
        SELECT file_index::INTEGER AS _file, file_row_number AS _position, r._row_id, %s
        FROM %s AS r JOIN %s AS k ON %s
        """
            .formatted(
                relation,
                columns.stream()
                    .map(column -> "r." + Sql.name(column.name()))
                    .collect(Collectors.joining(", ")),
                Views.files(locations, fields),
                keys,
                columns.stream().map(KeyColumn::matches).collect(Collectors.joining(" AND "))));
  }

  private void leaveOutTheDead() {
    var dead = new ArrayList<Long>();
    var io = table.io();
    workspace.forEach(
        "SELECT rowid, _file, _position FROM " + relation,
        row -> {
          int file = row.getInt(2);
          long position = row.getLong(3);
          var gone = vectors.positions(io, files.get(file).vector());
          if (gone != null && gone.isDeleted(position)) {
            dead.add(row.getLong(1));
          } else {
            positions.get(file).add(position);
          }
        });
    if (!dead.isEmpty()) {
      String keys = workspace.keys(sink -> dead.forEach(sink::accept));
      workspace.execute(
          "DELETE FROM %s WHERE rowid IN (SELECT _lode_key FROM %s)".formatted(relation, keys));
      workspace.execute("DROP TABLE " + keys);
    }
  }

  /**
   * The staged rows with the {@code _row_id} of the row that each takes the place of. A row that
   * was never written with one has its place in the file after the id of the file's first row.
   */
  String named(Staged staged, List<String> key) {
    String firsts =
        files.stream()
            .map(live -> String.valueOf(live.file().firstRowId()))
            .collect(Collectors.joining(",", "[", "]"));
    workspace.execute(
        """
        CREATE TEMP VIEW %s AS SELECT s.*, o._row_id FROM %s AS s LEFT JOIN
          (SELECT %s, min(coalesce(_row_id, list_extract(%s::BIGINT[], _file + 1) + _position))
             AS _row_id FROM %s GROUP BY ALL) AS o
          ON %s
        """
            .formatted(
                named,
                staged.relation(),
                Sql.names(key),
                firsts,
                relation,
                key.stream()
                    .map(Sql::name)
                    .map(column -> "s.%1$s IS NOT DISTINCT FROM o.%1$s".formatted(column))
                    .collect(Collectors.joining(" AND "))));
    return named;
  }

  void drop() {
    workspace.execute("DROP VIEW IF EXISTS " + named);
    workspace.execute("DROP TABLE IF EXISTS " + relation);
  }
}
