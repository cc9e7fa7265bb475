package dev.lode.gold;

import dev.lode.tables.ExpressionRange;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The keys of a mart that changed input rows touch, in a temporary table of the session. Joined to
 * an input they become filters of its scan (the engine pushes them down at run time), and their
 * bounds leave out whole files.
 *
 * @param bounds least and greatest value per key column, tenant_id first
 * @param hasNull whether a part of one is null: a value like any other
 * @param tenants all of whose keys are among them, though not in the table
 */
record TouchedKeys(
    List<String> key, long count, List<Bound> bounds, boolean hasNull, Set<String> tenants) {
  static final String TABLE = "temp.lode_touched";

  record Bound(Object low, Object high) {
    ExpressionRange of(String expression) {
      return new ExpressionRange(expression, low, high);
    }
  }

  /** Null where {@code changes} touch more than {@code max}. */
  static TouchedKeys find(Session session, Mart mart, List<Slice> changes, int max) {
    var views = new LinkedHashMap<TableName, String>();
    for (Slice change : changes) {
      String view = "lode_changed_" + change.table().layer() + "_" + change.table().name();
      session.bind(view, change);
      views.put(change.table(), view);
    }
    return of(session, mart, views, max);
  }

  /**
   * As {@link #find}.
   *
   * @param views by table, its rows that came and went
   */
  static TouchedKeys of(Session session, Mart mart, Map<TableName, String> views, int max) {
    var keys = new ArrayList<String>();
    views.forEach((table, view) -> keys.add(keys(mart, mart.touches().get(table), view)));
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
    boolean hasNull = ((Number) row.getLast()).longValue() > 0;
    return count > max ? null : new TouchedKeys(mart.key(), count, bounds, hasNull, Set.of());
  }

  TouchedKeys with(Set<String> whole) {
    return new TouchedKeys(key, count, bounds, hasNull, whole);
  }

  /** Whether the table has all there is to build, and joins find it. */
  boolean isPlain() {
    return !hasNull && tenants.isEmpty();
  }

  private static String keys(Mart mart, Mart.Touch touch, String view) {
    List<String> key = mart.key();
    String columns =
        key.stream()
            .map(name -> ", (%s) AS %s".formatted(touch.of(name), Keys.quoted(name)))
            .collect(Collectors.joining());
    String present =
        key.stream()
            .map(name -> "(%s) IS NOT NULL".formatted(touch.of(name)))
            .collect(Collectors.joining(" AND "));
    String where = mart.nature().isKeyPresent() ? " WHERE " + present : "";
    return "SELECT DISTINCT tenant_id%s FROM %s%s".formatted(columns, view, where);
  }

  private static String summary(List<String> columns) {
    String isNull =
        columns.stream()
            .map(name -> Keys.quoted(name) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    return columns.stream()
        .map(Keys::quoted)
        .map(name -> ", min(%s), max(%s)".formatted(name, name))
        .collect(
            Collectors.joining(
                "", "SELECT count(*)", ", count(*) FILTER (%s) FROM %s".formatted(isNull, TABLE)));
  }

  /** The keys, the tenant before each. */
  String select() {
    return "SELECT %s FROM %s".formatted(Keys.list(Keys.withTenant(key)), TABLE);
  }

  /** True for the input rows that the keys are made from. */
  String condition(Mart.Touch touch) {
    return isOne(key.stream().map(name -> "(" + touch.of(name) + ")").toList());
  }

  /** True for the rows of the mart's SELECT that have one of the keys. */
  String wanted() {
    return isOne(key.stream().map(Keys::quoted).toList());
  }

  /**
   * Of a row by its values the engine pushes down what it can, but nulls match nothing in it; in a
   * struct they do.
   */
  private String isOne(List<String> values) {
    return tenants.isEmpty()
        ? isInTable(values)
        : "(tenant_id IN (%s) OR %s)".formatted(Keys.literals(tenants), isInTable(values));
  }

  private String isInTable(List<String> values) {
    var columns = Keys.withTenant(key).stream().map(Keys::quoted).toList();
    var wanted = new ArrayList<>(List.of("tenant_id"));
    wanted.addAll(values);
    if (!hasNull) {
      return "(%s) IN (%s)".formatted(String.join(", ", wanted), select());
    }
    return "%s IN (SELECT %s FROM %s)".formatted(struct(wanted), struct(columns), TABLE);
  }

  private static String struct(List<String> values) {
    return IntStream.range(0, values.size())
        .mapToObj(i -> "k%d := %s".formatted(i, values.get(i)))
        .collect(Collectors.joining(", ", "struct_pack(", ")"));
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
    if (!tenants.isEmpty()) {
      return slice;
    }
    Slice pruned = bounds.getFirst().of("tenant_id").narrow(slice, spec);
    // The bounds leave nulls out.
    for (int i = 0; i < key.size() && !hasNull; i++) {
      pruned = bounds.get(i + 1).of(expression.apply(key.get(i))).narrow(pruned, spec);
    }
    return pruned;
  }
}
