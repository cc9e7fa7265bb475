package dev.lode.gold;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Column lists as SQL. */
final class Keys {

  private Keys() {}

  static List<String> withTenant(List<String> key) {
    var all = new ArrayList<String>();
    all.add("tenant_id");
    all.addAll(key);
    return List.copyOf(all);
  }

  /** {@code "a", "b"}. */
  static String list(List<String> columns) {
    return columns.stream().map(Keys::quoted).collect(Collectors.joining(", "));
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** {@code 'a', 'b'}; {@code NULL} for none. */
  static String literals(Collection<String> texts) {
    return texts.isEmpty()
        ? "NULL"
        : texts.stream().map(Keys::literal).sorted().collect(Collectors.joining(", "));
  }
}
