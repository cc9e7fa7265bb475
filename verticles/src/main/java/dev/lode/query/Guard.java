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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Judges a parsed statement, node by node, against lists of what is known to be harmless. Anything
 * it does not know is refused: a new kind of expression in a new engine is closed until opened.
 */
final class Guard {
  private static final int DEPTH_MAX = 500;

  /** What the binder calls for a bare word, where no column has its name. */
  private static final Set<String> WORDS =
      Set.of(
          "current_catalog",
          "current_schema",
          "current_role",
          "current_user",
          "session_user",
          "user");

  private final Allowed allowed;

  Guard(Allowed allowed) {
    this.allowed = requireNonNull(allowed, "allowed is null");
  }

  /**
   * The tables that the statement reads, or SQL_REFUSED. {@code tree} is the engine's own.
   *
   * @param columns the names of a table's, in lower case
   */
  Set<TableName> tables(Map<String, Object> tree, Function<TableName, Set<String>> columns) {
    var judgement = new Judgement();
    judgement.walk(tree, Set.of(), 0);
    judgement.tables.forEach(table -> judgement.words.removeAll(columns.apply(table)));
    judgement.words.removeAll(judgement.aliases);
    if (!judgement.words.isEmpty()) {
      throw refused("function " + judgement.words.first() + " is not allowed");
    }
    return judgement.tables;
  }

  private final class Judgement {
    private final Set<TableName> tables = new TreeSet<>();

    /** Of {@link #WORDS}, those that are not yet known to be columns. */
    private final SortedSet<String> words = new TreeSet<>();

    private final Set<String> aliases = new HashSet<>();

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
      if (map.get("alias") instanceof String alias) {
        aliases.add(alias.toLowerCase(Locale.ROOT));
      }
      list(map.get("column_name_alias"))
          .forEach(alias -> aliases.add(alias.toString().toLowerCase(Locale.ROOT)));
      if (map.get("class") instanceof String kind) {
        if (!allowed.expression(kind)) {
          throw refused("expressions of kind " + kind + " are not allowed");
        }
        expression(kind, map);
      } else if (map.get("type") instanceof String kind) {
        if (!allowed.node(kind)) {
          throw refused(kind + " is not allowed");
        }
        switch (kind) {
          case "BASE_TABLE" -> table(map, names);
          case "TABLE_FUNCTION" -> tableFunction(map(map.get("function")));
          case "SHOW_REF" -> show(map);
          case "PIVOT" -> list(map.get("pivots")).forEach(pivot -> pivot(map(pivot)));
          default -> {}
        }
      }
    }

    private void expression(String kind, Map<String, Object> map) {
      switch (kind) {
        case "FUNCTION", "WINDOW" -> function(map);
        case "COLUMN_REF" -> {
          var path = list(map.get("column_names"));
          String word = path.getFirst().toString().toLowerCase(Locale.ROOT);
          if (path.size() == 1 && WORDS.contains(word)) {
            words.add(word);
          }
        }
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
      Sized.check(name, list(map.get("arguments")))
          .ifPresent(
              why -> {
                throw refused(why);
              });
    }

    /** Describes a query; what has none tells of the engine's catalog. */
    private void show(Map<String, Object> map) {
      if (map(map.get("query")).isEmpty()) {
        throw refused("SHOW takes TABLES or a dataset; write DESCRIBE layer.name");
      }
    }

    private void pivot(Map<String, Object> map) {
      if (!String.valueOf(map.get("pivot_enum")).isEmpty()) {
        throw refused("PIVOT takes IN (values)");
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
            "AT takes a dataset and a moment that needs no row: (VERSION => snapshot id),"
                + " (TIMESTAMP => 'time') or (TIMESTAMP => now() - INTERVAL 1 HOUR)");
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
