package dev.lode.vectors.search;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What an index shows: it moves together with the documents.
 *
 * @param spec names the specification the documents were made by
 * @param snapshots of the source tables
 * @param fields of the metadata, by name
 */
public record Checkpoint(String spec, Map<String, Long> snapshots, Map<String, FieldType> fields) {
  public static final Checkpoint NONE = new Checkpoint("", Map.of(), Map.of());

  public Checkpoint {
    snapshots = Map.copyOf(snapshots);
    fields = Map.copyOf(fields);
  }

  /** The same, later. */
  public Checkpoint at(String laterSpec, Map<?, Long> later) {
    return new Checkpoint(laterSpec, named(later), fields);
  }

  public boolean isAt(String otherSpec, Map<?, Long> others) {
    return spec.equals(otherSpec) && snapshots.equals(named(others));
  }

  private static Map<String, Long> named(Map<?, Long> tables) {
    return tables.entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().toString(), Map.Entry::getValue));
  }
}
