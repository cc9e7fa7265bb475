package dev.lode.proof;

import static dev.lode.fold.Nodes.is;
import static dev.lode.fold.Nodes.list;
import static dev.lode.fold.Nodes.map;
import static dev.lode.fold.Nodes.maps;
import static dev.lode.fold.Nodes.text;
import static dev.lode.proof.Functions.lower;

import dev.lode.fold.Nodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** SELECTs, their common tables and set operations, as relations. */
final class Selects {
  /** Common tables that use each other multiply. */
  private static final int RELATIONS_MAX = 2000;

  private static final Set<String> SET_OPERATIONS = Set.of("UNION", "EXCEPT", "INTERSECT");

  private final Ground ground;
  private final Joins joins;

  /** Common tables in scope by their name. */
  private Map<String, Common> commons = new HashMap<>();

  private int relations;

  /**
   * A common table.
   *
   * @param seen those that it sees
   */
  private record Common(Map<String, Object> value, Map<String, Common> seen) {}

  Selects(Ground ground) {
    this.ground = ground;
    this.joins = new Joins(ground, this);
  }

  Relation relation(Map<String, Object> node) {
    return relation(node, null);
  }

  /**
   * @param outer around a subquery; null for none
   */
  Relation relation(Map<String, Object> node, Scope outer) {
    if (++relations > RELATIONS_MAX) {
      throw new Unproven(node, "its common tables multiply", Ground.OTHERWISE);
    }
    var before = commons;
    commons = withCommons(node);
    try {
      return switch (text(node, "type")) {
        case "SELECT_NODE" -> select(node, outer);
        case "SET_OPERATION_NODE" -> setOperation(node, outer);
        default -> throw new Unproven(node, "it is no plain SELECT", Ground.OTHERWISE);
      };
    } finally {
      commons = before;
    }
  }

  private Map<String, Common> withCommons(Map<String, Object> node) {
    var all = new HashMap<>(commons);
    for (var entry : maps(map(node.get("cte_map")).get("map"))) {
      all.put(lower(entry.get("key")), new Common(map(entry.get("value")), Map.copyOf(all)));
    }
    return all;
  }

  /** A common table by its name; empty where there is none. */
  Optional<Relation> common(String name) {
    Common common = commons.get(name);
    if (common == null) {
      return Optional.empty();
    }
    var before = commons;
    commons = common.seen();
    try {
      Map<String, Object> node = map(common.value().get("query_node"));
      return Optional.of(named(node, relation(node), common.value().get("aliases")));
    } finally {
      commons = before;
    }
  }

  static Relation named(Map<String, Object> node, Relation relation, Object names) {
    List<String> all = list(names).stream().map(String::valueOf).toList();
    if (all.size() > relation.columns().size()) {
      throw new Unproven(node, "which columns are renamed is not known", "name them in the SELECT");
    }
    return relation.renamed(all);
  }

  private Relation setOperation(Map<String, Object> node, Scope outer) {
    String type = text(node, "setop_type");
    if (!SET_OPERATIONS.contains(type)) {
      throw new Unproven(node, type + " is not known here", "write UNION ALL");
    }
    checkModifiers(node);
    var branches =
        maps(node.get("children")).stream().map(branch -> relation(branch, outer)).toList();
    int width = branches.getFirst().columns().size();
    if (branches.stream().anyMatch(b -> b.isOpen() || b.columns().size() != width)) {
      throw new Unproven(node, "a star hides the columns of a " + type, "list them in each SELECT");
    }
    var columns =
        branches.getFirst().columns().stream()
            .map(column -> new Relation.Column(column.name(), ground.values().fresh()))
            .toList();
    var local = branches.stream().filter(Relation::local).toList();
    var keys = new ArrayList<Set<Integer>>();
    for (int part = 0; !local.isEmpty() && part < local.getFirst().keys().size(); part++) {
      keys.add(common(columns, local, part));
    }
    boolean keepsRows = type.equals("UNION") && Boolean.TRUE.equals(node.get("setop_all"));
    if (!keepsRows && keys.stream().anyMatch(Set::isEmpty)) {
      throw new Unproven(
          node, type + " compares rows of different keys", "have the key in each SELECT of it");
    }
    var present = new HashSet<Integer>();
    for (int i = 0; i < width; i++) {
      int place = i;
      if (branches.stream().allMatch(b -> b.present().contains(b.columns().get(place).value()))) {
        present.add(columns.get(i).value());
      }
    }
    return new Relation(columns, 0, Set.of(), !local.isEmpty(), keys, present);
  }

  /** The columns that are this part of the key in all of {@code branches}. */
  private static Set<Integer> common(
      List<Relation.Column> columns, List<Relation> branches, int part) {
    var common = new HashSet<Integer>();
    IntStream.range(0, columns.size())
        .filter(
            i ->
                branches.stream()
                    .allMatch(branch -> branch.key(part).contains(branch.columns().get(i).value())))
        .forEach(i -> common.add(columns.get(i).value()));
    return common;
  }

  private Relation select(Map<String, Object> node, Scope outer) {
    Joins.From from = joins.read(map(node.get("from_table")), map(node.get("where_clause")), outer);
    var expressions = new Expressions(ground, from.scope(), this::relation);
    var present = new HashSet<>(from.relation().present());
    present(map(node.get("where_clause")), expressions, present);
    if (node.get("sample") != null) {
      throw new Unproven(node, "a sample is of all rows", Ground.OTHERWISE);
    }
    var written = written(node, from.scope(), expressions);
    var values = new ArrayList<Integer>();
    Relation items = items(node, from, expressions, values);
    value(node.get("where_clause"), expressions);
    Set<Integer> groups = groups(node, expressions, written, values);
    value(node.get("having"), expressions);
    value(node.get("qualify"), expressions);
    checkModifiers(node);
    Relation read = from.relation();
    boolean isGrouped = groups != null;
    if (isGrouped && read.local()) {
      checkKeys(node, read, groups);
    }
    expressions.checkOrders(isGrouped ? groups : Set.of());
    new Windows(ground, from, expressions, groups).check();
    checkDistinct(node, items, read);
    return new Relation(
        items.columns(), items.rest(), items.hidden(), read.local(), read.keys(), present);
  }

  /** What a condition keeps is not null where it says so. */
  private static void present(
      Map<String, Object> where, Expressions expressions, Set<Integer> present) {
    if (is(where, "CONJUNCTION_AND")) {
      maps(where.get("children")).forEach(inner -> present(inner, expressions, present));
    } else if (is(where, "OPERATOR_IS_NOT_NULL")) {
      present.add(expressions.value(maps(where.get("children")).getFirst()));
    }
  }

  private static void value(Object node, Expressions expressions) {
    if (node != null) {
      expressions.value(map(node));
    }
  }

  /**
   * @param values of what is the same in all rows of a group, where there are groups
   */
  private Relation items(
      Map<String, Object> node, Joins.From from, Expressions expressions, List<Integer> values) {
    var columns = new ArrayList<Relation.Column>();
    int rest = 0;
    var hidden = new HashSet<String>();
    for (Map<String, Object> item : maps(node.get("select_list"))) {
      if (is(item, "STAR")) {
        Relation star = star(item, from.scope(), expressions);
        columns.addAll(star.columns());
        values.addAll(star.row());
        if (star.isOpen()) {
          rest = rest == 0 ? star.rest() : ground.values().instance(List.of());
          hidden.addAll(star.hidden());
        }
        continue;
      }
      int value = expressions.value(item);
      String name = name(item);
      boolean isTwice = rest > 0 && !hidden.contains(name);
      int known = isTwice ? ground.values().fresh() : value;
      columns.add(new Relation.Column(name, known));
      if (!aggregates(item, expressions) && !hasWindow(item)) {
        values.add(value);
      }
      if (!text(item, "alias").isEmpty()) {
        from.scope().alias(name, value);
      }
    }
    return Relation.named(columns, rest, hidden);
  }

  /** As the engine names it; empty where it has none. */
  static String name(Map<String, Object> item) {
    String alias = text(item, "alias");
    List<?> path = list(item.get("column_names"));
    return !alias.isEmpty() ? lower(alias) : path.isEmpty() ? "" : lower(path.getLast());
  }

  private Relation star(Map<String, Object> item, Scope scope, Expressions expressions) {
    if (Boolean.TRUE.equals(item.get("columns"))
        || item.get("expr") != null
        || !list(item.get("qualified_exclude_list")).isEmpty()
        || !list(item.get("rename_list")).isEmpty()) {
      throw new Unproven(item, "which columns this gives is not known", "list them");
    }
    var excluded = new HashSet<String>();
    list(item.get("exclude_list")).forEach(name -> excluded.add(lower(name)));
    Relation star =
        scope
            .star(lower(text(item, "relation_name")), excluded)
            .orElseThrow(() -> new Unproven(item, "what the star is of is not known", "list it"));
    for (var replace : maps(item.get("replace_list"))) {
      String name = lower(replace.get("key"));
      star = star.replaced(name, expressions.value(map(replace.get("value"))));
    }
    return star;
  }

  /** What is written after GROUP BY, before the SELECT names anything. */
  private static Set<Integer> written(
      Map<String, Object> node, Scope scope, Expressions expressions) {
    var written = new HashSet<Integer>();
    List<Map<String, Object>> items = maps(node.get("select_list"));
    for (Map<String, Object> group : maps(node.get("group_expressions"))) {
      List<?> path = list(group.get("column_names"));
      String name = path.size() == 1 ? lower(path.getFirst()) : "";
      boolean isAlias = isAlias(items, name) && !scope.has(name);
      if (!is(group, "VALUE_CONSTANT") && !isAlias) {
        written.add(expressions.value(group));
      }
    }
    return written;
  }

  /** What is the same in all rows of a group, as far as it is known; null without groups. */
  private static Set<Integer> groups(
      Map<String, Object> node,
      Expressions expressions,
      Set<Integer> written,
      List<Integer> selected) {
    List<Map<String, Object>> groups = maps(node.get("group_expressions"));
    boolean isGrouped =
        !groups.isEmpty()
            || text(node, "aggregate_handling").equals("FORCE_AGGREGATES")
            || aggregates(node.get("select_list"), expressions)
            || aggregates(node.get("having"), expressions);
    if (!isGrouped) {
      return null;
    }
    if (list(node.get("group_sets")).size() > 1) {
      throw new Unproven(groups.getFirst(), "a total is over several keys", "write one GROUP BY");
    }
    var all = new HashSet<>(written);
    all.addAll(selected);
    return all;
  }

  private static boolean isAlias(List<Map<String, Object>> items, String name) {
    return items.stream().anyMatch(item -> lower(text(item, "alias")).equals(name));
  }

  private static boolean aggregates(Object part, Expressions expressions) {
    var found = new boolean[1];
    walk(part, node -> found[0] |= expressions.isAggregate(node));
    return found[0];
  }

  private static boolean hasWindow(Map<String, Object> item) {
    var found = new boolean[1];
    walk(item, node -> found[0] |= text(node, "class").equals("WINDOW"));
    return found[0];
  }

  /** Not into subqueries, whose aggregates are their own. */
  private static void walk(Object part, java.util.function.Consumer<Map<String, Object>> visitor) {
    if (part instanceof List<?> all) {
      all.forEach(inner -> walk(inner, visitor));
    } else if (part instanceof Map<?, ?> && !is(map(part), "SUBQUERY")) {
      visitor.accept(map(part));
      map(part).values().forEach(inner -> walk(inner, visitor));
    }
  }

  private static void checkModifiers(Map<String, Object> node) {
    for (Map<String, Object> modifier : maps(node.get("modifiers"))) {
      switch (text(modifier, "type")) {
        case "ORDER_MODIFIER" -> checkOrder(modifier);
        case "DISTINCT_MODIFIER" -> {
          var on = maps(modifier.get("distinct_on_targets"));
          if (!on.isEmpty()) {
            throw new Unproven(
                on.getFirst(), "DISTINCT ON keeps any one of several rows", "write GROUP BY");
          }
        }
        default ->
            throw new Unproven(
                map(modifier.get("limit")),
                "a LIMIT keeps rows by what other keys have",
                Ground.OTHERWISE);
      }
    }
  }

  /** Rows of a table have no order; only what is computed for it counts. */
  private static void checkOrder(Map<String, Object> modifier) {
    for (Map<String, Object> order : maps(modifier.get("orders"))) {
      Nodes.walk(
          order,
          inner -> {
            if (Set.of("SUBQUERY", "WINDOW").contains(text(inner, "class"))) {
              throw new Unproven(inner, "it orders by other rows", "leave the ORDER BY out");
            }
          });
    }
  }

  /** Rows that become one have one key. */
  private void checkKeys(Map<String, Object> node, Relation read, Set<Integer> by) {
    for (int i = 0; i < read.keys().size(); i++) {
      if (read.key(i).stream().noneMatch(v -> ground.values().isDetermined(v, by))) {
        throw ground.other(node, i);
      }
    }
  }

  private void checkDistinct(Map<String, Object> node, Relation items, Relation read) {
    boolean isDistinct =
        maps(node.get("modifiers")).stream()
            .anyMatch(modifier -> text(modifier, "type").equals("DISTINCT_MODIFIER"));
    if (isDistinct && read.local() && items.isOpen()) {
      throw new Unproven(
          map(maps(node.get("select_list")).getFirst()),
          "DISTINCT of a star is not known to have the key",
          "list the columns");
    }
    if (isDistinct && read.local()) {
      checkKeys(node, read, items.row());
    }
  }
}
