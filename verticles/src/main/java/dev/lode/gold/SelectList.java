package dev.lode.gold;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names of a SELECT's columns, as far as its syntax tree alone tells them. */
final class SelectList {

  private SelectList() {}

  /**
   * Empty where a star stands for columns that only the tables know; {@code ""} for an expression
   * without a name.
   */
  static Optional<List<String>> of(Map<String, Object> tree) {
    var names = new ArrayList<String>();
    for (Object item : list(root(tree).get("select_list"))) {
      var expression = map(item);
      if ("STAR".equals(expression.get("type"))) {
        return Optional.empty();
      }
      names.add(name(expression));
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  /** The first SELECT below the statement and its set operations. */
  private static Map<String, Object> root(Map<String, Object> tree) {
    if (tree.get("statements") instanceof List<?> statements && !statements.isEmpty()) {
      return root(map(statements.getFirst()));
    }
    if (tree.get("node") instanceof Map<?, ?> node) {
      return root(map(node));
    }
    if (tree.get("children") instanceof List<?> children && !children.isEmpty()) {
      return root(map(children.getFirst()));
    }
    return tree;
  }

  private static String name(Map<String, Object> expression) {
    if (expression.get("alias") instanceof String alias && !alias.isEmpty()) {
      return alias;
    }
    List<?> path = list(expression.get("column_names"));
    return path.isEmpty() ? "" : String.valueOf(path.getLast());
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> items ? items : List.of();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}
