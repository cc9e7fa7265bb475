package dev.lode.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A lineage graph, drawn as a tree from what has no upstream downwards. */
public final class Tree {
  private static final int VALUES_SHOWN = 6;

  private final Map<String, JsonNode> nodes = new LinkedHashMap<>();
  private final Map<String, List<String>> below = new LinkedHashMap<>();
  private final Set<String> isBelow = new HashSet<>();
  private final boolean isTruncated;

  /** Reads {@code {"nodes": [...], "edges": [{"from", "to"}], "truncated"}}. */
  public Tree(JsonNode graph) {
    graph.path("nodes").forEach(node -> nodes.put(node.path("id").asText(), node));
    for (JsonNode edge : graph.path("edges")) {
      String to = edge.path("to").asText();
      below.computeIfAbsent(edge.path("from").asText(), from -> new ArrayList<>()).add(to);
      isBelow.add(to);
    }
    this.isTruncated = graph.path("truncated").asBoolean();
  }

  /** Every node once; a second way to one is only named. */
  public List<String> lines(Terminal terminal) {
    var lines = new ArrayList<String>();
    var drawn = new HashSet<String>();
    nodes.keySet().stream()
        .filter(id -> !isBelow.contains(id))
        .forEach(root -> draw(root, new Indent("", ""), new Canvas(terminal, lines, drawn)));
    if (isTruncated) {
      lines.add(terminal.yellow("There is more: the trace was cut."));
    }
    return lines;
  }

  private record Canvas(Terminal terminal, List<String> lines, Set<String> drawn) {}

  /** What stands before a node's first line, and before all below it. */
  private record Indent(String first, String rest) {
    Indent child(boolean isLast) {
      return isLast
          ? new Indent(rest + "└─ ", rest + "   ")
          : new Indent(rest + "├─ ", rest + "│  ");
    }
  }

  private void draw(String id, Indent indent, Canvas canvas) {
    JsonNode node = nodes.get(id);
    if (node == null) {
      return;
    }
    Terminal terminal = canvas.terminal();
    String name = indent.first() + terminal.bold(node.path("dataset").asText());
    if (!canvas.drawn().add(id)) {
      canvas.lines().add(name + terminal.dim("  (above)"));
      return;
    }
    canvas.lines().add(name + terminal.dim("  snapshot " + node.path("snapshot_id").asText()));
    List<String> children = below.getOrDefault(id, List.of());
    String rail = indent.rest() + (children.isEmpty() ? "   " : "│  ");
    int width = Math.max(40, terminal.columns() - rail.length());
    details(node).forEach(line -> canvas.lines().add(rail + Terminal.clipped(line, width)));
    for (int i = 0; i < children.size(); i++) {
      draw(children.get(i), indent.child(i == children.size() - 1), canvas);
    }
  }

  private static List<String> details(JsonNode node) {
    JsonNode values = node.path("values");
    if (!node.path("layer").asText().equals("bronze")) {
      return values.isEmpty() ? List.of() : List.of(shortly(values));
    }
    return List.of(
        values.path("payload").asText(),
        "from "
            + values.path("source").asText()
            + ", record "
            + values.path("position").asText()
            + ", ingested "
            + values.path("ingest_time").asText());
  }

  private static String shortly(JsonNode values) {
    return values.properties().stream()
        .filter(value -> !value.getKey().equals("tenant_id") && !value.getKey().startsWith("_"))
        .limit(VALUES_SHOWN)
        .map(value -> value.getKey() + "=" + value.getValue().asText())
        .collect(Collectors.joining("  "));
  }
}
