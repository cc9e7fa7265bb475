package dev.lode.tables;

import dev.lode.codecs.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * A SELECT evaluated once: its rows lie in a temporary table that has the columns and types of the
 * lake's table, whatever order and subset of them it named.
 *
 * @param relation the temporary table
 * @param count its rows
 */
record Staged(String relation, long count) {

  static Staged of(Workspace workspace, TableName name, Schema schema, String select) {
    String relation = workspace.fresh("staged");
    long count =
        workspace.execute(
            "CREATE TEMP TABLE %s AS SELECT %s FROM (%s)"
                .formatted(relation, columns(workspace, name, schema, select), select));
    return new Staged(relation, count);
  }

  static Staged nothing(Workspace workspace, Schema schema) {
    String relation = workspace.fresh("staged");
    String columns =
        schema.columns().stream().map(Staged::missing).collect(Collectors.joining(","));
    workspace.execute("CREATE TEMP TABLE %s AS SELECT %s LIMIT 0".formatted(relation, columns));
    return new Staged(relation, 0);
  }

  void drop(Workspace workspace) {
    workspace.execute("DROP TABLE " + relation);
  }

  /** What to select from {@code select} to have the columns of {@code schema}, by name. */
  private static String columns(Workspace workspace, TableName name, Schema schema, String select) {
    var given = new HashSet<String>();
    workspace
        .query("SELECT * FROM (%s) LIMIT 0".formatted(select), 0)
        .columns()
        .forEach(column -> given.add(column.name()));
    var columns = new ArrayList<String>();
    for (var column : schema.columns()) {
      if (given.remove(column.name())) {
        columns.add(
            "CAST(%1$s AS %2$s) AS %1$s"
                .formatted(Sql.name(column.name()), Schemas.name(column.type())));
      } else if (column.isRequired()) {
        throw Failure.invalid(
            "Cannot write to %s: the rows have no %s, which is required"
                .formatted(name, column.name()));
      } else {
        columns.add(missing(column));
      }
    }
    if (!given.isEmpty()) {
      throw Failure.invalid(
          "Cannot write to %s: it has no column %s (it has %s)"
              .formatted(name, given.iterator().next(), names(schema)));
    }
    return String.join(", ", columns);
  }

  private static String missing(Types.NestedField column) {
    return "NULL::%s AS %s".formatted(Schemas.name(column.type()), Sql.name(column.name()));
  }

  private static List<String> names(Schema schema) {
    return schema.columns().stream().map(Types.NestedField::name).toList();
  }
}
