package dev.lode.silver.contract;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Formats of times, written as the standard has it in the letters of JDK's DateTimeFormatter, in
 * the letters of the engine. Also {@code epoch_s}, {@code epoch_ms}, {@code epoch_us} and {@code
 * epoch_ns}, counts since 1970, and {@code epoch}, whose unit shows in its size.
 */
public final class TimeFormat {
  private static final List<String> EPOCHS =
      List.of("epoch", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns");
  private static final Pattern TOKEN =
      Pattern.compile("'([^']*)'|([A-Za-z])\\2*|[^A-Za-z']", Pattern.DOTALL);
  private static final Map<String, String> LETTERS =
      Map.ofEntries(
          Map.entry("yyyy", "%Y"),
          Map.entry("uuuu", "%Y"),
          Map.entry("yy", "%y"),
          Map.entry("MM", "%m"),
          Map.entry("M", "%-m"),
          Map.entry("MMM", "%b"),
          Map.entry("dd", "%d"),
          Map.entry("d", "%-d"),
          Map.entry("HH", "%H"),
          Map.entry("H", "%-H"),
          Map.entry("hh", "%I"),
          Map.entry("h", "%-I"),
          Map.entry("mm", "%M"),
          Map.entry("ss", "%S"),
          Map.entry("SSS", "%g"),
          Map.entry("SSSSSS", "%f"),
          Map.entry("a", "%p"),
          Map.entry("X".repeat(3), "%z"),
          Map.entry("XX", "%z"),
          Map.entry("X", "%z"));

  private TimeFormat() {}

  public static boolean epoch(String format) {
    return EPOCHS.contains(format);
  }

  /** Why {@code format} cannot be used; empty where it can. */
  static Optional<String> problem(String format) {
    if (epoch(format)) {
      return Optional.empty();
    }
    var tokens = TOKEN.matcher(format);
    while (tokens.find()) {
      if (tokens.group(2) != null && !LETTERS.containsKey(tokens.group())) {
        return Optional.of("cannot read %s in %s".formatted(tokens.group(), format));
      }
    }
    return Optional.empty();
  }

  /** As the engine's {@code strptime} wants it. */
  public static String strptime(String format) {
    var result = new StringBuilder();
    var tokens = TOKEN.matcher(format);
    while (tokens.find()) {
      if (tokens.group(1) != null) {
        result.append(tokens.group(1).replace("%", "%%"));
      } else if (tokens.group(2) != null) {
        result.append(LETTERS.get(tokens.group()));
      } else {
        result.append(tokens.group().replace("%", "%%"));
      }
    }
    return result.toString();
  }

  /** Whether a text of this format has a year of two digits. */
  public static boolean shortYear(String format) {
    return !epoch(format) && strptime(format).contains("%y");
  }

  /** Whether a text of this format tells its own zone. */
  public static boolean zoned(String format) {
    return strptime(format).contains("%z");
  }
}
