package dev.lode.features.spec;

import java.util.List;
import java.util.Map;

/**
 * A file under {@code conf/features} as written; {@link FileCheck} says what is wrong with it. What
 * the file leaves out is empty, or null where it is one value.
 *
 * @param services name to its ordered {@code view:feature} list
 */
record FeatureFile(
    List<EntityEntry> entities, List<ViewEntry> views, Map<String, List<String>> services) {

  FeatureFile {
    entities = orEmpty(entities);
    views = orEmpty(views);
    services = services == null ? Map.of() : services;
  }

  record EntityEntry(String name, String description, List<KeyEntry> keys) {
    EntityEntry {
      keys = orEmpty(keys);
    }
  }

  record KeyEntry(String name, String type) {}

  record ViewEntry(
      String name,
      String description,
      List<String> entities,
      SourceEntry source,
      String timestamp,
      String created,
      String ttl,
      String owner,
      List<String> tags,
      String consentPurpose,
      Boolean online,
      List<FeatureEntry> features) {
    ViewEntry {
      entities = orEmpty(entities);
      tags = orEmpty(tags);
      features = orEmpty(features);
    }
  }

  /** {@code touched}: table to the columns that give the keys, in their order; for {@code sql}. */
  record SourceEntry(String table, String sql, Map<String, List<String>> touched, String keeps) {
    SourceEntry {
      touched = touched == null ? Map.of() : touched;
    }
  }

  record FeatureEntry(
      String name,
      String type,
      String description,
      AggregateEntry aggregate,
      RatioEntry ratio,
      String expression,
      String daysSince) {}

  record AggregateEntry(String function, String of, String window, String hop) {}

  record RatioEntry(String of, String by) {}

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
