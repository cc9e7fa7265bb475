package dev.lode.cli;

import java.util.Locale;

/** Numbers as people read them. */
public final class Amounts {

  private Amounts() {}

  /** {@code 1,234,567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 512 B}, {@code 3.4 MB} (powers of 1024). */
  public static String bytes(long number) {
    double shown = number;
    String unit = "B";
    for (String next : new String[] {"KB", "MB", "GB", "TB"}) {
      if (shown < 1024) {
        break;
      }
      shown /= 1024;
      unit = next;
    }
    return unit.equals("B") ? number + " B" : String.format(Locale.ROOT, "%.1f %s", shown, unit);
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
