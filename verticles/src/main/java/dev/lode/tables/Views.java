package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** Planned rows as SQL: Parquet files by field id, without the rows that are deleted. */
final class Views {
  /** A file has fewer than 2^40 rows: one number names a row of a list of files. */
  private static final int FILE_SHIFT = 40;

  private final Workspace workspace;

  Views(Workspace workspace) {
    this.workspace = workspace;
  }

  /** What to select beside the columns of the table. */
  enum Extra {
    NONE,
    /** {@code _change}: +1 or -1. */
    CHANGE,
    /** {@code _file}, {@code _position} and {@code _row_id}: where a row is, and its name. */
    PLACE
  }

  /** A SELECT of {@code rows}. */
  String select(Schema schema, List<FileRows> rows, List<Slice.Range> ranges, Extra extra) {
    var branches = new ArrayList<String>();
    for (var part : FileRows.Part.values()) {
      for (int change : new int[] {1, -1}) {
        var group =
            rows.stream().filter(row -> row.part() == part && row.change() == change).toList();
        if (!group.isEmpty()) {
          branches.add(branch(schema, group, extra) + Ranges.condition(schema, ranges));
        }
      }
    }
    return branches.isEmpty() ? none(schema, extra) : String.join(" UNION ALL ", branches);
  }

  private String branch(Schema schema, List<FileRows> group, Extra extra) {
    var first = group.getFirst();
    var paths = group.stream().map(row -> path(row.location())).toList();
    return "SELECT %s%s FROM read_parquet(%s, schema=%s) AS f%s"
        .formatted(
            columns(schema),
            switch (extra) {
              case NONE -> "";
              case CHANGE -> ", %d AS _change".formatted(first.change());
              case PLACE -> ", filename AS _file, file_row_number AS _position" + rowId(group);
            },
            Sql.texts(paths),
            projection(schema, extra),
            switch (first.part()) {
              case ALL -> "";
              case EXCEPT -> " ANTI JOIN " + keys(group);
              case ONLY -> " SEMI JOIN " + keys(group);
            });
  }

  /** A row keeps the id that it was written with, else it has its place after the file's first. */
  private static String rowId(List<FileRows> group) {
    String firsts =
        group.stream()
            .map(row -> String.valueOf(row.firstRowId()))
            .collect(Collectors.joining(",", "[", "]"));
    return (", coalesce(_row_id, list_extract(%s::BIGINT[], file_index::BIGINT + 1) + file_row_number)"
            + " AS _row_id")
        .formatted(firsts);
  }

  private String keys(List<FileRows> group) {
    String table = workspace.keys(sink -> keys(group, sink));
    return "%s AS d ON (f.file_index::BIGINT << %d) + f.file_row_number = d._lode_key"
        .formatted(table, FILE_SHIFT);
  }

  private static void keys(List<FileRows> group, LongConsumer sink) {
    for (int i = 0; i < group.size(); i++) {
      long file = (long) i << FILE_SHIFT;
      group.get(i).positions().forEach(position -> sink.accept(file + position));
    }
  }

  private static String columns(Schema schema) {
    return Sql.names(schema.columns().stream().map(Types.NestedField::name).toList());
  }

  private static String projection(Schema schema, Extra extra) {
    var fields = new ArrayList<>(schema.columns());
    if (extra == Extra.PLACE) {
      fields.add(MetadataColumns.ROW_ID);
    }
    return fields.stream()
        .map(
            field ->
                "%d:{name:%s,type:%s,default_value:NULL}"
                    .formatted(
                        field.fieldId(),
                        Sql.text(field.name()),
                        Sql.text(Schemas.name(field.type()))))
        .collect(Collectors.joining(",", "MAP{", "}"));
  }

  private static String none(Schema schema, Extra extra) {
    String columns =
        schema.columns().stream()
            .map(
                field ->
                    "NULL::%s AS %s".formatted(Schemas.name(field.type()), Sql.name(field.name())))
            .collect(Collectors.joining(", "));
    String more =
        switch (extra) {
          case NONE -> "";
          case CHANGE -> ", 1 AS _change";
          case PLACE -> ", '' AS _file, 0::BIGINT AS _position, 0::BIGINT AS _row_id";
        };
    return "SELECT " + columns + more + " WHERE false";
  }

  /** What the engine calls the file. */
  static String path(String location) {
    return LocalFileIO.isLocal(location) ? LocalFileIO.path(location).toString() : location;
  }
}
