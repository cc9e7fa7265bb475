package dev.lode.query;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Functions that make much out of little, by a number: the number must be known, and small.
 * Counting up is open to columns, because calendars are made so; the engine's memory bounds it.
 */
final class Sized {
  static final int TEXT_MAX = 10_000;
  static final int LIST_MAX = 1_000_000;

  /** Function to the place of its length. */
  private static final Map<String, Integer> LENGTHS =
      Map.ofEntries(
          Map.entry("lpad", 1),
          Map.entry("rpad", 1),
          Map.entry("repeat", 1),
          Map.entry("bar", 3),
          Map.entry("bitstring", 1),
          Map.entry("list_resize", 1),
          Map.entry("array_resize", 1),
          Map.entry("to_base", 2));

  private static final Set<String> OPTIONAL = Set.of("bar", "to_base");
  private static final Set<String> FORMATS = Set.of("format", "printf");
  private static final Set<String> SERIES = Set.of("range", "generate_series");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern COMPUTED = Pattern.compile("%[^%a-zA-Z]*\\*|\\{[^{}]*\\{");

  private Sized() {}

  /** Why not. */
  static Optional<String> check(String function, List<?> arguments) {
    Integer place = LENGTHS.get(function);
    if (place != null) {
      boolean isLeftOut = OPTIONAL.contains(function) && arguments.size() <= place;
      return isLeftOut || constant(arguments, place).orElse(Long.MAX_VALUE) <= TEXT_MAX
          ? Optional.empty()
          : Optional.of(
              "%s takes a constant length of at most %d, or least(length, %d)"
                  .formatted(function, TEXT_MAX, TEXT_MAX));
    }
    if (FORMATS.contains(function)) {
      return format(function, arguments);
    }
    return SERIES.contains(function) ? series(function, arguments) : Optional.empty();
  }

  private static Optional<String> format(String function, List<?> arguments) {
    Object literal = literal(arguments, 0, "STRING");
    String text = String.valueOf(literal).replace("{{", "").replace("%%", "");
    boolean isSmall =
        literal != null
            && !COMPUTED.matcher(text).find()
            && NUMBER.matcher(text).results().allMatch(width -> isSmall(width.group()));
    return isSmall
        ? Optional.empty()
        : Optional.of(
            "%s takes a constant format, of widths of at most %d".formatted(function, TEXT_MAX));
  }

  private static boolean isSmall(String digits) {
    return digits.length() < 9 && Integer.parseInt(digits) <= TEXT_MAX;
  }

  private static Optional<String> series(String function, List<?> arguments) {
    OptionalLong from = arguments.size() == 1 ? OptionalLong.of(0) : constant(arguments, 0);
    OptionalLong to = constant(arguments, arguments.size() == 1 ? 0 : 1);
    OptionalLong step = arguments.size() < 3 ? OptionalLong.of(1) : constant(arguments, 2);
    if (from.isEmpty() || to.isEmpty() || step.isEmpty() || step.getAsLong() == 0) {
      return Optional.empty();
    }
    double count = ((double) to.getAsLong() - from.getAsLong()) / step.getAsLong();
    return count <= LIST_MAX
        ? Optional.empty()
        : Optional.of(
            "%s makes a list of at most %d here; write FROM %s(...)"
                .formatted(function, LIST_MAX, function));
  }

  /** What it is at most; empty where that is not known. */
  private static OptionalLong constant(List<?> arguments, int place) {
    return place < arguments.size()
        ? constant(map(map(arguments.get(place)).get("expression")))
        : OptionalLong.empty();
  }

  private static OptionalLong constant(Map<?, ?> expression) {
    if ("CAST".equals(expression.get("class"))) {
      return constant(map(expression.get("child")));
    }
    if ("least".equals(expression.get("function_name"))
        && expression.get("arguments") instanceof List<?> all) {
      return IntStream.range(0, all.size())
          .mapToObj(place -> constant(all, place))
          .filter(OptionalLong::isPresent)
          .mapToLong(OptionalLong::getAsLong)
          .min();
    }
    var literal = map(expression.get("literal"));
    String text = String.valueOf(literal.get("text"));
    return "INTEGER".equals(literal.get("kind")) && text.length() < 19
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private static Object literal(List<?> arguments, int place, String kind) {
    if (place >= arguments.size()) {
      return null;
    }
    var literal = map(map(map(arguments.get(place)).get("expression")).get("literal"));
    return kind.equals(literal.get("kind")) ? literal.get("text") : null;
  }

  private static Map<?, ?> map(Object node) {
    return node instanceof Map<?, ?> map ? map : Map.of();
  }
}
