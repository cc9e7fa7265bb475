package dev.lode.silver.contract;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** What {@code logicalTypeOptions} ask of a value, by the name that the rule gets. */
final class OptionChecks {
  /**
   * Deliberately loose: a format check finds what is no address at all, not what is undeliverable.
   */
  private static final Map<String, String> FORMATS =
      Map.of(
          "email", "^[^@\\s]+@[^@\\s.]+(\\.[^@\\s.]+)+$",
          "uuid", "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
          "uri", "^[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+$",
          "hostname", "^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)*$",
          "ipv4", "^((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.|$)){4}$",
          "ipv6", "^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$");

  /** They describe, and ask nothing that could be checked. */
  private static final Set<String> PLAIN_FORMATS =
      Set.of(
          "password",
          "byte",
          "binary",
          "i8",
          "i16",
          "i32",
          "i64",
          "i128",
          "u8",
          "u16",
          "u32",
          "u64",
          "u128",
          "f32",
          "f64");

  private static final Pattern NOT_RE2 = Pattern.compile("\\(\\?[=!<]|\\\\[1-9]");

  private final Problems problems;

  OptionChecks(Problems problems) {
    this.problems = problems;
  }

  Map<String, Check> of(Odcs.Column column, ColumnType type) {
    var checks = new LinkedHashMap<String, Check>();
    var options = column.logicalTypeOptions();
    if (options != null) {
      String place = "schema." + column.name() + ".logicalTypeOptions";
      applying(options, type, place);
      format(options, type, place, checks);
      if (options.pattern() != null) {
        checks.put("pattern", new Check.NotMatching(pattern(options.pattern(), place)));
      }
      range(options, type, place, checks);
    }
    length(column, options, checks);
    return checks;
  }

  private record Option(String name, Object value, boolean applies) {}

  private void applying(Odcs.Options options, ColumnType type, String place) {
    boolean text = type.kind() == ColumnType.Kind.TEXT;
    boolean timely = type.kind().timely();
    boolean ordered = timely || type.kind().numeric();
    Stream.of(
            new Option("pattern", options.pattern(), text),
            new Option("minLength", options.minLength(), text),
            new Option("maxLength", options.maxLength(), text),
            new Option("timezone", options.timezone(), timely),
            new Option("defaultTimezone", options.defaultTimezone(), timely),
            new Option("multipleOf", options.multipleOf(), type.kind().numeric()),
            new Option("minimum", options.minimum(), ordered),
            new Option("maximum", options.maximum(), ordered),
            new Option("exclusiveMinimum", options.exclusiveMinimum(), ordered),
            new Option("exclusiveMaximum", options.exclusiveMaximum(), ordered))
        .filter(option -> option.value() != null && !option.applies())
        .forEach(
            option -> problems.add(place + "." + option.name(), "does not apply to " + type.sql()));
  }

  private void format(
      Odcs.Options options, ColumnType type, String place, Map<String, Check> checks) {
    String format = options.format();
    if (format == null || PLAIN_FORMATS.contains(format)) {
      return;
    }
    if (type.kind().timely()) {
      TimeFormat.problem(format).ifPresent(what -> problems.add(place + ".format", what));
    } else if (FORMATS.containsKey(format)) {
      checks.put("format", new Check.NotMatching(FORMATS.get(format)));
    } else {
      problems.unknown(place, "format", format, FORMATS.keySet());
    }
  }

  /**
   * The engine's expressions run in linear time; what they lack is refused here, not at run time.
   */
  String pattern(String pattern, String place) {
    try {
      Pattern.compile(pattern);
      if (NOT_RE2.matcher(pattern).find()) {
        problems.add(place + ".pattern", "cannot look around or back: " + pattern);
      }
    } catch (PatternSyntaxException e) {
      problems.add(place + ".pattern", "is no regular expression: " + e.getDescription());
    }
    return pattern;
  }

  private static void length(Odcs.Column column, Odcs.Options options, Map<String, Check> checks) {
    Integer minimum = options == null ? null : options.minLength();
    Integer maximum = options == null ? null : options.maxLength();
    if (maximum == null && column.physicalType() != null) {
      maximum = ColumnType.length(column.physicalType()).orElse(null);
    }
    if (minimum != null || maximum != null) {
      checks.put("length", new Check.LengthOutside(minimum, maximum));
    }
  }

  private void range(
      Odcs.Options options, ColumnType type, String place, Map<String, Check> checks) {
    var range =
        new Check.RangeOutside(
            bound(options.minimum(), type, place + ".minimum"),
            bound(options.maximum(), type, place + ".maximum"),
            bound(options.exclusiveMinimum(), type, place + ".exclusiveMinimum"),
            bound(options.exclusiveMaximum(), type, place + ".exclusiveMaximum"));
    if (!range.equals(new Check.RangeOutside(null, null, null, null))) {
      checks.put("range", range);
    }
    if (options.multipleOf() != null) {
      String factor = bound(options.multipleOf(), type, place + ".multipleOf");
      var number = new BigDecimal(factor);
      if (number.signum() <= 0) {
        problems.add(place + ".multipleOf", "must be greater than 0, not " + factor);
      }
      checks.put("multiple", new Check.NotMultipleOf(number));
    }
  }

  private String bound(Object value, ColumnType type, String place) {
    if (value == null) {
      return null;
    }
    String text = String.valueOf(value);
    try {
      return type.kind().timely() ? time(text) : new BigDecimal(text).toPlainString();
    } catch (NumberFormatException | DateTimeException e) {
      problems.add(place, "must be %s, not %s".formatted(type.sql(), text));
      return "0";
    }
  }

  /** A day, alone or with more behind it. */
  private static String time(String text) {
    var _ = LocalDate.parse(text.substring(0, Math.min(text.length(), "2010-12-01".length())));
    return text;
  }
}
