package dev.lode.tools;

import static dev.lode.tools.Answer.fields;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Lineage;
import dev.lode.codecs.Tools;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Traces. Raw and rejected records may hold what Silver masks: only an admin sees them whole. */
final class LineageTools {
  private static final int IDS_MAX = 100;
  private static final String ADMIN = "admin";
  private static final String LINEAGE_ID = "lineage_id";
  private static final Set<String> RAW = Set.of("bronze", "quarantine");
  private static final Set<String> HARMLESS =
      Set.of(
          LINEAGE_ID,
          "source",
          "entity",
          "batch_id",
          "position",
          "ingest_time",
          "event_time",
          "op",
          "format",
          "rule");

  private final Bus bus;

  LineageTools(Bus bus) {
    this.bus = requireNonNull(bus, "bus is null");
  }

  Future<Answer> trace(Tools.Call call, Arguments arguments) {
    boolean whole = call.role().equals(ADMIN);
    if (!whole && arguments.has("table")) {
      checkHarmless(call, arguments);
    }
    return bus.request(Lineage.TRACE, subject(call.tenantId(), arguments))
        .map(traced -> answer(traced, whole));
  }

  /** Whether a record is there that holds a given value is as good as the value itself. */
  private static void checkHarmless(Tools.Call call, Arguments arguments) {
    String table = arguments.text("table");
    boolean raw = RAW.stream().anyMatch(layer -> table.startsWith(layer + "."));
    if (raw && arguments.has("key")) {
      for (String column : arguments.object("key").keySet()) {
        if (!HARMLESS.contains(column)) {
          throw new Failure(
              ErrorCode.FORBIDDEN,
              "Cannot trace a row of %s by %s: role %s may not read it"
                  .formatted(table, column, call.role()),
              "Trace it by lineage_id, or use a key of role admin.");
        }
      }
    }
  }

  private static Lineage.Trace subject(String tenantId, Arguments arguments) {
    String subject = arguments.only(LINEAGE_ID, "table", "namespace", "view");
    return switch (subject) {
      case LINEAGE_ID ->
          new Lineage.Trace(
              tenantId, "record", null, Map.of(LINEAGE_ID, arguments.text(LINEAGE_ID)));
      case "namespace" ->
          new Lineage.Trace(
              tenantId,
              "vector",
              arguments.text("namespace"),
              Map.of("id", needed(arguments, "vector_id", subject)));
      default -> {
        needed(arguments, "key", subject);
        yield new Lineage.Trace(
            tenantId,
            subject.equals("table") ? "row" : "feature",
            arguments.text(subject),
            arguments.object("key"));
      }
    };
  }

  private static Object needed(Arguments arguments, String name, String subject) {
    if (!arguments.has(name)) {
      throw Failure.invalid("Missing %s (it goes with %s)".formatted(name, subject));
    }
    return arguments.value(name);
  }

  private static Answer answer(Lineage.Traced traced, boolean whole) {
    var nodes = traced.nodes().stream().map(node -> shown(node, whole)).toList();
    var edges =
        traced.edges().stream().map(edge -> fields("from", edge.from(), "to", edge.to())).toList();
    boolean withheld = !whole && traced.nodes().stream().anyMatch(LineageTools::isRaw);
    return Answer.of(fields("nodes", nodes, "edges", edges), snapshots(traced))
        .lineageIds(lineageIds(traced))
        .truncated(traced.truncated())
        .degraded(
            withheld ? List.of("raw bytes are withheld: they are shown to role admin") : List.of());
  }

  private static boolean isRaw(Lineage.Node node) {
    return RAW.contains(node.layer());
  }

  private static Map<String, Object> shown(Lineage.Node node, boolean whole) {
    Map<String, Object> values = new LinkedHashMap<>(node.values());
    if (!whole && isRaw(node)) {
      values.keySet().retainAll(HARMLESS);
    }
    return fields(
        "id", node.id(),
        "layer", node.layer(),
        "dataset", node.dataset(),
        "snapshot_id", node.snapshotId(),
        "values", values);
  }

  private static Map<String, Long> snapshots(Lineage.Traced traced) {
    var snapshots = new LinkedHashMap<String, Long>();
    traced.nodes().stream()
        .filter(node -> node.snapshotId() != 0 && node.dataset().contains("."))
        .forEach(node -> snapshots.put(node.dataset(), node.snapshotId()));
    return snapshots;
  }

  private static List<String> lineageIds(Lineage.Traced traced) {
    return traced.nodes().stream()
        .map(node -> node.values().get(LINEAGE_ID))
        .filter(Objects::nonNull)
        .map(String::valueOf)
        .distinct()
        .limit(IDS_MAX)
        .toList();
  }
}
