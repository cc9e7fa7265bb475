package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;

/** The least and the greatest of each key column: files outside cannot hold one of the keys. */
final class KeyRanges {

  private KeyRanges() {}

  static List<Slice.Range> of(
      Workspace workspace, Schema schema, String keys, List<String> columns) {
    var bounded = columns.stream().filter(column -> bounded(schema.findType(column))).toList();
    if (bounded.isEmpty()) {
      return List.of();
    }
    var bounds = new ArrayList<String>();
    for (String column : bounded) {
      // One NULL key and the bounds say nothing: NULL is outside of every range.
      bounds.add("CASE WHEN count(*) = count(%1$s) THEN min(%1$s) END".formatted(Sql.name(column)));
      bounds.add("max(%s)".formatted(Sql.name(column)));
    }
    var row =
        workspace.all("SELECT %s FROM %s".formatted(String.join(", ", bounds), keys)).getFirst();
    var ranges = new ArrayList<Slice.Range>();
    for (int i = 0; i < bounded.size(); i++) {
      if (row.get(2 * i) != null) {
        ranges.add(new Slice.Range(bounded.get(i), row.get(2 * i), row.get(2 * i + 1)));
      }
    }
    return ranges;
  }

  /** Types whose order is the same in the engine, in Iceberg and in Parquet's statistics. */
  private static boolean bounded(Type type) {
    return switch (type.typeId()) {
      case STRING, INTEGER, LONG, DATE, TIMESTAMP, DECIMAL -> true;
      default -> false;
    };
  }
}
