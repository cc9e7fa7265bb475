package dev.lode.http;

import dev.lode.codecs.Tools;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The manifest of tools in the form of each model provider. Their strict modes know a part of JSON
 * Schema only: an object without fixed properties is passed as its JSON text, and what they cannot
 * check is said in the description instead.
 */
final class Manifests {
  /** Over all strict tools of one request to Anthropic. */
  private static final int ANTHROPIC_OPTIONAL_MAX = 24;

  private static final Set<String> RANGES =
      Set.of("minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength");

  private Manifests() {}

  static Map<String, Object> of(String format, List<Tools.Tool> tools) {
    return Map.of(
        "tools",
        switch (format) {
          case "openai" -> tools.stream().map(Manifests::openai).toList();
          case "anthropic" -> anthropic(tools);
          default -> tools;
        });
  }

  private static Map<String, Object> openai(Tools.Tool tool) {
    var function = new LinkedHashMap<String, Object>();
    function.put("name", tool.name());
    function.put("description", tool.description());
    function.put("strict", true);
    function.put("parameters", strict(tool.input(), true));
    return Map.of("type", "function", "function", function);
  }

  private static List<Map<String, Object>> anthropic(List<Tools.Tool> tools) {
    var list = new ArrayList<Map<String, Object>>();
    int optional = 0;
    for (Tools.Tool tool : tools) {
      int own =
          map(tool.input().get("properties")).size() - list(tool.input().get("required")).size();
      boolean fits = optional + own <= ANTHROPIC_OPTIONAL_MAX;
      optional += fits ? own : 0;
      var entry = new LinkedHashMap<String, Object>();
      entry.put("name", tool.name());
      entry.put("description", tool.description());
      entry.put("strict", fits);
      entry.put("input_schema", strict(tool.input(), false));
      list.add(entry);
    }
    return list;
  }

  /** {@code nullable}: what is optional is required, and may be null. */
  private static Map<String, Object> strict(Map<String, Object> schema, boolean nullable) {
    var strict = new LinkedHashMap<String, Object>();
    boolean free = "object".equals(schema.get("type")) && !schema.containsKey("properties");
    strict.put("type", free ? "string" : nullable ? schema.get("type") : first(schema.get("type")));
    String description = described(schema, free);
    if (!description.isEmpty()) {
      strict.put("description", description);
    }
    if (schema.containsKey("enum")) {
      strict.put("enum", schema.get("enum"));
    }
    if (schema.containsKey("items")) {
      strict.put("items", strict(map(schema.get("items")), nullable));
    }
    if (schema.containsKey("properties")) {
      properties(schema, strict, nullable);
    }
    return strict;
  }

  private static void properties(
      Map<String, Object> schema, Map<String, Object> strict, boolean nullable) {
    List<?> required = list(schema.get("required"));
    var properties = new LinkedHashMap<String, Object>();
    map(schema.get("properties"))
        .forEach(
            (name, property) -> {
              var inner = strict(map(property), nullable);
              if (nullable && !required.contains(name)) {
                allowNull(inner);
              }
              properties.put(name, inner);
            });
    strict.put("properties", properties);
    strict.put("required", nullable ? List.copyOf(properties.keySet()) : required);
    strict.put("additionalProperties", false);
  }

  private static void allowNull(Map<String, Object> schema) {
    var types = new ArrayList<Object>(list(schema.get("type")));
    if (types.isEmpty()) {
      types.add(schema.get("type"));
    }
    types.add("null");
    schema.put("type", types);
    if (schema.containsKey("enum")) {
      var values = new ArrayList<Object>(list(schema.get("enum")));
      values.add(null);
      schema.put("enum", values);
    }
  }

  private static String described(Map<String, Object> schema, boolean free) {
    var text = new StringBuilder();
    if (schema.get("description") instanceof String description) {
      text.append(description);
    }
    if (free) {
      text.append(" Given as JSON text.");
    }
    schema.forEach(
        (key, value) -> {
          if (RANGES.contains(key) || key.equals("pattern") || key.equals("format")) {
            text.append(" %s: %s.".formatted(key, value));
          }
        });
    if (schema.containsKey("default")) {
      text.append(" Default: %s.".formatted(schema.get("default")));
    }
    return text.toString().strip();
  }

  private static Object first(Object types) {
    return types instanceof List<?> list ? list.getFirst() : types;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object node) {
    return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static List<?> list(Object node) {
    return node instanceof List<?> list ? list : List.of();
  }
}
