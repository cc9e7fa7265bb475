package dev.lode.query;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The engine has a catalog of its own called {@code system}, so that {@code system.x} is ambiguous
 * to it. Our tables of that layer are bound in another schema, and named so before the SQL runs.
 */
final class SystemTables {
  static final String LAYER = "system";
  static final String SCHEMA = "lode_system";

  private SystemTables() {}

  static String renamed(String sql, Map<String, Object> tree) {
    var places = new TreeSet<Integer>();
    find(tree, places);
    byte[] text = sql.getBytes(StandardCharsets.UTF_8);
    var out = new ByteArrayOutputStream(text.length + 16 * places.size());
    int copied = 0;
    for (int place : places) {
      out.write(text, copied, place - copied);
      out.writeBytes(SCHEMA.getBytes(StandardCharsets.UTF_8));
      copied = place + LAYER.length() + (text[place] == '"' ? 2 : 0);
    }
    out.write(text, copied, text.length - copied);
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Where a table is named, in bytes of UTF-8, as the parser counts. */
  private static void find(Object node, Set<Integer> places) {
    if (node instanceof List<?> list) {
      list.forEach(inner -> find(inner, places));
    } else if (node instanceof Map<?, ?> map) {
      if ("BASE_TABLE".equals(map.get("type"))
          && LAYER.equalsIgnoreCase(String.valueOf(map.get("schema_name")))) {
        places.add(((Number) map.get("query_location")).intValue());
      }
      map.values().forEach(inner -> find(inner, places));
    }
  }
}
