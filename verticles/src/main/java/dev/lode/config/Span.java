package dev.lode.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A duration, written with its unit: {@code 20ms}, {@code 5s}, {@code 10m}, {@code 24h}, {@code
 * 30d}.
 */
public record Span(Duration duration) {
  private static final Pattern TEXT = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");

  /** A number without its unit is refused as one, not as a mapping error. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Span of(Object value) {
    return parse(String.valueOf(value));
  }

  public static Span parse(String text) {
    var matcher = TEXT.matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "Invalid duration: " + text + " (write 20ms, 5s, 10m, 24h, 30d)");
    }
    long amount = Long.parseLong(matcher.group(1));
    return new Span(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  public long millis() {
    return duration.toMillis();
  }
}
