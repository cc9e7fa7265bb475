package dev.lode.tools;

import static dev.lode.tools.Answer.fields;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Status;
import dev.lode.codecs.Tools;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What there is to search and to read: namespaces and feature views. */
final class CatalogTools {
  private static final List<String> NAMESPACE =
      List.of("description", "tables", "key", "language", "documents");
  private static final List<String> VIEW =
      List.of("name", "description", "keys", "source", "owner", "tags", "ttl_ms");

  private final Remembered<Status.Ask, Status.Report> vectors;
  private final Remembered<Status.Ask, Status.Report> features;

  CatalogTools(Bus bus, Remembered.Term term) {
    requireNonNull(bus, "bus is null");
    this.vectors = new Remembered<>(term, ask -> bus.request(Status.of("vectors"), ask));
    this.features = new Remembered<>(term, ask -> bus.request(Status.of("features"), ask));
  }

  Future<Answer> namespaces(Tools.Call call, Arguments arguments) {
    return vectors
        .of(new Status.Ask(call.tenantId()))
        .map(
            report -> {
              var snapshots = new LinkedHashMap<String, Long>();
              var shown = new ArrayList<Map<String, Object>>();
              for (Map<?, ?> namespace : list(report, "namespaces")) {
                shown.add(namespace(namespace));
                snapshots.putAll(snapshots(namespace));
              }
              return Answer.of(fields("namespaces", shown), snapshots);
            });
  }

  private static Map<String, Object> namespace(Map<?, ?> namespace) {
    var shown = fields("name", namespace.get("namespace"));
    NAMESPACE.forEach(name -> shown.put(name, namespace.get(name)));
    shown.put("filters", namespace.get("fields"));
    return shown;
  }

  private static Map<String, Long> snapshots(Map<?, ?> namespace) {
    var snapshots = new LinkedHashMap<String, Long>();
    ((Map<?, ?>) namespace.get("snapshot_ids"))
        .forEach((table, id) -> snapshots.put((String) table, ((Number) id).longValue()));
    return snapshots;
  }

  /** What is declared: how many rows a view has is of all tenants, and not said. */
  Future<Answer> featureViews(Tools.Call call, Arguments arguments) {
    return features
        .of(new Status.Ask(call.tenantId()))
        .map(
            report -> {
              var views = new ArrayList<Map<String, Object>>();
              list(report, "views").forEach(view -> views.add(view(view)));
              return Answer.of(
                  fields("feature_views", views, "services", report.values().get("services")),
                  Map.of());
            });
  }

  private static Map<String, Object> view(Map<?, ?> view) {
    var shown = fields();
    VIEW.forEach(name -> shown.put(name, view.get(name)));
    shown.put("features", view.get("schema"));
    return shown;
  }

  /** The names of all feature views. */
  Future<Set<String>> viewNames(String tenantId) {
    return features
        .of(new Status.Ask(tenantId))
        .map(
            report -> {
              var names = new HashSet<String>();
              list(report, "views").forEach(view -> names.add((String) view.get("name")));
              return names;
            });
  }

  private static List<Map<?, ?>> list(Status.Report report, String name) {
    var all = new ArrayList<Map<?, ?>>();
    if (report.values().get(name) instanceof List<?> list) {
      list.forEach(each -> all.add((Map<?, ?>) each));
    }
    return all;
  }
}
