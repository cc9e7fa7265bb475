package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How large a statement becomes once the engine has put common table expressions and aliases in
 * their places: a few hundred bytes can take it minutes and all memory to plan, and planning cannot
 * be cancelled. So it is counted before, from the syntax tree, as an upper bound.
 */
final class Bounds {
  /** A table's columns are not known here; few have more. */
  private static final int TABLE_COLUMNS = 100;

  private static final int GROUPING_SETS_MAX = 256;

  /** What has a value of each of its arguments in one value. */
  private static final Set<String> NESTING =
      Set.of(
          "struct_pack",
          "row",
          "list_value",
          "list_pack",
          "array_value",
          "map",
          "struct_insert",
          "struct_update",
          "struct_concat",
          "union_value");

  private final LodeConfig.Tools limits;

  Bounds(LodeConfig.Tools limits) {
    this.limits = requireNonNull(limits, "limits is null");
  }

  /**
   * What names stand for.
   *
   * @param relations common table expressions
   * @param aliases of the SELECT around
   * @param from what the SELECT around reads
   */
  private record Scope(Map<String, Size> relations, Map<String, Size> aliases, Size from) {
    Scope with(Map<String, Size> more) {
      return new Scope(more, aliases, from);
    }
  }

  /** LIMIT_EXCEEDED for a statement that is too long, or nested too deeply to be parsed. */
  void checkText(String sql) {
    var tokens = new Tokens(sql);
    check(
        tokens.deepest(),
        limits.sqlDepthMax(),
        "brackets or CASE are open within each other",
        "depth");
    check(tokens.all().size(), limits.sqlNodesMax(), "words are in it", "nodes");
  }

  /** LIMIT_EXCEEDED for what would become too large. {@code tree} is the engine's own. */
  void check(Map<String, Object> tree) {
    visit(tree, new Scope(Map.of(), Map.of(), Size.NONE));
  }

  private Size visit(Object node, Scope scope) {
    Size size =
        switch (node) {
          case List<?> list -> all(list, scope);
          case Map<?, ?> map when map.get("class") instanceof String -> expression(map, scope);
          case Map<?, ?> map when map.get("type") instanceof String kind -> part(kind, map, scope);
          case Map<?, ?> map -> all(map.values(), scope);
          case null, default -> Size.NONE;
        };
    check(size.nodes(), limits.sqlNodesMax(), "expressions and tables are in it", "nodes");
    check(size.tables(), limits.sqlTablesMax(), "tables are read", "tables");
    check(
        size.columns() * size.leaves(),
        limits.sqlColumnsMax(),
        "columns and fields are made",
        "columns");
    return size;
  }

  private Size all(Collection<?> nodes, Scope scope) {
    Size sum = Size.NONE;
    for (Object node : nodes) {
      sum = sum.and(visit(node, scope));
    }
    return sum;
  }

  private Size part(String kind, Map<?, ?> map, Scope scope) {
    return switch (kind) {
      case "SELECT_NODE" -> select(map, scope.with(common(map, scope)));
      case "RECURSIVE_CTE_NODE" -> {
        var inside = new HashMap<>(common(map, scope));
        inside.put(lower(map.get("cte_name")), new Size(1, 1, TABLE_COLUMNS, 1, 0));
        yield widest(map, scope.with(inside));
      }
      case "SET_OPERATION_NODE", "CTE_NODE" -> widest(map, scope.with(common(map, scope)));
      case "BASE_TABLE" -> table(map, scope);
      case "TABLE_FUNCTION" ->
          new Size(1, 1, TABLE_COLUMNS, 1, 0).and(scalar(visit(map.get("function"), scope)));
      case "PIVOT" -> pivot(map, scope);
      default -> new Size(1, 0, 0, 1, 0).and(all(map.values(), scope));
    };
  }

  /** The parts of a set operation have the same columns. */
  private Size widest(Map<?, ?> map, Scope scope) {
    Size sum = Size.NONE;
    double columns = 0;
    for (var entry : map.entrySet()) {
      if (!"cte_map".equals(entry.getKey())) {
        Size size = visit(entry.getValue(), scope);
        columns = Math.max(columns, size.columns());
        sum = sum.and(size);
      }
    }
    return new Size(sum.nodes() + 1, sum.tables(), columns, sum.leaves(), 0);
  }

  private Map<String, Size> common(Map<?, ?> map, Scope scope) {
    if (!(map.get("cte_map") instanceof Map<?, ?> ctes)) {
      return scope.relations;
    }
    var relations = new HashMap<>(scope.relations);
    for (Object entry : (List<?>) ctes.get("map")) {
      var cte = (Map<?, ?>) entry;
      relations.put(lower(cte.get("key")), visit(cte.get("value"), scope.with(relations)));
    }
    return relations;
  }

  private Size select(Map<?, ?> map, Scope outside) {
    Size from = visit(map.get("from_table"), outside);
    var aliases = new HashMap<String, Size>();
    var scope = new Scope(outside.relations, aliases, from);
    Size made = Size.NONE;
    for (Object item : (List<?>) map.get("select_list")) {
      Size size = visit(item, scope);
      double copies = size.stars() > 0 ? Math.max(1, from.columns()) : 1;
      made =
          made.and(
              new Size(size.nodes() * copies, size.tables() * copies, copies, size.leaves(), 0));
      String alias = lower(((Map<?, ?>) item).get("alias"));
      if (!alias.isEmpty()) {
        aliases.put(alias, size);
      }
    }
    Size rest = Size.NONE;
    for (String part :
        List.of("where_clause", "group_expressions", "having", "qualify", "modifiers")) {
      rest = rest.and(visit(map.get(part), scope));
    }
    int sets = map.get("group_sets") instanceof List<?> list ? list.size() : 0;
    check(sets, GROUPING_SETS_MAX, "sets are grouped by", null);
    return new Size(
        1 + from.nodes() + made.nodes() + rest.nodes(),
        from.tables() + made.tables() + rest.tables(),
        made.columns(),
        made.leaves(),
        0);
  }

  private static Size table(Map<?, ?> map, Scope scope) {
    Size known =
        String.valueOf(map.get("schema_name")).isEmpty()
            ? scope.relations.get(lower(map.get("table_name")))
            : null;
    return known == null
        ? new Size(1, 1, TABLE_COLUMNS, 1, 0)
        : new Size(known.nodes() + 1, known.tables(), known.columns(), known.leaves(), 0);
  }

  private Size pivot(Map<?, ?> map, Scope scope) {
    Size source = visit(map.get("source"), scope);
    double values = 1;
    double nodes = 0;
    for (Object pivot : (List<?>) map.get("pivots")) {
      nodes += visit(pivot, scope).nodes();
      values *= Math.max(1, ((List<?>) ((Map<?, ?>) pivot).get("entries")).size());
    }
    Size aggregates = visit(map.get("aggregates"), scope);
    double made = values * Math.max(1, ((List<?>) map.get("aggregates")).size());
    return new Size(
        source.nodes() + nodes + values * aggregates.nodes() + 1,
        source.tables(),
        source.columns() + made,
        source.leaves(),
        0);
  }

  private Size expression(Map<?, ?> map, Scope scope) {
    String kind = String.valueOf(map.get("class"));
    if (kind.equals("COLUMN_REF")) {
      return column((List<?>) map.get("column_names"), scope);
    }
    Size inside = all(map.values(), scope);
    double stars = inside.stars() + (kind.equals("STAR") ? 1 : 0);
    boolean nests = NESTING.contains(lower(map.get("function_name")));
    double leaves = nests ? Math.max(1, sumOfLeaves(map, scope)) : inside.leaves();
    return new Size(inside.nodes() + 1, inside.tables(), 1, leaves, stars);
  }

  private double sumOfLeaves(Map<?, ?> map, Scope scope) {
    return ((List<?>) map.get("arguments"))
        .stream().mapToDouble(argument -> visit(argument, scope).leaves()).sum();
  }

  private static Size column(List<?> names, Scope scope) {
    Size alias = scope.aliases.get(lower(names.getLast()));
    return alias == null || names.size() > 1
        ? new Size(1, 0, 1, scope.from.leaves(), 0)
        : new Size(
            alias.nodes() + 1, alias.tables(), 1, Math.max(alias.leaves(), scope.from.leaves()), 0);
  }

  private static Size scalar(Size size) {
    return new Size(size.nodes(), size.tables(), 0, size.leaves(), 0);
  }

  private static String lower(Object name) {
    return name == null ? "" : name.toString().toLowerCase(Locale.ROOT);
  }

  private static void check(double is, double most, String what, String limit) {
    if (is > most) {
      throw new Failure(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot run the SQL: at least %.0f %s (must be at most %.0f%s)"
              .formatted(is, what, most, limit == null ? "" : ", tools.sql-" + limit + "-max"),
          "Name fewer of what is named more than once: materialise it in a mart, or ask in steps.");
    }
  }
}
