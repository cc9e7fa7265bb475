package dev.lode.tables;

import dev.lode.codecs.Failure;
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
    Staged nothing = nothing(workspace, schema);
    try {
      return new Staged(
          nothing.relation,
          workspace.execute(
              "INSERT INTO %s BY NAME SELECT * FROM (%s)".formatted(nothing.relation, select)));
    } catch (Failure e) {
      nothing.drop(workspace);
      check(workspace, name, schema, select);
      throw e;
    }
  }

  static Staged nothing(Workspace workspace, Schema schema) {
    String relation = workspace.fresh("staged");
    String columns =
        schema.columns().stream()
            .map(column -> Sql.name(column.name()) + " " + Schemas.name(column.type()))
            .collect(Collectors.joining(", "));
    workspace.execute("CREATE TEMP TABLE %s (%s)".formatted(relation, columns));
    return new Staged(relation, 0);
  }

  void drop(Workspace workspace) {
    workspace.execute("DROP TABLE " + relation);
  }

  /** Says it better than the engine, where the columns do not match. */
  private static void check(Workspace workspace, TableName name, Schema schema, String select) {
    for (var column :
        workspace.query("SELECT * FROM (%s) LIMIT 0".formatted(select), 0).columns()) {
      if (schema.findField(column.name()) == null) {
        throw Failure.invalid(
            "Cannot write to %s: it has no column %s (it has %s)"
                .formatted(name, column.name(), names(schema)));
      }
    }
  }

  private static List<String> names(Schema schema) {
    return schema.columns().stream().map(Types.NestedField::name).toList();
  }
}
