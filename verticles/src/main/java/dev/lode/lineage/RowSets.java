package dev.lode.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Column;
import dev.lode.codecs.Lineage;
import dev.lode.tables.JsonValues;
import dev.lode.tables.Rows;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows on the way of a trace: each set is a temporary table of the session, with the id of its node
 * in {@code _node}, so that the next hop is one join. What is found goes into the graph.
 */
final class RowSets {
  private final Session session;
  private final String tenantId;
  private final Graph graph;
  private int count;

  RowSets(Session session, String tenantId, Graph graph) {
    this.session = requireNonNull(session, "session is null");
    this.tenantId = requireNonNull(tenantId, "tenantId is null");
    this.graph = requireNonNull(graph, "graph is null");
  }

  /**
   * @param table where the rows are; null for vectors
   * @param id columns that name a row of it
   * @param newestBy columns of which the greatest wins, per id; else empty
   */
  record Dataset(
      String layer, String name, TableName table, List<String> id, List<String> newestBy) {

    /** The id of a row's node, as SQL. */
    String node() {
      String prefix = layer.equals("vectors") || layer.equals("features") ? layer + "." : "";
      return id.stream()
          .map(column -> "CAST(%s AS VARCHAR)".formatted(quoted(column)))
          .collect(
              Collectors.joining(", ", literal(prefix + name + "/") + " || concat_ws(',', ", ")"));
    }

    private String newest() {
      return newestBy.isEmpty()
          ? ""
          : "QUALIFY row_number() OVER (PARTITION BY %s ORDER BY %s) = 1"
              .formatted(
                  list(id),
                  newestBy.stream()
                      .map(column -> quoted(column) + " DESC")
                      .collect(Collectors.joining(", ")));
    }
  }

  /**
   * @param rows the temporary table
   * @param snapshotId of the dataset's table; 0 where it has none
   */
  record RowSet(Dataset dataset, String rows, long snapshotId, long size) {
    boolean isEmpty() {
      return size == 0;
    }
  }

  /** The tenant's rows of {@code slice} for which {@code condition} holds. */
  RowSet collect(Dataset dataset, Slice slice, String condition) {
    String view = "lode_view_" + ++count;
    Snapshot shown = session.bind(view, slice.tenant(tenantId));
    String select =
        "SELECT *, %s AS _node FROM %s WHERE %s %s"
            .formatted(dataset.node(), view, condition, dataset.newest());
    return keep(dataset, select, shown == null ? 0 : shown.id());
  }

  /** Whether the tenant has a row of {@code slice} for which {@code condition} holds. */
  boolean has(Slice slice, String condition) {
    String view = "lode_view_" + ++count;
    session.bind(view, slice.tenant(tenantId));
    String select = "SELECT 1 FROM %s WHERE %s LIMIT 1".formatted(view, condition);
    return !session.query(select, 1).rows().isEmpty();
  }

  /** Rows that are in no table; {@code select} gives the columns of the dataset's id. */
  RowSet derive(Dataset dataset, String select, long snapshotId) {
    return keep(
        dataset, "SELECT *, %s AS _node FROM (%s)".formatted(dataset.node(), select), snapshotId);
  }

  /** Half of the room at most, so that some is left for the bytes that the rows came from. */
  private RowSet keep(Dataset dataset, String select, long snapshotId) {
    int limit = dataset.layer().equals("bronze") ? graph.room() : (graph.room() + 1) / 2;
    String name = "lode_rows_" + ++count;
    session.execute("CREATE TEMP TABLE %s AS %s LIMIT %d".formatted(name, select, limit + 1));
    Rows found = session.query("FROM temp." + name, limit);
    if (found.truncated()) {
      graph.truncate();
      session.execute("DELETE FROM temp.%s WHERE rowid >= %d".formatted(name, limit));
    }
    var names = found.columns().stream().map(Column::name).toList();
    found.rows().forEach(row -> graph.add(node(dataset, names, row, snapshotId)));
    return new RowSet(dataset, "temp." + name, snapshotId, found.rows().size());
  }

  private static Lineage.Node node(
      Dataset dataset, List<String> names, List<Object> row, long snapshotId) {
    var values = new LinkedHashMap<String, Object>();
    for (int i = 0; i < names.size() - 1; i++) {
      boolean payload = dataset.layer().equals("bronze") && names.get(i).equals("payload");
      if (payload) {
        values.put("payload", new String((byte[]) row.get(i), UTF_8));
      }
      values.put(payload ? "payload_base64" : names.get(i), JsonValues.of(row.get(i)));
    }
    String id = String.valueOf(row.getLast());
    return new Lineage.Node(id, dataset.layer(), dataset.name(), snapshotId, values);
  }

  /** Least and greatest value of {@code expression} over a set; null where it is empty. */
  List<Object> bounds(RowSet set, String expression) {
    return session
        .query("SELECT min(%1$s), max(%1$s) FROM %2$s".formatted(expression, set.rows()), 1)
        .rows()
        .getFirst();
  }

  /** Draws an edge from each row of {@code from} to each of {@code to} whose values are equal. */
  void connect(RowSet from, List<String> expressions, RowSet to, List<String> columns) {
    String values =
        IntStream.range(0, expressions.size())
            .mapToObj(i -> ", (%s) AS k%d".formatted(expressions.get(i), i))
            .collect(Collectors.joining());
    String equal =
        IntStream.range(0, columns.size())
            .mapToObj(i -> "f.k%d = t.%s".formatted(i, quoted(columns.get(i))))
            .collect(Collectors.joining(" AND "));
    var edges =
        session.query(
            "SELECT DISTINCT f._node, t._node FROM (SELECT _node%s FROM %s) f JOIN %s t ON %s"
                .formatted(values, from.rows(), to.rows(), equal),
            Integer.MAX_VALUE);
    edges.rows().forEach(edge -> graph.connect((String) edge.get(0), (String) edge.get(1)));
  }

  /** Draws an edge between each row of a set and a dataset as a whole. */
  void connectWhole(RowSet set, Lineage.Node whole, boolean downstream) {
    graph.add(whole);
    for (List<Object> row :
        session.query("SELECT _node FROM " + set.rows(), Integer.MAX_VALUE).rows()) {
      String node = (String) row.getFirst();
      graph.connect(downstream ? node : whole.id(), downstream ? whole.id() : node);
    }
  }

  /** {@code (a, b) IN (SELECT "c", "d" FROM set)}. */
  static String in(List<String> expressions, RowSet set, List<String> columns) {
    return in(expressions, "SELECT %s FROM %s".formatted(list(columns), set.rows()));
  }

  static String in(List<String> expressions, String select) {
    return expressions.stream()
        .map(expression -> "(" + expression + ")")
        .collect(Collectors.joining(", ", "(", ") IN (" + select + ")"));
  }

  static String list(List<String> columns) {
    return columns.stream().map(RowSets::quoted).collect(Collectors.joining(", "));
  }

  static String quoted(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }

  static String literal(Object value) {
    return "'" + String.valueOf(value).replace("'", "''") + "'";
  }

  /** All of {@code key} as a condition, values converted to the columns' types. */
  static String equal(Map<String, Object> key, Map<String, String> types) {
    var conditions = new ArrayList<String>();
    key.forEach(
        (column, value) ->
            conditions.add(
                value == null
                    ? quoted(column) + " IS NULL"
                    : "%s = CAST(%s AS %s)"
                        .formatted(quoted(column), literal(value), types.get(column))));
    return String.join(" AND ", conditions);
  }
}
