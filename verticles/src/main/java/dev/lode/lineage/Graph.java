package dev.lode.lineage;

import dev.lode.codecs.Lineage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Nodes and edges as they are found; at most so many nodes, and no edge without its two nodes. */
final class Graph {
  private final int nodesMax;
  private final Map<String, Lineage.Node> nodes = new LinkedHashMap<>();
  private final Set<Lineage.Edge> edges = new LinkedHashSet<>();
  private boolean truncated;

  Graph(int nodesMax) {
    this.nodesMax = nodesMax;
  }

  /** How many nodes still fit. */
  int room() {
    return nodesMax - nodes.size();
  }

  /** There was more than fits. */
  void truncate() {
    truncated = true;
  }

  void add(Lineage.Node node) {
    if (!nodes.containsKey(node.id()) && room() <= 0) {
      truncate();
      return;
    }
    nodes.putIfAbsent(node.id(), node);
  }

  void connect(String from, String to) {
    if (nodes.containsKey(from) && nodes.containsKey(to)) {
      edges.add(new Lineage.Edge(from, to));
    }
  }

  Lineage.Traced traced(String tenantId) {
    return new Lineage.Traced(
        tenantId, new ArrayList<>(nodes.values()), new ArrayList<>(edges), truncated);
  }
}
