package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges a parsed statement, node by node, against lists of what is known to be harmless. Anything
 * it does not know is refused: a new kind of expression in a new engine is closed until opened.
 */
final class Guard {
  private static final int DEPTH_MAX = 500;
  private static final int PAD_MAX = 10_000;
  private static final Set<String> PADS = Set.of("lpad", "rpad");

  private final Allowed allowed;

  Guard(Allowed allowed) {
    this.allowed = requireNonNull(allowed, "allowed is null");
  }

  /** The tables that the statement reads, or SQL_REFUSED. {@code tree} is the engine's own. */
  Set<TableName> tables(Map<String, Object> tree) {
    var judgement = new Judgement();
    judgement.walk(tree, Set.of(), 0);
    return judgement.tables;
  }

  private final class Judgement {
    private final Set<TableName> tables = new TreeSet<>();

    /** {@code names}: the common table expressions that can be seen from here, in lower case. */
    private void walk(Object node, Set<String> names, int depth) {
      if (depth > DEPTH_MAX) {
        throw refused("it is nested deeper than " + DEPTH_MAX);
      }
      if (node instanceof List<?> list) {
        list.forEach(inner -> walk(inner, names, depth + 1));
      } else if (node instanceof Map<?, ?> raw) {
        var map = map(raw);
        judge(map, names);
        Set<String> inside = common(map, names, depth);
        children(map).forEach(inner -> walk(inner, inside, depth + 1));
      }
    }

    /** What is below a node, less what was judged with it. */
    private List<Object> children(Map<String, Object> map) {
      var children = new LinkedHashMap<>(map);
      children.remove("cte_map");
      if ("TABLE_FUNCTION".equals(map.get("type"))) {
        children.put("function", new ArrayList<>(map(map.get("function")).values()));
      }
      return new ArrayList<>(children.values());
    }

    private void judge(Map<String, Object> map, Set<String> names) {
      if (map.get("class") instanceof String kind) {
        if (!allowed.expression(kind)) {
          throw refused("expressions of kind " + kind + " are not allowed");
        }
        expression(kind, map);
      } else if (map.get("type") instanceof String kind) {
        if (!allowed.node(kind)) {
          throw refused(kind + " is not allowed");
        }
        if (kind.equals("BASE_TABLE")) {
          table(map, names);
        } else if (kind.equals("TABLE_FUNCTION")) {
          tableFunction(map(map.get("function")));
        }
      }
    }

    private void expression(String kind, Map<String, Object> map) {
      switch (kind) {
        case "FUNCTION", "WINDOW" -> function(map);
        case "TYPE" -> {
          String type = String.join(".", path(map));
          if (!allowed.type(type.toUpperCase(Locale.ROOT).replace(' ', '_'))) {
            throw refused("type " + type + " is not allowed");
          }
        }
        default -> {}
      }
    }

    private void function(Map<String, Object> map) {
      String name = name(map);
      boolean operator = Boolean.TRUE.equals(map.get("is_operator")) && allowed.operator(name);
      if (!operator && !allowed.function(name)) {
        String only = allowed.tableFunction(name) ? " here; write FROM " + name + "(...)" : "";
        throw refused("function " + name + " is not allowed" + only);
      }
      if (PADS.contains(name) && constant(map, 1) > PAD_MAX) {
        throw refused(name + " takes a constant length of at most " + PAD_MAX);
      }
    }

    private void tableFunction(Map<String, Object> function) {
      if (!allowed.tableFunction(name(function))) {
        throw refused("table function " + name(function) + " is not allowed");
      }
    }

    private void table(Map<String, Object> map, Set<String> names) {
      List<String> path = path(map).stream().map(part -> part.toLowerCase(Locale.ROOT)).toList();
      if (map.get("at_clause") != null && !Past.isNamed(map)) {
        throw refused(
            "AT takes a dataset and a constant: (VERSION => snapshot id) or (TIMESTAMP => 'time')");
      }
      if (path.size() == 2) {
        tables.add(new TableName(path.getFirst(), path.getLast()));
      } else if (path.size() != 1 || !names.contains(path.getFirst())) {
        throw refused("there is no dataset " + String.join(".", path) + "; write layer.name");
      }
    }

    /**
     * Walks the common table expressions of a query, each seeing those before it, and itself only
     * where it is recursive; answers what the query itself sees.
     */
    private Set<String> common(Map<String, Object> map, Set<String> names, int depth) {
      var seen = new HashSet<>(names);
      for (Object entry : list(map(map.get("cte_map")).get("map"))) {
        String name = String.valueOf(map(entry).get("key")).toLowerCase(Locale.ROOT);
        var query = map(map(entry).get("value"));
        var inside = new HashSet<>(seen);
        if ("RECURSIVE_CTE_NODE".equals(map(query.get("query_node")).get("type"))) {
          inside.add(name);
        }
        walk(query, inside, depth + 1);
        seen.add(name);
      }
      return seen;
    }
  }

  private static long constant(Map<String, Object> function, int position) {
    var arguments = list(function.get("arguments"));
    var argument =
        arguments.size() > position
            ? map(map(arguments.get(position)).get("expression"))
            : Map.<String, Object>of();
    var literal = map(argument.get("literal"));
    return "INTEGER".equals(literal.get("kind"))
        ? Long.parseLong(String.valueOf(literal.get("text")))
        : Long.MAX_VALUE;
  }

  private static String name(Map<String, Object> function) {
    return String.join(".", path(function)).toLowerCase(Locale.ROOT);
  }

  private static List<String> path(Map<String, Object> node) {
    return list(map(node.get("qualified_name")).get("path")).stream().map(String::valueOf).toList();
  }

  private static Failure refused(String reason) {
    return new Failure(ErrorCode.SQL_REFUSED, "Cannot run the SQL: " + reason);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object node) {
    return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static List<?> list(Object node) {
    return node instanceof List<?> list ? list : List.of();
  }
}
