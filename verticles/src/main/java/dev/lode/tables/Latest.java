package dev.lode.tables;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.iceberg.types.Types;

/**
 * The greatest place in an order that a data file holds, dead rows included. A file never changes,
 * so what was found of the 20,000 used last is kept. Events mostly come later than all that is
 * there: then no file needs to be read to see that they win.
 */
final class Latest {
  private static final int FILES_MAX = 20_000;

  private final Map<Name, String> kept = new LinkedHashMap<>(16, 0.75f, true);

  private record Name(String location, List<Types.NestedField> order) {}

  /**
   * The hits in files that hold a row no earlier than the earliest of {@code relation}.
   *
   * @param order columns of the table and of {@code relation}
   */
  List<KeyIndex.Hits> notBefore(
      Workspace workspace,
      List<KeyIndex.Hits> hits,
      List<Types.NestedField> order,
      String relation) {
    if (hits.isEmpty()) {
      return hits;
    }
    learn(workspace, hits, order);
    var values = new StringJoiner(", ");
    for (int i = 0; i < hits.size(); i++) {
      String latest = get(hits.get(i), order);
      values.add("(%d, %s)".formatted(i, latest == null ? "NULL" : Sql.text(latest)));
    }
    String sql =
        """
        SELECT i FROM (VALUES %s) AS f(i, latest)
        WHERE latest IS NULL OR CAST(latest AS %s) >= (SELECT min(%s) FROM %s) ORDER BY i"""
            .formatted(values, type(order), place(order), relation);
    return workspace.all(sql).stream().map(row -> hits.get((Integer) row.getFirst())).toList();
  }

  private void learn(Workspace workspace, List<KeyIndex.Hits> hits, List<Types.NestedField> order) {
    List<String> unknown =
        hits.stream()
            .filter(hit -> get(hit, order) == null)
            .map(hit -> hit.file().file().location())
            .toList();
    if (!unknown.isEmpty()) {
      workspace.forEach(
          "SELECT file_index::INTEGER, CAST(max(%s) AS VARCHAR) FROM %s GROUP BY ALL"
              .formatted(place(order), Views.files(unknown, order)),
          row -> keep(new Name(unknown.get(row.getInt(1)), order), row.getString(2)));
    }
  }

  private String get(KeyIndex.Hits hit, List<Types.NestedField> order) {
    synchronized (kept) {
      return kept.get(new Name(hit.file().file().location(), order));
    }
  }

  private void keep(Name name, String latest) {
    synchronized (kept) {
      kept.put(name, latest);
      Iterator<Name> eldest = kept.keySet().iterator();
      while (kept.size() > FILES_MAX) {
        eldest.next();
        eldest.remove();
      }
    }
  }

  /** The columns as one value, compared column by column. */
  private static String place(List<Types.NestedField> order) {
    var fields = new StringJoiner(", ", "{", "}");
    for (int i = 0; i < order.size(); i++) {
      fields.add("c%d: %s".formatted(i, Sql.name(order.get(i).name())));
    }
    return fields.toString();
  }

  private static String type(List<Types.NestedField> order) {
    var fields = new StringJoiner(", ", "STRUCT(", ")");
    for (int i = 0; i < order.size(); i++) {
      fields.add("c%d %s".formatted(i, Schemas.name(order.get(i).type())));
    }
    return fields.toString();
  }
}
