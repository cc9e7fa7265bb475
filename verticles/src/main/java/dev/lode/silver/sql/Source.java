package dev.lode.silver.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * Where one value is in a record.
 *
 * @param name how generated columns are named after it
 * @param candidates JSON paths to try, in order, each with the CSV header name that it stands for
 */
record Source(String name, SequencedMap<String, String> candidates) {

  /** {@code path} from the record's root, exactly as written. */
  static Source at(String name, String path) {
    return new Source(name, candidates(List.of(), List.of(path)));
  }

  /**
   * A property's value below {@code base} (empty for the root): under its own name in any usual
   * case, or under {@code source} where that is another; else as it was called before.
   */
  static Source of(String name, String base, String source, List<String> formerNames) {
    var names = new ArrayList<>(source.equals(name) ? cases(name) : List.of(source, name));
    formerNames.forEach(former -> names.addAll(cases(former)));
    return new Source(name, candidates(base.isEmpty() ? List.of() : List.of(base), names));
  }

  private static List<String> cases(String name) {
    return List.of(name, camel(name), pascal(name));
  }

  private static SequencedMap<String, String> candidates(List<String> base, List<String> names) {
    var candidates = new LinkedHashMap<String, String>();
    for (String name : names) {
      var path = new ArrayList<>(base);
      path.add(name);
      candidates.putIfAbsent(json(path), folded(name));
    }
    return candidates;
  }

  List<String> paths() {
    return List.copyOf(candidates.keySet());
  }

  /** {@code a.b} becomes {@code $."a"."b"}. */
  private static String json(List<String> path) {
    return path.stream()
        .flatMap(part -> Arrays.stream(part.split("\\.", -1)))
        .map(part -> ".\"" + part + "\"")
        .collect(Collectors.joining("", "$", ""));
  }

  /** As header names are compared. */
  static String folded(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[_\\s-]", "");
  }

  private static String camel(String name) {
    String pascal = pascal(name);
    return pascal.substring(0, 1).toLowerCase(Locale.ROOT) + pascal.substring(1);
  }

  private static String pascal(String name) {
    return Arrays.stream(name.split("_"))
        .filter(part -> !part.isEmpty())
        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
        .collect(Collectors.joining());
  }
}
