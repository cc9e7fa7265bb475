package dev.lode.proof;

import static dev.lode.fold.Nodes.is;
import static dev.lode.fold.Nodes.list;
import static dev.lode.fold.Nodes.map;
import static dev.lode.fold.Nodes.maps;
import static dev.lode.fold.Nodes.text;
import static dev.lode.proof.Functions.lower;

import dev.lode.fold.Nodes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The expressions of one SELECT, as values. Refuses what it does not know. */
final class Expressions {
  /** What is computed from a row alone. */
  private static final Set<String> PLAIN =
      Set.of(
          "CONSTANT", "CAST", "TYPE", "OPERATOR", "COMPARISON", "CONJUNCTION", "CASE", "BETWEEN");

  private final Ground ground;
  private final Scope scope;

  /** A subquery by its node, and the scope around it. */
  private final BiFunction<Map<String, Object>, Scope, Relation> subqueries;

  private final List<Call> aggregates = new ArrayList<>();
  private final List<Map<String, Object>> windows = new ArrayList<>();
  private final int number;

  /**
   * An aggregate whose outcome depends on the order of rows, unless what orders them tells {@code
   * of}.
   */
  private record Call(Map<String, Object> node, int of, Set<Integer> by) {}

  Expressions(
      Ground ground, Scope scope, BiFunction<Map<String, Object>, Scope, Relation> subqueries) {
    this.ground = ground;
    this.scope = scope;
    this.subqueries = subqueries;
    this.number = ground.values().fresh();
  }

  /** The calls of window functions that were met. */
  List<Map<String, Object>> windows() {
    return windows;
  }

  boolean isAggregate(Map<String, Object> node) {
    return is(node, "FUNCTION") && ground.functions().isAggregate(name(node));
  }

  static String name(Map<String, Object> node) {
    return lower(text(node, "function_name"));
  }

  int value(Map<String, Object> node) {
    return switch (text(node, "class")) {
      case "COLUMN_REF" -> column(node);
      case "FUNCTION" -> isAggregate(node) ? aggregate(node) : function(node);
      case "WINDOW" -> window(node);
      case "SUBQUERY" -> subquery(node);
      case "LAMBDA" -> lambda(node);
      case String kind when PLAIN.contains(kind) -> plain(node, kind);
      case String kind ->
          throw new Unproven(
              node,
              "what %s gives is not known to depend on the rows of one key alone"
                  .formatted(kind.toLowerCase(Locale.ROOT).replace('_', ' ')),
              Ground.OTHERWISE);
    };
  }

  private int column(Map<String, Object> node) {
    List<?> path = list(node.get("column_names"));
    String name = lower(path.getFirst());
    if (path.size() == 1 && Functions.isWord(name) && !scope.has(name)) {
      refuseUnsteady(node, name);
    }
    return scope.value(path);
  }

  private int plain(Map<String, Object> node, String kind) {
    var parts = new ArrayList<Integer>();
    Object shape = shape(node, parts);
    return ground.values().function(kind + " " + shape, parts);
  }

  private int function(Map<String, Object> node) {
    String name = name(node);
    List<?> arguments = list(node.get("arguments"));
    if (!ground.functions().isSteady(name, arguments.size())) {
      refuseUnsteady(node, name + "()");
    }
    var parts = new ArrayList<Integer>();
    Object shape = shape(node, parts);
    boolean packs = name.equals("row") || name.equals("struct_pack");
    // Each call gives rows of its own.
    return name.equals("unnest")
        ? ground.values().fresh()
        : ground.values().function((packs ? Values.PACKS : "calls ") + shape, parts);
  }

  private void refuseUnsteady(Map<String, Object> node, String what) {
    if (ground.isRepeatable()) {
      throw new Unproven(
          node,
          what + " may give something else each time, so that rows that stay are wrong",
          "compute it when the mart is read, or write materialization: table with a schedule");
    }
  }

  /** All that is written, its expressions as numbers. */
  private Object shape(Object node, List<Integer> parts) {
    if (node instanceof List<?> list) {
      return list.stream().map(inner -> shape(inner, parts)).toList();
    }
    if (!(node instanceof Map<?, ?>)) {
      return String.valueOf(node);
    }
    var shape = new TreeMap<String, Object>();
    map(node)
        .forEach(
            (key, inner) -> {
              if (key.equals("alias") || key.startsWith("query_location")) {
                return;
              }
              boolean isName = key.equals("function_name") || key.equals("qualified_name");
              shape.put(key, isName ? lower(inner) : part(inner, parts));
            });
    return shape;
  }

  private Object part(Object inner, List<Integer> parts) {
    if (inner instanceof List<?> list) {
      return list.stream().map(each -> part(each, parts)).toList();
    }
    if (inner instanceof Map<?, ?> && !text(map(inner), "class").isEmpty()) {
      int value = value(map(inner));
      parts.add(value);
      return "#" + value;
    }
    return shape(inner, parts);
  }

  /** What it is called with, in the whole call. */
  private List<Integer> arguments(Map<String, Object> node) {
    return maps(node.get("arguments")).stream()
        .map(argument -> value(map(argument.get("expression"))))
        .toList();
  }

  List<Integer> orders(Object orders) {
    return maps(orders).stream().map(order -> value(map(order.get("expression")))).toList();
  }

  private int aggregate(Map<String, Object> node) {
    String name = name(node);
    List<Integer> arguments = arguments(node);
    List<Integer> ordered = orders(map(node.get("order_bys")).get("orders"));
    if (node.get("filter") != null) {
      value(map(node.get("filter")));
    }
    if (Functions.ENDS.contains(name) && arguments.size() == 2) {
      var by = new HashSet<Integer>(ground.values().unpacked(arguments.get(1)));
      aggregates.add(new Call(node, arguments.getFirst(), by));
    } else if (Functions.ORDERED.contains(name) && !arguments.isEmpty()) {
      aggregates.add(new Call(node, arguments.getFirst(), Set.copyOf(ordered)));
    } else if (ground.isRepeatable() && !Functions.UNORDERED.contains(name)) {
      throw new Unproven(
          node,
          name + "() is not known to give the same of the same rows in another order",
          Ground.OTHERWISE);
    }
    return ground.values().opaque(List.of("aggregate", number, Nodes.plain(node)));
  }

  /**
   * Refuses aggregates that tell in which order rows came.
   *
   * @param groups what is the same in all rows of a group
   */
  void checkOrders(Set<Integer> groups) {
    for (Call call : aggregates) {
      var by = new HashSet<>(groups);
      by.addAll(call.by());
      if (ground.isRepeatable() && !ground.values().isDetermined(call.of(), by)) {
        String name = name(call.node());
        throw new Unproven(
            call.node(),
            name + "() gives any one of several rows that come in no order",
            Functions.ENDS.contains(name)
                ? "order by what it gives as well, " + name + "(x, (y, x))"
                : "give it the order, " + name + "(x ORDER BY x), or write min(x)");
      }
    }
  }

  private int window(Map<String, Object> node) {
    windows.add(node);
    arguments(node);
    for (String part : List.of("start_expr", "end_expr", "offset_expr", "default_expr")) {
      checkOptional(node.get(part));
    }
    checkOptional(node.get("filter_expr"));
    orders(node.get("orders"));
    orders(node.get("arg_orders"));
    maps(node.get("partitions")).forEach(this::value);
    return ground.values().opaque(List.of("window", number, Nodes.plain(node)));
  }

  private void checkOptional(Object node) {
    if (node != null) {
      value(map(node));
    }
  }

  Set<Integer> partition(Map<String, Object> window) {
    var partition = new HashSet<Integer>();
    maps(window.get("partitions")).forEach(part -> partition.add(value(part)));
    return partition;
  }

  private int subquery(Map<String, Object> node) {
    checkOptional(node.get("child"));
    Relation read;
    try {
      read = subqueries.apply(map(map(node.get("subquery")).get("node")), scope);
    } catch (Unproven e) {
      throw ground.readsTouched(node) ? others(node) : e;
    }
    if (read.local()) {
      throw others(node);
    }
    return ground.values().fresh();
  }

  private static Unproven others(Map<String, Object> subquery) {
    return new Unproven(
        subquery,
        "the subquery reads rows of other keys",
        "join what it reads ON the key, or " + Ground.OTHERWISE);
  }

  /** Its parameters have no values; what it calls is looked at. */
  private int lambda(Map<String, Object> node) {
    Nodes.walk(
        node.get("expr"),
        inner -> {
          String kind = text(inner, "class");
          boolean isCall = is(inner, "FUNCTION");
          int arguments = list(inner.get("arguments")).size();
          if (kind.equals("SUBQUERY") || kind.equals("WINDOW")) {
            throw new Unproven(inner, "a lambda computes it from other rows", Ground.OTHERWISE);
          }
          if (isCall && !ground.functions().isSteady(name(inner), arguments)) {
            refuseUnsteady(inner, name(inner) + "()");
          }
        });
    return ground.values().fresh();
  }
}
