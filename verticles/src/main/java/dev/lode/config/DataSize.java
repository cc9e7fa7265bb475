package dev.lode.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Locale;
import java.util.regex.Pattern;

/** A number of bytes, written with its unit: {@code 64MB} (powers of 1024; B, KB, MB, GB, TB). */
public record DataSize(long bytes) {
  private static final Pattern TEXT = Pattern.compile("(\\d+)\\s*([KMGT]?B)");

  /** A number without its unit is refused as one, not as a mapping error. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static DataSize of(Object value) {
    return parse(String.valueOf(value));
  }

  public static DataSize parse(String text) {
    var matcher = TEXT.matcher(text.trim().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("Invalid size: " + text + " (write 512KB, 64MB, 2GB)");
    }
    int power = "BKMGT".indexOf(matcher.group(2).charAt(0));
    return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power)));
  }

  /** As an int, for buffers: at most 2 GB. */
  public int intBytes() {
    return Math.toIntExact(bytes);
  }
}
