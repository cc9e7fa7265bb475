package dev.lode.tables;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/** Planned rows as SQL: Parquet files by field id, without the rows that are deleted. */
final class Views {
  /** A file has fewer than 2^40 rows: one number names a row of a list of files. */
  private static final int FILE_SHIFT = 40;

  /** Null in a row that no compaction has moved: it is as old as its file. */
  private static final Types.NestedField UPDATED = MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER;

  private static final Pattern DELETED = Pattern.compile("(?:s\\d+\\.)?(?:main\\.)?_lode_keys\\d+");

  private final Workspace workspace;
  private final List<String> tables = new ArrayList<>();

  /** What one SELECT reads alike. */
  private record Kind(FileRows.Part part, int change, Long after) {
    static Kind of(FileRows rows) {
      return new Kind(rows.part(), rows.change(), rows.after());
    }
  }

  Views(Workspace workspace) {
    this.workspace = workspace;
  }

  /** What the SELECTs made so far refer to. */
  List<String> tables() {
    return tables;
  }

  /** A SELECT of {@code rows}; {@code change} adds the column {@code _change}. */
  String select(Schema schema, List<FileRows> rows, List<Slice.Range> ranges, boolean change) {
    reads(rows);
    Map<Kind, List<FileRows>> groups = new LinkedHashMap<>();
    rows.forEach(row -> groups.computeIfAbsent(Kind.of(row), kind -> new ArrayList<>()).add(row));
    var branches = new ArrayList<String>();
    groups.forEach(
        (kind, group) -> {
          var conditions = Ranges.conditions(schema, ranges);
          if (kind.after() != null) {
            conditions.add("(%1$s IS NULL OR %1$s > %2$d)".formatted(UPDATED.name(), kind.after()));
          }
          String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
          branches.add(branch(schema, kind, group, change) + where);
        });
    return branches.isEmpty() ? none(schema, change) : String.join(" UNION ALL ", branches);
  }

  /**
   * A SELECT of {@code rows}, each of another file, in their order. Nobody waits for it, so that it
   * leaves the other cores to those for whom somebody does.
   *
   * @param ids the last two of {@code fields} by name, as expressions
   */
  String moved(List<Types.NestedField> fields, List<FileRows> rows, String ids) {
    var names = fields.stream().map(Types.NestedField::name).toList();
    boolean whole = rows.stream().allMatch(row -> row.part() == FileRows.Part.ALL);
    return "SELECT %s, %s FROM %s AS f%s ORDER BY f.file_index, f.file_row_number"
        .formatted(
            Sql.names(names.subList(0, names.size() - 2)),
            ids,
            files(rows.stream().map(FileRows::location).toList(), fields),
            whole ? "" : " ANTI JOIN " + keys(rows));
  }

  private void reads(List<FileRows> rows) {
    workspace.reads(rows.stream().mapToLong(FileRows::records).sum());
  }

  private String branch(Schema schema, Kind kind, List<FileRows> group, boolean change) {
    var fields = new ArrayList<>(schema.columns());
    if (kind.after() != null) {
      fields.add(UPDATED);
    }
    return "SELECT %s%s FROM %s AS f%s"
        .formatted(
            columns(schema),
            change ? ", %d AS _change".formatted(kind.change()) : "",
            files(group.stream().map(FileRows::location).toList(), fields),
            switch (kind.part()) {
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
      if (group.get(i).part() != FileRows.Part.ALL) {
        group.get(i).positions().forEach(position -> sink.accept(file + position));
      }
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

  /** A part of a plan, in which what is deleted has a name of as many letters, for its frames. */
  static Object shown(Object plan) {
    return DELETED
        .matcher(String.valueOf(plan))
        .replaceAll(found -> "deleted" + " ".repeat(Math.max(0, found.group().length() - 7)));
  }

  /** What the engine calls the file. */
  static String path(String location) {
    return LocalFileIO.isLocal(location) ? LocalFileIO.path(location).toString() : location;
  }
}
