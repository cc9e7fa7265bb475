package dev.lode.openapi;

import dev.lode.config.Nearest;
import io.vertx.json.schema.OutputUnit;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Puts into words why a value does not suit its schema. */
final class Complaint {
  private static final Set<String> FRAMES =
      Set.of("properties", "items", "anyOf", "oneOf", "allOf");

  private Complaint() {}

  /** About the first thing that is wrong. */
  static String about(Map<String, Object> schema, Object value, List<OutputUnit> errors) {
    for (OutputUnit error : errors) {
      List<String> keywords = steps(error.getKeywordLocation());
      if (keywords.isEmpty() || FRAMES.contains(keywords.getLast())) {
        continue;
      }
      List<String> places = steps(error.getInstanceLocation());
      var rule = Json.object(at(schema, keywords.subList(0, keywords.size() - 1)));
      if (!keywords.getLast().equals("additionalProperties")) {
        return sentence(keywords.getLast(), rule, places, at(value, places));
      }
      if (!Json.object(rule.get("properties")).containsKey(places.getLast())) {
        return unknown(rule, places);
      }
    }
    return "Invalid " + Json.shown(value);
  }

  private static String sentence(
      String keyword, Map<String, Object> rule, List<String> places, Object value) {
    if (keyword.equals("required")) {
      var given = Json.object(value);
      String name = missing(rule, given);
      var property = Json.object(Json.object(rule.get("properties")).get(name));
      return "Missing %s (must be %s)".formatted(join(places, name), kind(property));
    }
    String must = keyword.equals("type") || range(rule).isEmpty() ? kind(rule) : range(rule);
    return "Invalid %s: %s (must be %s)".formatted(name(places), Json.shown(value), must);
  }

  private static String missing(Map<String, Object> rule, Map<String, Object> given) {
    return Json.list(rule.get("required")).stream()
        .map(Json::text)
        .filter(name -> !given.containsKey(name))
        .findFirst()
        .orElse("");
  }

  private static String unknown(Map<String, Object> rule, List<String> places) {
    Collection<String> known = Json.object(rule.get("properties")).keySet();
    String nearest =
        Nearest.to(places.getLast(), known).map(name -> "did you mean " + name + "? ").orElse("");
    return "Unknown %s (%sknown: %s)".formatted(name(places), nearest, String.join(", ", known));
  }

  /** Type and range: {@code a string of 1..255 characters}. */
  private static String kind(Map<String, Object> rule) {
    String type =
        switch (rule.get("type")) {
          case List<?> types ->
              types.stream()
                  .map(each -> article(Json.text(each)))
                  .collect(Collectors.joining(" or "));
          case null -> "";
          case Object one -> article(one.toString());
        };
    String range = range(rule);
    String link = range.isEmpty() || type.isEmpty() ? "" : range.contains("..") ? " of " : ", ";
    return type + link + range;
  }

  private static String article(String type) {
    return switch (type) {
      case "null" -> "null";
      case "integer", "array", "object" -> "an " + type;
      default -> "a " + type;
    };
  }

  /** What the rule allows beyond the type: {@code 1..1000}, {@code one of a, b}. */
  private static String range(Map<String, Object> rule) {
    if (rule.get("enum") instanceof List<?> values) {
      return "one of " + values.stream().map(Json::text).collect(Collectors.joining(", "));
    }
    if (rule.get("pattern") instanceof String pattern) {
      return "matching " + pattern;
    }
    if (rule.get("format") instanceof String format) {
      return "in format " + format;
    }
    String range = between(rule, "minimum", "maximum", "");
    range += between(rule, "minLength", "maxLength", " characters");
    range += between(rule, "minItems", "maxItems", " items");
    return range + between(rule, "minProperties", "maxProperties", " properties");
  }

  private static String between(Map<String, Object> rule, String low, String high, String unit) {
    Object least = rule.get(low);
    Object most = rule.get(high);
    if (least == null && most == null) {
      return "";
    }
    if (most == null) {
      return "at least " + least + unit;
    }
    return (least == null ? "at most " : least + "..") + most + unit;
  }

  private static Object at(Object node, List<String> steps) {
    Object found = node;
    for (String step : steps) {
      found =
          found instanceof List<?> list
              ? list.get(Integer.parseInt(step))
              : Json.object(found).get(step);
    }
    return found;
  }

  private static String name(List<String> places) {
    return places.isEmpty() ? "value" : String.join("/", places);
  }

  private static String join(List<String> places, String name) {
    return places.isEmpty() ? name : name(places) + "/" + name;
  }

  private static List<String> steps(String pointer) {
    String path = pointer.substring(pointer.indexOf('#') + 1);
    return Arrays.stream(path.split("/", -1))
        .skip(1)
        .map(step -> URLDecoder.decode(step, StandardCharsets.UTF_8))
        .map(step -> step.replace("~1", "/").replace("~0", "~"))
        .toList();
  }
}
