package dev.lode.silver.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The {@code customProperties} of one place of a contract: known by name, read by type. */
final class Settings {
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final String place;
  private final Problems problems;

  Settings(List<Odcs.Custom> customs, Set<String> known, String place, Problems problems) {
    this.place = place;
    this.problems = problems;
    for (var custom : customs == null ? List.<Odcs.Custom>of() : customs) {
      if (custom.property() == null || custom.value() == null) {
        problems.add(place, "customProperties need both property and value");
      } else if (!known.contains(custom.property())) {
        problems.unknown(place, "customProperty", custom.property(), known);
      } else if (values.put(custom.property(), custom.value()) != null) {
        problems.add(place, "customProperty " + custom.property() + " is there twice");
      }
    }
  }

  /** A block of settings inside one: {@code {method: mask, keepFirst: 1}}. */
  private Settings(Map<?, ?> block, Set<String> known, String place, Problems problems) {
    this.place = place;
    this.problems = problems;
    block.forEach(
        (key, value) -> {
          if (known.contains(key)) {
            values.put((String) key, value);
          } else {
            problems.unknown(place, "key", String.valueOf(key), known);
          }
        });
  }

  static Settings block(Object value, Set<String> known, String place, Problems problems) {
    if (value instanceof Map<?, ?> block) {
      return new Settings(block, known, place, problems);
    }
    problems.add(place, "must be a block of " + String.join(", ", new java.util.TreeSet<>(known)));
    return new Settings(Map.of(), known, place, problems);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  Object raw(String key) {
    return values.get(key);
  }

  String text(String key, String fallback) {
    Object value = values.getOrDefault(key, fallback);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    problems.add(place + "." + key, "must be text, not " + value);
    return fallback;
  }

  /** False where it is not there. */
  boolean flag(String key) {
    Object value = values.getOrDefault(key, false);
    if (value instanceof Boolean flag) {
      return flag;
    }
    problems.add(place + "." + key, "must be true or false, not " + value);
    return false;
  }

  int number(String key, int fallback) {
    Object value = values.getOrDefault(key, fallback);
    if (value instanceof Integer number && number >= 0) {
      return number;
    }
    problems.add(place + "." + key, "must be a whole number from 0, not " + value);
    return fallback;
  }

  /** One text stands for a list of one. */
  List<String> texts(String key) {
    Object value = values.get(key);
    return switch (value) {
      case null -> List.of();
      case String text -> List.of(text);
      case List<?> list when list.stream().noneMatch(Map.class::isInstance) ->
          list.stream().map(String::valueOf).toList();
      default -> {
        problems.add(place + "." + key, "must be a list of texts, not " + value);
        yield List.of();
      }
    };
  }
}
