package dev.lode.tools;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a tool found, before it is wrapped.
 *
 * @param data JSON values
 * @param snapshots table to snapshot id that the data shows
 * @param lineageIds of Bronze records behind single rows
 * @param degraded parts that were missing, in words
 */
record Answer(
    Map<String, Object> data,
    Map<String, Long> snapshots,
    List<String> lineageIds,
    boolean truncated,
    List<String> degraded) {

  static Answer of(Map<String, Object> data, Map<String, Long> snapshots) {
    return new Answer(data, snapshots, List.of(), false, List.of());
  }

  Answer lineageIds(List<String> ids) {
    return new Answer(data, snapshots, ids, truncated, degraded);
  }

  Answer truncated(boolean more) {
    return new Answer(data, snapshots, lineageIds, more, degraded);
  }

  Answer degraded(List<String> parts) {
    return new Answer(data, snapshots, lineageIds, truncated, parts);
  }

  /** Names and values in turn, in order; values may be null. */
  static Map<String, Object> fields(Object... pairs) {
    var fields = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put((String) pairs[i], pairs[i + 1]);
    }
    return fields;
  }
}
