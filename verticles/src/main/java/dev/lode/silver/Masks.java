package dev.lode.silver;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Masking;
import dev.lode.silver.contract.Property;
import dev.lode.tables.Lake;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the rows of a Silver table are masked, noted in the catalog with its first rows. A column
 * whose mask changed would show old rows, and every snapshot of before, as the old mask left them.
 */
final class Masks {
  private static final String NOTE = "lode.masks.";
  private static final String BETWEEN = ";";
  private static final String IS = "=";

  private Masks() {}

  /** Once there are rows. */
  static void note(Lake lake, Contract contract) {
    String masks =
        contract.properties().stream()
            .map(property -> property.name() + IS + word(property.masking()))
            .collect(Collectors.joining(BETWEEN));
    if (!Optional.of(masks).equals(lake.note(name(contract)))) {
      lake.note(name(contract), masks);
    }
  }

  private static String name(Contract contract) {
    return NOTE + contract.table();
  }

  private static String word(Masking masking) {
    String word = masking.method().name().toLowerCase(Locale.ROOT);
    return masking.method() == Masking.Method.MASK
        ? "%s %d..%d".formatted(word, masking.keepFirst(), masking.keepLast())
        : word;
  }

  /**
   * Why the contract cannot be, each as {@code place: what is wrong, and what to do}.
   *
   * @param notes of the catalog
   */
  static List<String> problems(Contract contract, Function<String, Optional<String>> notes) {
    Map<String, String> known = known(notes.apply(name(contract)).orElse(""));
    var problems = new ArrayList<String>();
    for (Property property : contract.properties()) {
      String mask = word(property.masking());
      Stream.concat(Stream.of(property.name()), property.formerNames().stream())
          .map(known::get)
          .filter(Objects::nonNull)
          .findFirst()
          .filter(before -> !before.equals(mask))
          .ifPresent(before -> problems.add(problem(contract, property, before)));
    }
    return problems;
  }

  private static Map<String, String> known(String masks) {
    var known = new LinkedHashMap<String, String>();
    for (String one : masks.split(BETWEEN, -1)) {
      int is = one.indexOf(IS);
      if (is > 0) {
        known.put(one.substring(0, is), one.substring(is + 1));
      }
    }
    return known;
  }

  private static String problem(Contract contract, Property property, String before) {
    String stays =
        contract.key().contains(property.name())
            ? "it is a key, so no row would find the one that it replaces"
            : "rows of before, their history, and every older snapshot would stay as they are";
    return "schema.%s: %s cannot change: the mask of its column %s is %s, not %s: %s. %s"
        .formatted(
            property.name(),
            contract.table(),
            property.name(),
            before,
            word(property.masking()),
            stays,
            "Give the contract another schema.name (a new table, filled from Bronze), or go back.");
  }
}
