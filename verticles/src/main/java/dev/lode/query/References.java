package dev.lode.query;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.TableName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where a statement names datasets that the engine cannot be asked for by their own names: those of
 * the layer {@code system}, which is the engine's own catalog to it, and those read as they were.
 */
final class References {
  static final String SYSTEM = "system";
  static final String SYSTEM_SCHEMA = "lode_system";
  private static final String PAST_SCHEMA = "lode_past";

  /** By place, in bytes of UTF-8, as the parser counts. */
  private final SortedMap<Integer, Map<?, ?>> nodes = new TreeMap<>();

  private final Set<TableName> readNow = new TreeSet<>();

  private final String sql;

  /** {@code tree} is that of {@code sql}. */
  References(Map<String, Object> tree, String sql) {
    this.sql = sql;
    find(tree);
  }

  private void find(Object node) {
    if (node instanceof List<?> list) {
      list.forEach(this::find);
    } else if (node instanceof Map<?, ?> map) {
      if ("BASE_TABLE".equals(map.get("type")) && !text(map, "schema_name").isEmpty()) {
        note(map);
      }
      map.values().forEach(this::find);
    }
  }

  private void note(Map<?, ?> node) {
    if (!isPast(node)) {
      readNow.add(table(node));
    }
    if (isPast(node) || isSystem(node)) {
      nodes.put(place(node, ""), node);
    }
  }

  private static TableName table(Map<?, ?> node) {
    return new TableName(
        text(node, "schema_name").toLowerCase(Locale.ROOT),
        text(node, "table_name").toLowerCase(Locale.ROOT));
  }

  private static boolean isSystem(Map<?, ?> node) {
    return SYSTEM.equals(text(node, "schema_name").toLowerCase(Locale.ROOT));
  }

  private static boolean isPast(Map<?, ?> node) {
    return node.get("at_clause") != null;
  }

  private static int place(Map<?, ?> node, String suffix) {
    long place = ((Number) node.get("query_location" + suffix)).longValue();
    if (place < 0 || place > Integer.MAX_VALUE) {
      throw new Failure(
          ErrorCode.SQL_REFUSED,
          "Cannot run the SQL: %s has no place in it".formatted(table(node)),
          "Write (SELECT * FROM " + table(node) + ") instead.");
    }
    return (int) place;
  }

  private static String text(Map<?, ?> node, String name) {
    return String.valueOf(node.get(name));
  }

  /** What is read by its own name. */
  Set<TableName> now() {
    return readNow;
  }

  /** Binds what is read as it was. */
  interface Bind {
    void bind(String name, TableName table, Map<?, ?> at, String moment);
  }

  void past(Bind bind) {
    nodes.forEach(
        (place, node) -> {
          if (isPast(node)) {
            var at = (Map<?, ?>) node.get("at_clause");
            bind.bind(past(place), table(node), at, moment(node));
          }
        });
  }

  /** What stands behind the arrow of AT. */
  private String moment(Map<?, ?> node) {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    String named =
        new String(text, place(node, ""), place(node, "_length"), StandardCharsets.UTF_8);
    var tokens = new Tokens(named);
    int at = tokens.find(0, 0, List.of("AT"));
    int arrow = tokens.find(at + 2, 1, List.of("=>"));
    int end = tokens.leaves(arrow, 1);
    if (at < 0 || arrow < 0 || !tokens.has(end)) {
      throw new IllegalStateException("No moment in " + named);
    }
    return named.substring(tokens.all().get(arrow).end(), tokens.all().get(end).start());
  }

  private static String past(int place) {
    return PAST_SCHEMA + ".t" + place;
  }

  /** The statement with the names that are bound. */
  String rewritten() {
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream(text.length + 64 * nodes.size());
    int copied = 0;
    for (var entry : nodes.entrySet()) {
      int place = entry.getKey();
      Map<?, ?> node = entry.getValue();
      out.write(text, copied, place - copied);
      String name = isPast(node) ? past(place) + alias(node) : SYSTEM_SCHEMA;
      out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
      copied =
          isPast(node)
              ? place + place(node, "_length")
              : place + SYSTEM.length() + (text[place] == '"' ? 2 : 0);
    }
    out.write(text, copied, text.length - copied);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What the rest of the statement calls it. */
  private static String alias(Map<?, ?> node) {
    String alias = text(node, "alias");
    var columns = (List<?>) node.get("column_name_alias");
    return " AS "
        + quoted(alias.isEmpty() ? text(node, "table_name") : alias)
        + (columns.isEmpty()
            ? ""
            : columns.stream().map(References::quoted).collect(Collectors.joining(", ", "(", ")")));
  }

  private static String quoted(Object name) {
    return '"' + name.toString().replace("\"", "\"\"") + '"';
  }
}
