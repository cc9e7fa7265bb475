package dev.lode.vectors.search;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.config.Nearest;
import dev.lode.vectors.search.Filter.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads a filter from JSON: {@code {"country":{"eq":"France"}}}, operators {@code eq, ne, in, range
 * {gte,gt,lte,lt}, exists}, combined by {@code and}, {@code or} (lists) and {@code not}. Several
 * keys in one object must all hold. What it cannot read it names.
 */
public final class FilterReader {
  private static final int DEPTH_MAX = 16;
  private static final int CONDITIONS_MAX = 1000;
  private static final List<String> OPERATORS = List.of("eq", "ne", "in", "range", "exists");
  private static final List<String> BOUNDS = List.of("gte", "gt", "lte", "lt");

  private final Map<String, FieldType> fields;
  private int conditions;

  /**
   * @param fields what can be filtered on
   */
  public FilterReader(Map<String, FieldType> fields) {
    this.fields = new TreeMap<>(requireNonNull(fields, "fields is null"));
  }

  public Filter read(Map<String, Object> json) {
    conditions = 0;
    return object(json, 1);
  }

  private Filter object(Map<?, ?> json, int depth) {
    if (depth > DEPTH_MAX) {
      throw invalid("nested deeper than " + DEPTH_MAX);
    }
    var all = new ArrayList<Filter>();
    json.forEach((key, value) -> all.add(entry((String) key, value, depth)));
    return all.size() == 1 ? all.getFirst() : new Filter.And(all);
  }

  private Filter entry(String key, Object value, int depth) {
    return switch (key) {
      case "and" -> new Filter.And(each(key, value, depth));
      case "or" -> new Filter.Or(each(key, value, depth));
      case "not" -> new Filter.Not(object(objectOf("not", value), depth + 1));
      default -> field(key, value);
    };
  }

  private List<Filter> each(String key, Object value, int depth) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw invalid(key + " must be a list of one or more filters, not " + shown(value));
    }
    return list.stream().map(one -> object(objectOf("each of " + key, one), depth + 1)).toList();
  }

  private static Map<?, ?> objectOf(String what, Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw invalid(what + " must be a filter, {\"field\":{\"eq\":…}}, not " + shown(value));
  }

  private Filter field(String field, Object value) {
    FieldType type = fields.get(field);
    if (type == null) {
      throw invalid("unknown field " + field + nearest(field, fields.keySet()));
    }
    if (!(value instanceof Map<?, ?> operators) || operators.isEmpty()) {
      throw invalid(
          "%s must be an object of operators (%s), not %s"
              .formatted(field, String.join(", ", OPERATORS), shown(value)));
    }
    var all = new ArrayList<Filter>();
    operators.forEach((name, operand) -> all.add(condition(field, (String) name, operand)));
    return all.size() == 1 ? all.getFirst() : new Filter.And(all);
  }

  private Filter condition(String field, String operator, Object operand) {
    return switch (operator) {
      case "eq" -> new Filter.In(field, List.of(typed(field, operator, operand)));
      case "ne" -> new Filter.Not(new Filter.In(field, List.of(typed(field, operator, operand))));
      case "in" -> in(field, operand);
      case "range" -> range(field, operand);
      case "exists" -> exists(field, operand);
      default -> throw invalid("unknown operator " + operator + " of " + field + nearest(operator));
    };
  }

  private Filter in(String field, Object operand) {
    if (!(operand instanceof List<?> list)) {
      throw invalid("in of " + field + " must be a list, not " + shown(operand));
    }
    return new Filter.In(field, list.stream().map(one -> typed(field, "in", one)).toList());
  }

  private static Filter exists(String field, Object operand) {
    if (!(operand instanceof Boolean wanted)) {
      throw invalid("exists of " + field + " must be true or false, not " + shown(operand));
    }
    var exists = new Filter.Exists(field);
    return wanted ? exists : new Filter.Not(exists);
  }

  private Filter range(String field, Object operand) {
    if (!(operand instanceof Map<?, ?> bounds) || bounds.isEmpty()) {
      throw invalid(
          "range of %s must be an object of %s, not %s"
              .formatted(field, String.join(", ", BOUNDS), shown(operand)));
    }
    if (fields.get(field).kind() == FieldType.Kind.BOOLEAN) {
      throw invalid("range of " + field + ": true and false have no order");
    }
    for (Object bound : bounds.keySet()) {
      if (!BOUNDS.contains(bound)) {
        throw invalid(
            "unknown bound %s of %s (known: %s)"
                .formatted(bound, field, String.join(", ", BOUNDS)));
      }
    }
    return new Filter.Range(
        field, bound(field, bounds, "gte", "gt"), bound(field, bounds, "lte", "lt"));
  }

  private Bound bound(String field, Map<?, ?> bounds, String inclusive, String exclusive) {
    if (bounds.containsKey(inclusive) && bounds.containsKey(exclusive)) {
      throw invalid("range of %s has both %s and %s".formatted(field, inclusive, exclusive));
    }
    if (bounds.containsKey(inclusive)) {
      return new Bound(typed(field, inclusive, bounds.get(inclusive)), true);
    }
    return bounds.containsKey(exclusive)
        ? new Bound(typed(field, exclusive, bounds.get(exclusive)), false)
        : null;
  }

  private Object typed(String field, String operator, Object json) {
    if (++conditions > CONDITIONS_MAX) {
      throw invalid("more than " + CONDITIONS_MAX + " values");
    }
    FieldType type = fields.get(field);
    Object value = type.value(json);
    if (value == null) {
      throw invalid(
          "%s of %s (%s) must be %s, not %s"
              .formatted(operator, field, type, type.form(), shown(json)));
    }
    return value;
  }

  private static String nearest(String operator) {
    return Nearest.to(operator, OPERATORS)
        .map(name -> " (did you mean " + name + "? known: ")
        .orElse(" (known: ")
        .concat(String.join(", ", OPERATORS) + ")");
  }

  private static String nearest(String field, java.util.Set<String> known) {
    return Nearest.to(field, known)
        .map(name -> " (did you mean " + name + "?)")
        .orElse(" (known: " + String.join(", ", new TreeSet<>(known)) + ")");
  }

  private static String shown(Object json) {
    return json instanceof String ? "\"" + json + "\"" : String.valueOf(json);
  }

  private static Failure invalid(String reason) {
    return Failure.invalid("Invalid filter: " + reason);
  }
}
