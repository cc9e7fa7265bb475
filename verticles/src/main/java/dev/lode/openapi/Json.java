package dev.lode.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** Reads trees of JSON values. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** As an object; an empty one where it is not. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> object(Object node) {
    return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** As a list; an empty one where it is not. */
  static List<?> list(Object node) {
    return node instanceof List<?> list ? list : List.of();
  }

  static String text(Object node) {
    return node == null ? "" : node.toString();
  }

  /** As short JSON text, for sentences. */
  static String shown(Object node) {
    return shown(node, 80);
  }

  static String shown(Object node, int charactersMax) {
    try {
      String text = MAPPER.writeValueAsString(node);
      return text.length() <= charactersMax ? text : text.substring(0, charactersMax - 3) + "...";
    } catch (JsonProcessingException e) {
      return String.valueOf(node);
    }
  }
}
