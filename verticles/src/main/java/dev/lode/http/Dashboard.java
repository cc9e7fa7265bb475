package dev.lode.http;

import dev.lode.codecs.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One page of numbers out of what every layer reports. */
final class Dashboard {

  /** Layers that tell a tenant of nothing but its own. */
  private static final Set<String> OWN = Set.of("silver", "gold", "vectors", "features", "query");

  private Dashboard() {}

  /**
   * @param every whether who asks may see what is of all tenants together: load, and how much
   */
  static Map<String, Object> of(
      String tenantId, boolean every, Instant now, Map<String, Object> reports) {
    var page = new LinkedHashMap<String, Object>();
    page.put("tenant_id", tenantId);
    page.put("time", now);
    page.put("data_layers", dataLayers(values(reports, "query")));
    page.put("vector_store", vectorStore(values(reports, "vectors")));
    page.put("feature_store", featureStore(values(reports, "features")));
    page.put("troubles", values(reports, "query").getOrDefault("troubles", List.of()));
    page.put("quality", values(reports, "query").getOrDefault("quality", Map.of()));
    page.put("sync_tasks", syncTasks(reports));
    page.put("layers", layers(reports, every));
    return page;
  }

  private static Map<String, Object> dataLayers(Map<String, Object> query) {
    var layers = new LinkedHashMap<String, Object>();
    map(query.get("datasets"))
        .forEach(
            (layer, tables) -> {
              var shown = new LinkedHashMap<String, Object>();
              shown.put("total_records", sum(map(tables).values(), "records"));
              shown.put("tables", tables);
              layers.put(layer, shown);
            });
    return layers;
  }

  private static Map<String, Object> vectorStore(Map<String, Object> vectors) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("total_vectors", sum(list(vectors.get("namespaces")), "vectors"));
    shown.put("namespaces", list(vectors.get("namespaces")));
    return shown;
  }

  private static Map<String, Object> featureStore(Map<String, Object> features) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("feature_groups", list(features.get("views")).size());
    shown.put("views", list(features.get("views")));
    shown.put("services", features.getOrDefault("services", List.of()));
    return shown;
  }

  private static List<Object> syncTasks(Map<String, Object> reports) {
    var tasks = new ArrayList<Object>();
    for (String layer : reports.keySet()) {
      for (Object task : list(values(reports, layer).get("tasks"))) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("layer", layer);
        shown.putAll(map(task));
        tasks.add(shown);
      }
    }
    return tasks;
  }

  /** Less what is shown above. */
  private static Map<String, Object> layers(Map<String, Object> reports, boolean every) {
    var layers = new LinkedHashMap<String, Object>();
    reports.forEach(
        (layer, report) -> {
          var shown = new LinkedHashMap<String, Object>();
          if (report instanceof Status.Report told) {
            shown.put("ready", told.ready());
            if (every || OWN.contains(layer)) {
              shown.putAll(told.values());
            }
            shown
                .keySet()
                .removeAll(
                    List.of("datasets", "namespaces", "views", "tasks", "troubles", "troubled"));
          } else {
            shown.put("ready", false);
            shown.put("error", ((Throwable) report).getMessage());
          }
          layers.put(layer, shown);
        });
    return layers;
  }

  private static long sum(Iterable<?> rows, String field) {
    long sum = 0;
    for (Object row : rows) {
      sum += map(row).get(field) instanceof Number number ? number.longValue() : 0;
    }
    return sum;
  }

  private static Map<String, Object> values(Map<String, Object> reports, String layer) {
    return reports.get(layer) instanceof Status.Report report ? report.values() : Map.of();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object node) {
    return node instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  private static List<?> list(Object node) {
    return node instanceof List<?> list ? list : List.of();
  }
}
