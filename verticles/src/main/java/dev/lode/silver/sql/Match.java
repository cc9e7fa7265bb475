package dev.lode.silver.sql;

import dev.lode.codecs.ColumnNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which name of a shape each source is found under: the exact one, else one that means it. */
final class Match {
  private static final char IN = '\u001f';

  private final List<Integer> positions = new ArrayList<>();
  private String twice;
  private String either;

  /**
   * @param entries names of the shape, each behind the number of its object; null for none
   * @param asked for each source the entries that may hold it, the best first
   * @param known all entries that sources ask for
   * @param collisions folded entries that stand for two known ones
   */
  Match(List<String> entries, List<List<String>> asked, Set<String> known, Set<String> collisions) {
    Map<String, Integer> exactly = new HashMap<>();
    Map<String, Integer> loosely = new HashMap<>();
    Set<String> several = new HashSet<>(collisions);
    for (int i = 0; i < entries.size(); i++) {
      String entry = entries.get(i);
      if (entry == null) {
        continue;
      }
      if (exactly.putIfAbsent(entry, i) != null && twice == null) {
        twice = entry;
      }
      if (!known.contains(entry)) {
        String folded = folded(entry);
        if (loosely.putIfAbsent(folded, i) != null) {
          several.add(folded);
        }
      }
    }
    for (List<String> names : asked) {
      Integer position = first(names, exactly);
      if (position == null) {
        var likely = names.stream().map(Match::folded).toList();
        position = first(likely, loosely);
        if (position != null) {
          String entry = entries.get(position);
          either = either == null && several.contains(folded(entry)) ? entry : either;
        }
      }
      positions.add(position);
    }
  }

  private static Integer first(List<String> names, Map<String, Integer> among) {
    return names.stream().map(among::get).filter(at -> at != null).findFirst().orElse(null);
  }

  private static String folded(String entry) {
    int end = entry.indexOf(IN) + 1;
    return entry.substring(0, end) + ColumnNames.folded(entry.substring(end));
  }

  /** Where each source is, from 0; null for nowhere. */
  List<Integer> positions() {
    return positions;
  }

  /** An entry that is there twice, or null. */
  String twice() {
    return twice;
  }

  /** An entry that could be either of two, or null. */
  String either() {
    return either;
  }
}
