package dev.lode.tables;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where readers stand that keep their place outside of tables: in an index, with a receiver. Told
 * anew by each after a start; one who is not heard of yet, and finds its place gone, compares with
 * the whole table instead. Thread-safe.
 */
public final class Positions {
  private final Map<String, Map<TableName, Long>> readers = new ConcurrentHashMap<>();

  /** {@code reader} needs what changes after these snapshots. */
  public void put(String reader, Map<TableName, Long> snapshots) {
    readers.put(reader, Map.copyOf(snapshots));
  }

  /** Each reader of {@code table}, and the snapshot that it has consumed. */
  public Map<String, Long> of(TableName table) {
    var found = new TreeMap<String, Long>();
    readers.forEach(
        (reader, snapshots) -> {
          if (snapshots.containsKey(table)) {
            found.put(reader, snapshots.get(table));
          }
        });
    return found;
  }
}
