package dev.lode.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings arguments to their usual form, before they are judged: strict function calling of model
 * providers sends null for what is not given and JSON text for an object without fixed properties;
 * some clients send 10.0 for 10.
 */
final class Usual {

  private Usual() {}

  static Object form(Map<String, Object> schema, Object value) {
    return switch (value) {
      case Map<?, ?> map -> object(schema, map);
      case List<?> list -> {
        var items = Json.object(schema.get("items"));
        yield list.stream().map(item -> form(items, item)).toList();
      }
      case String text when isFree(schema) -> parsed(text);
      case BigDecimal number when wants(schema, "integer") && !wants(schema, "number") ->
          whole(number);
      case null, default -> value;
    };
  }

  /** A parameter's text as the type of {@code schema}; as it is where it cannot be. */
  static Object scalar(Map<String, Object> schema, String text) {
    if (wants(schema, "boolean") && (text.equals("true") || text.equals("false"))) {
      return Boolean.valueOf(text);
    }
    if (wants(schema, "integer") && text.matches("-?\\d{1,18}")) {
      return Long.valueOf(text);
    }
    return text;
  }

  private static Object object(Map<String, Object> schema, Map<?, ?> map) {
    var properties = Json.object(schema.get("properties"));
    if (properties.isEmpty()) {
      return map;
    }
    var usual = new LinkedHashMap<String, Object>();
    map.forEach(
        (name, value) -> {
          var property = Json.object(properties.get(String.valueOf(name)));
          if (value != null || wants(property, "null") || property.isEmpty()) {
            usual.put(String.valueOf(name), form(property, value));
          }
        });
    return usual;
  }

  private static boolean isFree(Map<String, Object> schema) {
    return wants(schema, "object") && !wants(schema, "string") && !schema.containsKey("properties");
  }

  private static boolean wants(Map<String, Object> schema, String type) {
    Object types = schema.get("type");
    return type.equals(types) || (types instanceof List<?> list && list.contains(type));
  }

  private static Object parsed(String text) {
    try {
      Object value = Json.MAPPER.readValue(text, Object.class);
      return value instanceof Map ? value : text;
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  private static Object whole(BigDecimal number) {
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      return number;
    }
  }
}
