package dev.lode.silver.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The words by which change events say what happened, in lower case, each with what it means: c
 * (created), r (read in a snapshot), u (updated), d (deleted) or t (all rows deleted at once).
 */
public record Operations(Map<String, String> words) {
  private static final Map<String, List<String>> USUAL =
      Map.of(
          "c", List.of("create", "i", "insert"),
          "r", List.of("read"),
          "u", List.of("update"),
          "d", List.of("delete"),
          "t", List.of("truncate"));

  /** Debezium's letters, SQL's words and their first letters. */
  public static final Operations NONE_DECLARED = new Operations(Map.of());

  public Operations {
    var all = new LinkedHashMap<String, String>();
    USUAL.forEach(
        (letter, usual) -> {
          all.put(letter, letter);
          usual.forEach(word -> all.put(word, letter));
        });
    words.forEach((word, letter) -> all.put(word.strip().toLowerCase(Locale.ROOT), letter));
    words = Map.copyOf(all);
  }

  static SortedSet<String> letters() {
    return new TreeSet<>(USUAL.keySet());
  }

  /** Those that mean one of {@code letters}, sorted. */
  public List<String> meaning(String... letters) {
    var wanted = List.of(letters);
    return words.entrySet().stream()
        .filter(word -> wanted.contains(word.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
