package dev.lode.fold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lode.tables.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/** The engine's serialised syntax trees, as JSON values. */
public final class Nodes {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Nodes() {}

  @SuppressWarnings("unchecked")
  public static Map<String, Object> map(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  public static List<Map<String, Object>> maps(Object value) {
    return list(value).stream().map(Nodes::map).toList();
  }

  public static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  public static String text(Map<String, Object> node, String key) {
    return node.get(key) instanceof String text ? text : "";
  }

  public static boolean is(Map<String, Object> node, String type) {
    return type.equals(node.get("type"));
  }

  /** The SELECT of a parsed statement. */
  public static Map<String, Object> select(Session session, String sql) {
    return map(session.parse(sql).tree().get("node"));
  }

  /** The parts of a name, as written: {@code [silver, invoice_line]}. */
  public static List<String> path(Map<String, Object> node) {
    return list(map(node.get("qualified_name")).get("path")).stream().map(String::valueOf).toList();
  }

  /** Every object of the tree, those above before those below. */
  public static void walk(Object node, Consumer<Map<String, Object>> visitor) {
    if (node instanceof List<?> list) {
      list.forEach(inner -> walk(inner, visitor));
    } else if (node instanceof Map<?, ?>) {
      Map<String, Object> map = map(node);
      visitor.accept(map);
      map.values().forEach(inner -> walk(inner, visitor));
    }
  }

  /** A copy in which objects are replaced, those above first; what replaces is not looked into. */
  static Object replace(Object node, Function<Map<String, Object>, Optional<Object>> by) {
    if (node instanceof List<?> list) {
      return list.stream().map(inner -> replace(inner, by)).toList();
    }
    if (node instanceof Map<?, ?>) {
      Map<String, Object> map = map(node);
      return by.apply(map).orElseGet(() -> with(map, value -> replace(value, by)));
    }
    return node;
  }

  private static Map<String, Object> with(
      Map<String, Object> map, Function<Object, Object> mapping) {
    var copy = new LinkedHashMap<String, Object>();
    map.forEach((key, value) -> copy.put(key, mapping.apply(value)));
    return copy;
  }

  static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
    var copy = new LinkedHashMap<>(map);
    copy.put(key, value);
    return copy;
  }

  /** Equal for expressions that differ in place and name alone. */
  public static Object plain(Object node) {
    if (node instanceof List<?> list) {
      return list.stream().map(Nodes::plain).toList();
    }
    if (node instanceof Map<?, ?>) {
      var plain = new TreeMap<String, Object>();
      map(node)
          .forEach(
              (key, value) -> {
                if (!key.equals("alias") && !key.startsWith("query_location")) {
                  plain.put(key, plain(value));
                }
              });
      return plain;
    }
    return node;
  }

  /**
   * The SQL of a SELECT node.
   *
   * @throws Unfoldable where the engine writes something else than it would read
   */
  static String sql(Session session, Map<String, Object> select) {
    var statement = Map.of("node", select, "named_param_map", List.of());
    try {
      String json =
          JSON.writeValueAsString(Map.of("error", false, "statements", List.of(statement)));
      var rows = session.query("SELECT json_deserialize_sql(CAST(? AS JSON))", 1, json);
      String sql = (String) rows.single();
      if (!plain(select(session, sql)).equals(plain(select))) {
        throw new Unfoldable("the engine cannot write it as " + sql);
      }
      return sql;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A syntax tree is not JSON", e);
    }
  }

  /** The SQL of an expression, without its name. */
  public static String expression(Session session, Map<String, Object> node) {
    String select = "SELECT ";
    var only = with(select(session, "SELECT 1"), "select_list", List.of(with(node, "alias", "")));
    return sql(session, only).substring(select.length());
  }
}
