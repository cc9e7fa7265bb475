package dev.lode.cli;

import java.util.Locale;

/** Numbers as people read them. */
public final class Amounts {

  private Amounts() {}

  /** {@code 1,234,567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 512 B}, {@code 3.4 KB}, {@code 1.2 GB}: powers of 1024. */
  public static String bytes(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    int power = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    double amount = bytes / Math.pow(1024, power);
    return String.format(Locale.ROOT, "%.1f %cB", amount, "KMGTPE".charAt(power - 1));
  }

  /** {@code 12 ms}, {@code 3.4 s}, {@code 2 min 5 s}, {@code 3 h 2 min}. */
  public static String time(long millis) {
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    long minutes = millis / 60_000;
    return minutes < 60
        ? minutes + " min " + millis % 60_000 / 1000 + " s"
        : minutes / 60 + " h " + minutes % 60 + " min";
  }
}
