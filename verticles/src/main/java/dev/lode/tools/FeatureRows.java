package dev.lode.tools;

import dev.lode.codecs.Features;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes in which features are answered. */
final class FeatureRows {
  private static final String OFFLINE = "platinum.features_";

  private FeatureRows() {}

  static Map<String, Object> named(List<String> names, List<?> values) {
    var named = LinkedHashMap.<String, Object>newLinkedHashMap(names.size());
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), values.get(i));
    }
    return named;
  }

  /** What could not be computed, one sentence per feature. */
  static List<String> invalid(List<String> names, List<Features.Row> rows) {
    var sentences = new ArrayList<String>();
    for (int i = 0; i < names.size(); i++) {
      int feature = i;
      long count = rows.stream().filter(r -> r.statuses().get(feature).equals("INVALID")).count();
      if (count > 0) {
        sentences.add(
            "%s could not be computed of %d of %d entities: they have no value, status INVALID"
                .formatted(names.get(i), count, rows.size()));
      }
    }
    return sentences;
  }

  /** View to snapshot id, as offline table to snapshot id. */
  static Map<String, Long> snapshots(Map<String, Long> views) {
    var tables = new LinkedHashMap<String, Long>();
    views.forEach((view, id) -> tables.put(OFFLINE + view, id));
    return tables;
  }
}
