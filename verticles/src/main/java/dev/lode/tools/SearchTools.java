package dev.lode.tools;

import static dev.lode.tools.Answer.fields;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Tools;
import dev.lode.codecs.Vectors;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Search, alone and with the features of what was found. */
final class SearchTools {
  private static final int TOP_K = 10;

  private final Bus bus;
  private final Shards shards;
  private final HitFeatures features;

  SearchTools(Bus bus, Shards shards, HitFeatures features) {
    this.bus = requireNonNull(bus, "bus is null");
    this.shards = requireNonNull(shards, "shards is null");
    this.features = requireNonNull(features, "features is null");
  }

  Future<Answer> search(Tools.Call call, Arguments arguments) {
    return find(call, arguments)
        .map(
            found -> {
              var hits = found.hits().stream().map(SearchTools::shown).toList();
              return answer(found, fields("namespace", found.namespace(), "hits", hits));
            });
  }

  Future<Answer> searchAndRetrieve(Tools.Call call, Arguments arguments) {
    return find(call, arguments)
        .compose(
            found -> retrieve(call, arguments, found).map(retrieved -> joined(found, retrieved)));
  }

  private Future<HitFeatures.Retrieved> retrieve(
      Tools.Call call, Arguments arguments, Vectors.Found found) {
    return arguments.flag("include_features", true) && !found.hits().isEmpty()
        ? features.of(call.tenantId(), found, arguments.list("features"))
        : Future.succeededFuture(HitFeatures.Retrieved.NONE);
  }

  private static Answer joined(Vectors.Found found, HitFeatures.Retrieved retrieved) {
    var results = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < found.hits().size(); i++) {
      var result = shown(found.hits().get(i));
      result.put("features", retrieved.rows().isEmpty() ? null : retrieved.rows().get(i));
      results.add(result);
    }
    var answer = answer(found, fields("namespace", found.namespace(), "results", results));
    var snapshots = new LinkedHashMap<>(answer.snapshots());
    snapshots.putAll(retrieved.snapshots());
    var degraded = new ArrayList<>(answer.degraded());
    degraded.addAll(retrieved.degraded());
    return new Answer(answer.data(), snapshots, answer.lineageIds(), false, degraded);
  }

  private Future<Vectors.Found> find(Tools.Call call, Arguments arguments) {
    arguments.only("query", "vector");
    String namespace = arguments.text("namespace");
    var search =
        new Vectors.Search(
            call.tenantId(),
            namespace,
            arguments.text("query"),
            vector(arguments),
            arguments.number("top_k", TOP_K),
            arguments.object("filter"),
            arguments.text("mode", "vector"),
            arguments.text("fusion", "sum"),
            arguments.text("group_by", "document"));
    int owner = shards.owner(namespace + "/" + call.tenantId());
    return bus.request(Vectors.SEARCH.owner(owner), search);
  }

  private static List<Float> vector(Arguments arguments) {
    return arguments.has("vector")
        ? arguments.<Number>list("vector").stream().map(Number::floatValue).toList()
        : null;
  }

  private static Map<String, Object> shown(Vectors.Hit hit) {
    return fields(
        "id", hit.id(),
        "document_id", hit.documentId(),
        "chunk_id", hit.chunkId(),
        "score", hit.score(),
        "text", hit.text(),
        "metadata", hit.metadata(),
        "lineage_id", hit.lineageId());
  }

  private static Answer answer(Vectors.Found found, Map<String, Object> data) {
    var ids = found.hits().stream().map(Vectors.Hit::lineageId).filter(Objects::nonNull).toList();
    return Answer.of(data, Map.of(found.table(), found.snapshotId()))
        .lineageIds(ids)
        .degraded(found.notes());
  }
}
