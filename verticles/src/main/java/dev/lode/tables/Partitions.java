package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Table;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Type;

/** Which partitions rows in the engine fall into, by the table's own partitioning. */
final class Partitions {

  /**
   * @param filter {@code WHERE ...} that keeps its rows alone, or nothing
   * @param values null where the table has no partitions
   */
  record Partition(String filter, PartitionData values) {}

  private Partitions() {}

  static List<Partition> of(Workspace workspace, Table table, String rows) {
    var fields = table.spec().fields();
    if (fields.isEmpty()) {
      return List.of(new Partition("", null));
    }
    List<String> transforms = fields.stream().map(field -> transform(table, field)).toList();
    List<List<Object>> found =
        workspace.all("SELECT DISTINCT %s FROM %s".formatted(String.join(", ", transforms), rows));
    var all = new ArrayList<Partition>();
    for (var row : found) {
      var values = values(table, row);
      all.add(new Partition(found.size() == 1 ? "" : filter(transforms, values), values));
    }
    return all;
  }

  private static String filter(List<String> transforms, PartitionData values) {
    var conditions = new ArrayList<String>();
    for (int i = 0; i < transforms.size(); i++) {
      Object value = values.get(i);
      Type type = values.getType(i);
      String literal =
          value == null
              ? "NULL"
              : "CAST(%s AS %s)"
                  .formatted(
                      Sql.text(Transforms.identity().toHumanString(type, value)),
                      Schemas.name(type));
      conditions.add("%s IS NOT DISTINCT FROM %s".formatted(transforms.get(i), literal));
    }
    return " WHERE " + String.join(" AND ", conditions);
  }

  private static PartitionData values(Table table, List<Object> row) {
    var values = new PartitionData(table.spec().partitionType());
    for (int i = 0; i < values.size(); i++) {
      Object value = row.get(i);
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
