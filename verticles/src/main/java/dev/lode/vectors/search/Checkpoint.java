package dev.lode.vectors.search;

import java.util.Map;

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
}
