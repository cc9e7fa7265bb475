package dev.lode.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The same a few times over, because once says little. */
final class Runs {
  static final int COUNT = 3;

  private Runs() {}

  /** How many a second one run makes. */
  interface Run {
    double rate(int number) throws Exception;
  }

  /** Prints and answers the median of {@value #COUNT} rates. */
  static double median(String what, Run run) throws Exception {
    var rates = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      rates[i] = run.rate(i + 1);
    }
    String all =
        Arrays.stream(rates)
            .mapToObj(rate -> String.format(Locale.ROOT, "%,.0f", rate))
            .collect(Collectors.joining(" "));
    Arrays.sort(rates);
    System.out.printf(Locale.ROOT, "%s: median %,.0f/s (runs %s)%n", what, rates[COUNT / 2], all);
    return rates[COUNT / 2];
  }
}
