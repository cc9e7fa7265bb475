package dev.lode.codecs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Immutable JSON values: maps in insertion order, lists, strings, numbers (BigDecimal for money),
 * booleans, null. Times travel as ISO-8601 strings in UTC.
 */
public final class Values {

  private Values() {}

  /** A deep immutable copy that keeps order and nulls. */
  public static Map<String, Object> copy(Map<String, ?> map) {
    var copy = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
    map.forEach((key, value) -> copy.put(key, frozen(value)));
    return Collections.unmodifiableMap(copy);
  }

  /** A deep immutable copy that keeps order and nulls. */
  public static List<Object> copy(List<?> list) {
    var copy = new ArrayList<Object>(list.size());
    list.forEach(value -> copy.add(frozen(value)));
    return Collections.unmodifiableList(copy);
  }

  private static Object frozen(Object value) {
    if (value instanceof Map<?, ?> map) {
      var copy = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
      map.forEach((key, inner) -> copy.put(String.valueOf(key), frozen(inner)));
      return Collections.unmodifiableMap(copy);
    }
    return value instanceof List<?> list ? copy(list) : value;
  }
}
