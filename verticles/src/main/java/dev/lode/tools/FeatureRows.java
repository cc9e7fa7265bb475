package dev.lode.tools;

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

  /** View to snapshot id, as offline table to snapshot id. */
  static Map<String, Long> snapshots(Map<String, Long> views) {
    var tables = new LinkedHashMap<String, Long>();
    views.forEach((view, id) -> tables.put(OFFLINE + view, id));
    return tables;
  }
}
