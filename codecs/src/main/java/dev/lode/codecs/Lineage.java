package dev.lode.codecs;

import java.util.List;
import java.util.Map;

/** Where a row came from, and what was made of it. */
public sealed interface Lineage extends Message {
  Address<Trace, Traced> TRACE = new Address<>("lineage.trace", Trace.class, Traced.class);

  /**
   * Exactly one subject: a lineage id; or a table with a key ({@code silver.x}, {@code gold.x}); or
   * a namespace with a vector id; or a feature view with entity keys.
   *
   * @param kind {@code record}, {@code row}, {@code vector} or {@code feature}
   * @param name the table, namespace or view; null for a record
   * @param key the lineage id as {@code {"lineage_id": ...}}, the vector as {@code {"id": ...}}, or
   *     key columns and their values
   */
  record Trace(String tenantId, String kind, String name, Map<String, Object> key)
      implements Lineage {
    public Trace {
      key = Values.copy(key);
    }
  }

  /** A graph: Bronze nodes carry the raw bytes; edges point downstream. */
  record Traced(String tenantId, List<Node> nodes, List<Edge> edges, boolean truncated)
      implements Lineage {
    public Traced {
      nodes = List.copyOf(nodes);
      edges = List.copyOf(edges);
    }
  }

  /**
   * @param id unique in the graph: {@code silver.invoice_line/<lineage id>}
   * @param layer bronze, silver, quarantine, gold, vectors or features
   * @param values the row as JSON values; for Bronze: payload (text), payload_base64, source,
   *     position, ingest_time…
   */
  record Node(
      String id, String layer, String dataset, long snapshotId, Map<String, Object> values) {
    public Node {
      values = Values.copy(values);
    }
  }

  record Edge(String from, String to) {}
}
