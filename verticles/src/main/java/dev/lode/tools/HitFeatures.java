package dev.lode.tools;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.ErrorCode.Kind;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.codecs.Query;
import dev.lode.codecs.Status;
import dev.lode.codecs.Vectors;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The features of the entities that hits are about. */
final class HitFeatures {
  private final Bus bus;
  private final Remembered<Status.Ask, List<View>> views;
  private final Remembered<Query.ListDatasets, List<String>> keys;

  HitFeatures(Bus bus, Remembered.Term term) {
    this.bus = requireNonNull(bus, "bus is null");
    this.views =
        new Remembered<>(term, ask -> bus.request(Status.of("features"), ask).map(View::all));
    this.keys = new Remembered<>(term, ask -> bus.request(Query.LIST, ask).map(HitFeatures::key));
  }

  /** {@code rows}: one map of feature to value per hit, in order; empty where there are none. */
  record Retrieved(
      List<Map<String, Object>> rows, Map<String, Long> snapshots, List<String> degraded) {
    static final Retrieved NONE = new Retrieved(List.of(), Map.of(), List.of());

    static Retrieved missing(String why) {
      return new Retrieved(List.of(), Map.of(), List.of("features are missing: " + why));
    }
  }

  private record View(String name, List<String> keys, List<String> features) {
    static List<View> all(Status.Report report) {
      var views = new ArrayList<View>();
      if (report.values().get("views") instanceof List<?> list) {
        list.forEach(each -> views.add(of((Map<?, ?>) each)));
      }
      return views;
    }

    private static View of(Map<?, ?> view) {
      return new View(
          String.valueOf(view.get("name")), texts(view.get("keys")), texts(view.get("features")));
    }

    private static List<String> texts(Object list) {
      return list instanceof List<?> each ? each.stream().map(String::valueOf).toList() : List.of();
    }

    List<String> featureNames() {
      return features.stream().map(feature -> name + ":" + feature).toList();
    }
  }

  /** {@code asked} features, or those of every view that has its key in the hits. */
  Future<Retrieved> of(String tenantId, Vectors.Found found, List<String> asked) {
    return key(tenantId, found.table())
        .compose(
            key -> {
              var entities = found.hits().stream().map(hit -> entity(hit, key)).toList();
              return names(tenantId, asked, known(entities, key))
                  .compose(names -> read(tenantId, names, entities));
            })
        .recover(HitFeatures::degraded);
  }

  /** The key of the rows found; empty where it cannot be had. */
  private Future<List<String>> key(String tenantId, String table) {
    return keys.of(new Query.ListDatasets(tenantId, "admin", table)).otherwise(List.of());
  }

  private static List<String> key(Query.Datasets datasets) {
    return datasets.datasets().isEmpty() ? List.of() : datasets.datasets().getFirst().key();
  }

  /** Metadata may hold the keys of many entities; the id is the key of the row itself. */
  private static Map<String, Object> entity(Vectors.Hit hit, List<String> key) {
    String id = hit.documentId();
    var entity = new LinkedHashMap<String, Object>();
    entity.put("entity_id", id);
    if (key.size() == 1) {
      entity.put(key.getFirst(), id);
    }
    hit.metadata()
        .forEach(
            (name, value) -> {
              if (!(value instanceof Collection) && !(value instanceof Map)) {
                if (value != null || !entity.containsKey(name)) {
                  entity.put(name, value);
                }
              }
            });
    return entity;
  }

  private static Set<String> known(List<Map<String, Object>> entities, List<String> key) {
    var known = new HashSet<>(key);
    entities.forEach(entity -> known.addAll(entity.keySet()));
    return known;
  }

  private Future<List<String>> names(String tenantId, List<String> asked, Set<String> known) {
    if (!asked.isEmpty()) {
      return Future.succeededFuture(asked);
    }
    return views
        .of(new Status.Ask(tenantId))
        .map(
            all ->
                all.stream()
                    .filter(view -> !view.keys().isEmpty() && known.containsAll(view.keys()))
                    .flatMap(view -> view.featureNames().stream())
                    .toList());
  }

  private Future<Retrieved> read(
      String tenantId, List<String> names, List<Map<String, Object>> entities) {
    if (names.isEmpty()) {
      return Future.succeededFuture(
          Retrieved.missing("no feature view has the key of these rows; name them in features"));
    }
    return bus.request(Features.READ, new Features.Read(tenantId, names, entities))
        .map(
            online ->
                new Retrieved(
                    online.rows().stream()
                        .map(row -> FeatureRows.named(online.features(), row.values()))
                        .toList(),
                    FeatureRows.snapshots(online.snapshots()),
                    List.of()));
  }

  /** Hits without features are still an answer; a wrong name is the caller's to mend. */
  private static Future<Retrieved> degraded(Throwable cause) {
    boolean down =
        cause instanceof Failure failure
            && (failure.code().kind() == Kind.UNAVAILABLE || failure.code().kind() == Kind.BUSY);
    return down
        ? Future.succeededFuture(Retrieved.missing(cause.getMessage()))
        : Future.failedFuture(cause);
  }
}
