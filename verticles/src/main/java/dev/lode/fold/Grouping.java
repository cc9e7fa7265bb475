package dev.lode.fold;

import static dev.lode.fold.Nodes.is;
import static dev.lode.fold.Nodes.list;
import static dev.lode.fold.Nodes.map;
import static dev.lode.fold.Nodes.maps;
import static dev.lode.fold.Nodes.plain;
import static dev.lode.fold.Nodes.text;

import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a statement that groups the rows of one table, read from its syntax tree.
 *
 * @param select the node, as written
 * @param items what it selects, columns without the table's name
 * @param alias what the table is called in it
 * @param groups the expressions that it groups by
 * @param aggregates each once
 * @param where null for all rows
 * @param columns of the table that it reads
 */
record Grouping(
    Map<String, Object> select,
    List<Map<String, Object>> items,
    String alias,
    List<Map<String, Object>> groups,
    List<Map<String, Object>> aggregates,
    Object where,
    Set<String> columns) {
  private static final Set<String> AGGREGATES =
      Set.of(
          "sum",
          "count",
          "count_star",
          "min",
          "max",
          "avg",
          "mean",
          "bool_and",
          "bool_or",
          "arg_max",
          "arg_min",
          "max_by",
          "min_by");

  private static final Set<String> CLASSES =
      Set.of(
          "COLUMN_REF",
          "CONSTANT",
          "CAST",
          "TYPE",
          "OPERATOR",
          "COMPARISON",
          "CONJUNCTION",
          "FUNCTION",
          "CASE",
          "BETWEEN");

  /**
   * @param known the columns of {@code table}
   * @throws Unfoldable with the reason
   */
  static Grouping of(Map<String, Object> tree, TableName table, Set<String> known) {
    var selects = new ArrayList<Map<String, Object>>();
    var uses = new ArrayList<Map<String, Object>>();
    Nodes.walk(
        tree,
        node -> {
          if (isTable(node, table)) {
            uses.add(node);
          }
          if (is(node, "SELECT_NODE") && isTable(map(node.get("from_table")), table)) {
            selects.add(node);
          }
        });
    if (uses.size() != 1 || selects.size() != 1) {
      throw new Unfoldable("it must read " + table + " once, alone, and group its rows");
    }
    return new Reader(selects.getFirst(), known).read();
  }

  private static boolean isTable(Map<String, Object> node, TableName table) {
    return is(node, "BASE_TABLE")
        && String.join(".", Nodes.path(node)).equalsIgnoreCase(table.toString());
  }

  /** What it calls beside {@link #isAggregate aggregates}. */
  Set<String> functions() {
    var functions = new TreeSet<String>();
    for (Object part : Arrays.asList(items, groups, where)) {
      Nodes.walk(
          part,
          node -> {
            if (is(node, "FUNCTION") && !isAggregate(node)) {
              functions.add(text(node, "function_name"));
            }
          });
    }
    return functions;
  }

  static boolean isAggregate(Map<String, Object> node) {
    return is(node, "FUNCTION") && AGGREGATES.contains(text(node, "function_name"));
  }

  /** Where {@code nodes} has the same expression; -1 where it has not. */
  static int indexOf(List<Map<String, Object>> nodes, Map<String, Object> node) {
    Object wanted = plain(node);
    for (int i = 0; i < nodes.size(); i++) {
      if (plain(nodes.get(i)).equals(wanted)) {
        return i;
      }
    }
    return -1;
  }

  private static final class Reader {
    private final Map<String, Object> written;
    private final Map<String, Object> select;
    private final Set<String> known;
    private final String alias;
    private final List<Map<String, Object>> items;
    private final Set<String> columns = new TreeSet<>();

    Reader(Map<String, Object> select, Set<String> known) {
      this.written = select;
      this.known = known;
      Map<String, Object> from = map(select.get("from_table"));
      this.alias = text(from, "alias").isEmpty() ? Nodes.path(from).getLast() : text(from, "alias");
      this.select = map(Nodes.replace(select, this::unqualified));
      this.items = maps(this.select.get("select_list"));
    }

    private Optional<Object> unqualified(Map<String, Object> node) {
      List<?> path = list(node.get("column_names"));
      return path.size() == 2
              && alias.equals(path.getFirst())
              && known.contains(lower(path.getLast()))
          ? Optional.of(Nodes.with(node, "column_names", List.of(path.getLast())))
          : Optional.empty();
    }

    Grouping read() {
      refuseClauses();
      items.forEach(item -> Nodes.walk(item, Reader::refuseKind));
      Nodes.walk(select.get("where_clause"), Reader::refuseKind);
      List<Map<String, Object>> groups = groups();
      var aggregates = new ArrayList<Map<String, Object>>();
      for (Map<String, Object> item : items) {
        Nodes.walk(
            item,
            node -> {
              if (isAggregate(node) && indexOf(aggregates, node) < 0) {
                refuseAggregate(node);
                aggregates.add(node);
              }
            });
      }
      groups.forEach(this::note);
      aggregates.forEach(this::note);
      note(select.get("where_clause"));
      return new Grouping(
          written,
          items,
          alias,
          groups,
          List.copyOf(aggregates),
          select.get("where_clause"),
          columns);
    }

    private void refuseClauses() {
      for (String clause : List.of("having", "sample", "qualify")) {
        if (select.get(clause) != null) {
          throw new Unfoldable("it has " + clause.toUpperCase(Locale.ROOT));
        }
      }
      Map<String, Object> from = map(select.get("from_table"));
      if (!list(select.get("modifiers")).isEmpty()
          || !list(map(select.get("cte_map")).get("map")).isEmpty()
          || from.get("sample") != null
          || from.get("at_clause") != null
          || !list(from.get("column_name_alias")).isEmpty()) {
        throw new Unfoldable("it does more than group rows in one SELECT");
      }
    }

    private static void refuseKind(Map<String, Object> node) {
      String kind = text(node, "class");
      if (!kind.isEmpty() && !CLASSES.contains(kind)) {
        throw new Unfoldable("it has a " + kind.toLowerCase(Locale.ROOT));
      }
    }

    private static void refuseAggregate(Map<String, Object> node) {
      String name = text(node, "function_name");
      boolean distinct = Boolean.TRUE.equals(node.get("distinct"));
      int most = name.startsWith("arg_") || name.endsWith("_by") ? 2 : 1;
      if ((distinct && !name.equals("count"))
          || Boolean.TRUE.equals(node.get("export_state"))
          || !list(map(node.get("order_bys")).get("orders")).isEmpty()
          || list(node.get("arguments")).size() > most) {
        throw new Unfoldable("its %s cannot be added to".formatted(name));
      }
    }

    private List<Map<String, Object>> groups() {
      if (text(select, "aggregate_handling").equals("FORCE_AGGREGATES")) {
        return items.stream().filter(item -> !aggregates(item)).toList();
      }
      List<Map<String, Object>> groups =
          maps(select.get("group_expressions")).stream().map(this::resolved).toList();
      List<?> sets = list(select.get("group_sets"));
      if (groups.isEmpty() || sets.size() != 1 || list(sets.getFirst()).size() != groups.size()) {
        throw new Unfoldable("it needs one GROUP BY of columns");
      }
      return groups;
    }

    private static boolean aggregates(Map<String, Object> item) {
      var found = new boolean[1];
      Nodes.walk(item, node -> found[0] |= isAggregate(node));
      return found[0];
    }

    /** A column goes before another's name; a number is a place. */
    private Map<String, Object> resolved(Map<String, Object> group) {
      if (is(group, "VALUE_CONSTANT")) {
        Map<String, Object> literal = map(group.get("literal"));
        if (!text(literal, "kind").equals("INTEGER")) {
          throw new Unfoldable("it groups by a constant");
        }
        return items.get(Integer.parseInt(text(literal, "text")) - 1);
      }
      List<?> name = list(group.get("column_names"));
      if (name.size() == 1 && !known.contains(lower(name.getFirst()))) {
        return items.stream()
            .filter(item -> lower(text(item, "alias")).equals(lower(name.getFirst())))
            .findFirst()
            .orElse(group);
      }
      return group;
    }

    private void note(Object expression) {
      Nodes.walk(
          expression,
          node -> {
            if (is(node, "COLUMN_REF")) {
              columns.add(column(node));
            }
          });
    }

    private String column(Map<String, Object> node) {
      List<?> path = list(node.get("column_names"));
      String name = lower(path.getLast());
      if (path.size() > 1 || !known.contains(name)) {
        throw new Unfoldable("it needs " + path + ", which is no column of the table");
      }
      return name;
    }

    private static String lower(Object name) {
      return String.valueOf(name).toLowerCase(Locale.ROOT);
    }
  }
}
