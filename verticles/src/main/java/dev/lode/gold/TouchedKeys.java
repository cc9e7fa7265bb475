package dev.lode.gold;

import dev.lode.tables.ExpressionRange;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The keys of a mart that changed input rows touch, in a temporary table of the session. Joined to
 * an input they become filters of its scan (the engine pushes them down at run time), and their
 * bounds leave out whole files.
 *
 * @param bounds least and greatest value per key column, tenant_id first
 */
record TouchedKeys(List<String> key, long count, List<Bound> bounds) {
  static final String TABLE = "temp.lode_touched";

  record Bound(Object low, Object high) {
    ExpressionRange of(String expression) {
      return new ExpressionRange(expression, low, high);
    }
  }

  /** Null where {@code changes} touch more than {@code max}. */
  static TouchedKeys find(Session session, Mart mart, List<Slice> changes, int max) {
    var keys = new ArrayList<String>();
    for (Slice change : changes) {
      String view = "lode_changed_" + change.table().layer() + "_" + change.table().name();
      session.bind(view, change);
      keys.add(keys(mart.key(), mart.touches().get(change.table()), view));
    }
    session.execute(
        "CREATE TEMP TABLE lode_touched AS SELECT * FROM (%s) LIMIT %d"
            .formatted(String.join(" UNION ", keys), max + 1L));
    List<String> columns = Keys.withTenant(mart.key());
    List<Object> row = session.query(summary(columns), 1).rows().getFirst();
    long count = ((Number) row.getFirst()).longValue();
    var bounds = new ArrayList<Bound>();
    for (int i = 0; i < columns.size(); i++) {
      bounds.add(new Bound(row.get(1 + 2 * i), row.get(2 + 2 * i)));
    }
    return count > max ? null : new TouchedKeys(mart.key(), count, bounds);
  }

  private static String keys(List<String> key, Mart.Touch touch, String view) {
    String columns =
        key.stream()
            .map(name -> ", (%s) AS %s".formatted(touch.of(name), Keys.quoted(name)))
            .collect(Collectors.joining());
    String present =
        key.stream()
            .map(name -> "(%s) IS NOT NULL".formatted(touch.of(name)))
            .collect(Collectors.joining(" AND "));
    return "SELECT DISTINCT tenant_id%s FROM %s WHERE %s".formatted(columns, view, present);
  }

  private static String summary(List<String> columns) {
    return columns.stream()
        .map(Keys::quoted)
        .map(name -> ", min(%s), max(%s)".formatted(name, name))
        .collect(Collectors.joining("", "SELECT count(*)", " FROM " + TABLE));
  }

  /** The keys, the tenant before each. */
  String select() {
    return "SELECT %s FROM %s".formatted(Keys.list(Keys.withTenant(key)), TABLE);
  }

  /** True for the input rows that the keys are made from. */
  String condition(Mart.Touch touch) {
    String row =
        key.stream().map(name -> ", (" + touch.of(name) + ")").collect(Collectors.joining());
    return "(tenant_id%s) IN (%s)".formatted(row, select());
  }

  /** Without the files of an input that hold no row of these keys. */
  Slice prune(Slice input, Mart.Touch touch, TableSpec spec) {
    return prune(input, touch::of, spec);
  }

  /** Without the files of the mart that hold no row of these keys. */
  Slice prune(Slice mart, TableSpec spec) {
    return prune(mart, name -> name, spec);
  }

  private Slice prune(Slice slice, UnaryOperator<String> expression, TableSpec spec) {
    Slice pruned = bounds.getFirst().of("tenant_id").narrow(slice, spec);
    for (int i = 0; i < key.size(); i++) {
      pruned = bounds.get(i + 1).of(expression.apply(key.get(i))).narrow(pruned, spec);
    }
    return pruned;
  }
}
