package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;

/**
 * A key column, as a batch of keys has it.
 *
 * @param least with {@code greatest}, the bounds of its values; null where they are not known, or
 *     where NULL is among the values, which lies outside of every range
 */
record KeyColumn(String name, boolean nulls, Object least, Object greatest) {

  static List<KeyColumn> of(Workspace workspace, Schema schema, String keys, List<String> names) {
    var wanted = new ArrayList<String>();
    for (String name : names) {
      String column = Sql.name(name);
      wanted.add("count(*) > count(%s)".formatted(column));
      boolean bounded = bounded(schema.findType(name));
      wanted.add(bounded ? "min(%s)".formatted(column) : "NULL");
      wanted.add(bounded ? "max(%s)".formatted(column) : "NULL");
    }
    var row =
        workspace.all("SELECT %s FROM %s".formatted(String.join(", ", wanted), keys)).getFirst();
    var columns = new ArrayList<KeyColumn>();
    for (int i = 0; i < names.size(); i++) {
      boolean nulls = (Boolean) row.get(3 * i);
      Object least = nulls ? null : row.get(3 * i + 1);
      columns.add(new KeyColumn(names.get(i), nulls, least, nulls ? null : row.get(3 * i + 2)));
    }
    return columns;
  }

  /** Files outside of these hold none of the keys. */
  static List<Slice.Range> ranges(List<KeyColumn> columns) {
    return columns.stream()
        .filter(column -> column.least != null)
        .map(column -> new Slice.Range(column.name, column.least, column.greatest))
        .toList();
  }

  /** That row {@code r} has the value of key {@code k}, in the cheapest words that are true. */
  String matches() {
    String column = Sql.name(name);
    if (nulls) {
      return "r.%1$s IS NOT DISTINCT FROM k.%1$s".formatted(column);
    }
    return least != null && least.equals(greatest)
        ? "r.%s = %s".formatted(column, Sql.literal(least))
        : "r.%1$s = k.%1$s".formatted(column);
  }

  /** Types whose order is the same in the engine, in Iceberg and in Parquet's statistics. */
  private static boolean bounded(Type type) {
    return switch (type.typeId()) {
      case STRING, INTEGER, LONG, DATE, TIMESTAMP, DECIMAL -> true;
      default -> false;
    };
  }
}
