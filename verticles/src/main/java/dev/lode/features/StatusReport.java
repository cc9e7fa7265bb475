package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Status;
import dev.lode.features.offline.History;
import dev.lode.features.online.OnlineStore;
import dev.lode.features.online.ViewStates.State;
import dev.lode.features.spec.Feature;
import dev.lode.features.spec.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** What this layer says of itself: the registry of views and services, and how far each view is. */
final class StatusReport {
  private final FeatureStore store;

  StatusReport(FeatureStore store) {
    this.store = requireNonNull(store, "store is null");
  }

  Status.Report report(String tenantId) {
    var views = new ArrayList<Map<String, Object>>();
    var tasks = new ArrayList<Map<String, Object>>();
    boolean ready = true;
    long rows = 0;
    long entities = 0;
    for (View view : store.catalog().views()) {
      State state = store.states().of(view.name());
      OnlineStore.Size size = store.online().size(view.name(), tenantId);
      views.add(view(view, state, size));
      tasks.add(task(view, state));
      ready &= state.ready();
      rows += size.rows();
      entities += size.entities();
    }
    var values = new LinkedHashMap<String, Object>();
    values.put("feature_views", views.size());
    values.put("rows_online", rows);
    values.put("entities_online", entities);
    values.put("views", views);
    values.put("services", store.catalog().services());
    values.put("tasks", tasks);
    return new Status.Report(tenantId, "features", ready, values);
  }

  private Map<String, Object> view(View view, State state, OnlineStore.Size size) {
    var values = new LinkedHashMap<String, Object>();
    values.put("name", view.name());
    values.put("description", view.description());
    values.put("table", History.table(view).toString());
    values.put("source", source(view));
    values.put("keys", view.keyNames());
    values.put("features", view.features().stream().map(Feature::name).toList());
    values.put("schema", view.features().stream().map(StatusReport::feature).toList());
    values.put("owner", view.owner());
    values.put("tags", view.tags());
    values.put("consent_purpose", view.consentPurpose());
    values.put("ttl_ms", view.ttl() == null ? 0 : view.ttl().toMillis());
    values.put("entities_online", size.entities());
    values.put("rows_online", size.rows());
    values.put("ready", state.ready());
    values.put("snapshot_id", state.snapshotId());
    values.put("watermarks", state.watermarks());
    values.put("error", state.error());
    return values;
  }

  private static String source(View view) {
    if (view.source() == null) {
      return "push";
    }
    return view.source().table() == null ? "sql" : view.source().table();
  }

  private static Map<String, Object> feature(Feature feature) {
    return Map.of(
        "name", feature.name(),
        "type", feature.type().sql(),
        "description", feature.description());
  }

  private Map<String, Object> task(View view, State state) {
    String word =
        state.error() != null ? "failed" : state.behindSince() != null ? "behind" : "synced";
    long lag =
        state.behindSince() == null
            ? 0
            : Duration.between(state.behindSince(), store.clock().instant()).toMillis();
    return Map.of(
        "name",
        "features:" + view.name(),
        "state",
        state.ready() ? word : "loading",
        "lag_ms",
        Math.max(0, lag));
  }
}
