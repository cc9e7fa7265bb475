package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;

/**
 * Which partitions rows in the engine fall into, by the table's own partitioning.
 *
 * @param relation a temporary table that the filters use; null for a table without partitions
 */
record Partitions(Workspace workspace, String relation, List<Partition> all)
    implements AutoCloseable {

  /**
   * @param filter {@code WHERE ...} that keeps its rows alone, or nothing
   * @param values null where the table has no partitions
   */
  record Partition(String filter, PartitionData values) {}

  static Partitions of(Workspace workspace, Table table, String rows) {
    var fields = table.spec().fields();
    if (fields.isEmpty()) {
      return new Partitions(workspace, null, List.of(new Partition("", null)));
    }
    List<String> transforms = fields.stream().map(field -> transform(table, field)).toList();
    String relation = workspace.fresh("partitions");
    workspace.execute(
        """
        CREATE TEMP TABLE %s AS
        SELECT row_number() OVER () AS n, * FROM (SELECT DISTINCT %s FROM %s)
        """
            .formatted(relation, named(transforms), rows));
    var all = new ArrayList<Partition>();
    List<List<Object>> found = workspace.all("SELECT * FROM " + relation + " ORDER BY n");
    for (var row : found) {
      String filter = found.size() == 1 ? "" : filter(transforms, relation, row.getFirst());
      all.add(new Partition(filter, values(table, row)));
    }
    return new Partitions(workspace, relation, all);
  }

  @Override
  public void close() {
    if (relation != null) {
      workspace.execute("DROP TABLE " + relation);
    }
  }

  private static String named(List<String> transforms) {
    var named = new ArrayList<String>();
    for (String transform : transforms) {
      named.add(transform + " AS p" + named.size());
    }
    return String.join(", ", named);
  }

  private static String filter(List<String> transforms, String relation, Object number) {
    var conditions = new ArrayList<String>();
    for (String transform : transforms) {
      conditions.add(
          "%s IS NOT DISTINCT FROM (SELECT p%d FROM %s WHERE n = %s)"
              .formatted(transform, conditions.size(), relation, number));
    }
    return " WHERE " + String.join(" AND ", conditions);
  }

  private static PartitionData values(Table table, List<Object> row) {
    var values = new PartitionData(table.spec().partitionType());
    for (int i = 0; i < values.size(); i++) {
      Object value = row.get(i + 1);
      Type type = table.spec().partitionType().fields().get(i).type();
      values.set(i, value == null ? null : Internal.to(type).apply(value));
    }
    return values;
  }

  /** Iceberg's transform in the engine's words: units since 1970-01-01, in UTC. */
  private static String transform(Table table, PartitionField field) {
    String column = Sql.name(table.schema().findColumnName(field.sourceId()));
    if (field.transform().isIdentity()) {
      return column;
    }
    String unit = field.transform().toString();
    String day = "CAST(%s AS DATE)".formatted(column);
    return "day".equals(unit)
        ? day
        : "date_diff('%s', DATE '1970-01-01', %s)::INTEGER".formatted(unit, day);
  }
}
