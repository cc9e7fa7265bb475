package dev.lode.tables;

import java.math.BigInteger;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values of {@link Rows} as the JSON values that cross the bus: times and dates as ISO-8601 text,
 * bytes as base64, whole numbers as Long where they fit, and null for a number that JSON lacks.
 */
public final class JsonValues {

  private JsonValues() {}

  public static List<List<Object>> rows(Rows rows) {
    return rows.rows().stream().map(JsonValues::list).toList();
  }

  public static Object of(Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Boolean flag -> flag;
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case LocalDateTime time -> time.format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
      case BigInteger number ->
          number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
      case Integer number -> number.longValue();
      case Float number -> Float.isFinite(number) ? number : null;
      case Double number -> Double.isFinite(number) ? number : null;
      case Number number -> number;
      case List<?> list -> list(list);
      case Map<?, ?> map -> map(map);
      default -> value.toString();
    };
  }

  private static List<Object> list(List<?> list) {
    var values = new ArrayList<Object>(list.size());
    list.forEach(value -> values.add(of(value)));
    return Collections.unmodifiableList(values);
  }

  private static Map<String, Object> map(Map<?, ?> map) {
    var values = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
    map.forEach((key, value) -> values.put(String.valueOf(key), of(value)));
    return Collections.unmodifiableMap(values);
  }
}
