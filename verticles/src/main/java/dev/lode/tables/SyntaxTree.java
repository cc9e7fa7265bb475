package dev.lode.tables;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a serialised syntax tree reads and calls. Fails closed: a name counts as the statement's own
 * only where a CTE of that name is certainly in scope.
 */
final class SyntaxTree {
  private final SortedSet<String> tables = new TreeSet<>();
  private final SortedSet<String> functions = new TreeSet<>();

  SyntaxTree(Map<String, Object> tree) {
    walk(tree, Set.of());
  }

  SortedSet<String> tables() {
    return tables;
  }

  SortedSet<String> functions() {
    return functions;
  }

  private void walk(Object value, Set<String> scope) {
    if (value instanceof List<?> list) {
      list.forEach(inner -> walk(inner, scope));
    } else if (value instanceof Map<?, ?> node) {
      note(node, scope);
      Set<String> inner = withCtes(node, scope);
      node.forEach(
          (name, child) -> {
            if (!name.equals("cte_map")) {
              walk(child, recursive(node, name) ? with(inner, node.get("cte_name")) : inner);
            }
          });
    }
  }

  private void note(Map<?, ?> node, Set<String> scope) {
    if ("BASE_TABLE".equals(node.get("type"))) {
      String name = qualified(node);
      if (!scope.contains(lower(name))) {
        tables.add(name);
      }
    } else if (node.containsKey("function_name")) {
      functions.add(lower(qualified(node)));
    }
  }

  /** Each CTE sees those before it; the node's own parts see all of them. */
  private Set<String> withCtes(Map<?, ?> node, Set<String> scope) {
    if (!(node.get("cte_map") instanceof Map<?, ?> ctes)) {
      return scope;
    }
    Set<String> inner = scope;
    for (Object entry : (List<?>) ctes.get("map")) {
      var cte = (Map<?, ?>) entry;
      walk(cte.get("value"), inner);
      inner = with(inner, cte.get("key"));
    }
    return inner;
  }

  private static boolean recursive(Map<?, ?> node, Object child) {
    return "RECURSIVE_CTE_NODE".equals(node.get("type")) && child.equals("right");
  }

  private static Set<String> with(Set<String> scope, Object name) {
    var wider = new HashSet<>(scope);
    wider.add(lower((String) name));
    return wider;
  }

  private static String qualified(Map<?, ?> node) {
    var path = ((Map<?, ?>) node.get("qualified_name")).get("path");
    return String.join(".", ((List<?>) path).stream().map(String::valueOf).toList());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
