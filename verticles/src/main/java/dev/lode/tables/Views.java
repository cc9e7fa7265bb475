package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** Planned rows as SQL: Parquet files by field id, without the rows that are deleted. */
final class Views {
  /** A file has fewer than 2^40 rows: one number names a row of a list of files. */
  private static final int FILE_SHIFT = 40;

  private final Workspace workspace;
  private final List<String> tables = new ArrayList<>();

  Views(Workspace workspace) {
    this.workspace = workspace;
  }

  /** What the SELECTs made so far refer to. */
  List<String> tables() {
    return tables;
  }

  /** A SELECT of {@code rows}; {@code change} adds the column {@code _change}. */
  String select(Schema schema, List<FileRows> rows, List<Slice.Range> ranges, boolean change) {
    var branches = new ArrayList<String>();
    for (var part : FileRows.Part.values()) {
      for (int sign : new int[] {1, -1}) {
        var group =
            rows.stream().filter(row -> row.part() == part && row.change() == sign).toList();
        if (!group.isEmpty()) {
          branches.add(branch(schema, group, change) + Ranges.condition(schema, ranges));
        }
      }
    }
    return branches.isEmpty() ? none(schema, change) : String.join(" UNION ALL ", branches);
  }

  private String branch(Schema schema, List<FileRows> group, boolean change) {
    var first = group.getFirst();
    return "SELECT %s%s FROM %s AS f%s"
        .formatted(
            columns(schema),
            change ? ", %d AS _change".formatted(first.change()) : "",
            files(group.stream().map(FileRows::location).toList(), schema.columns()),
            switch (first.part()) {
              case ALL -> "";
              case EXCEPT -> " ANTI JOIN " + keys(group);
              case ONLY -> " SEMI JOIN " + keys(group);
            });
  }

  /** All rows of files, dead or alive, with these fields, by id whatever the files call them. */
  static String files(List<String> locations, List<Types.NestedField> fields) {
    String projection =
        fields.stream()
            .map(
                field ->
                    "%d:{name:%s,type:%s,default_value:NULL}"
                        .formatted(
                            field.fieldId(),
                            Sql.text(field.name()),
                            Sql.text(Schemas.name(field.type()))))
            .collect(Collectors.joining(",", "MAP{", "}"));
    return "read_parquet(%s, schema=%s)"
        .formatted(Sql.texts(locations.stream().map(Views::path).toList()), projection);
  }

  private String keys(List<FileRows> group) {
    String table = workspace.keys(sink -> keys(group, sink));
    tables.add(table);
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

  private static String none(Schema schema, boolean change) {
    String columns =
        schema.columns().stream()
            .map(
                field ->
                    "NULL::%s AS %s".formatted(Schemas.name(field.type()), Sql.name(field.name())))
            .collect(Collectors.joining(", "));
    return "SELECT " + columns + (change ? ", 1 AS _change" : "") + " WHERE false";
  }

  /** What the engine calls the file. */
  static String path(String location) {
    return LocalFileIO.isLocal(location) ? LocalFileIO.path(location).toString() : location;
  }
}
