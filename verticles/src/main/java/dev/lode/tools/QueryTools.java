package dev.lode.tools;

import static dev.lode.tools.Answer.fields;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Query;
import dev.lode.codecs.Tools;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** SQL, and what there is to ask. */
final class QueryTools {
  private static final int ROWS = 1000;
  private static final int IDS_MAX = 100;
  private static final String LINEAGE_ID = "lineage_id";

  private final Bus bus;

  QueryTools(Bus bus) {
    this.bus = requireNonNull(bus, "bus is null");
  }

  Future<Answer> run(Tools.Call call, Arguments arguments) {
    int rowsMax = arguments.number("max_rows", ROWS);
    var run =
        new Query.Run(
            call.tenantId(), call.role(), arguments.text("sql"), rowsMax, arguments.time("as_of"));
    return bus.request(Query.RUN, run).map(QueryTools::answer);
  }

  private static Answer answer(Query.Result result) {
    var data = fields("columns", FeatureTools.columns(result.columns()), "rows", result.rows());
    return Answer.of(data, result.snapshots())
        .truncated(result.truncated())
        .lineageIds(lineageIds(result));
  }

  private static List<String> lineageIds(Query.Result result) {
    return IntStream.range(0, result.columns().size())
        .filter(i -> result.columns().get(i).name().equals(LINEAGE_ID))
        .boxed()
        .flatMap(i -> result.rows().stream().map(row -> row.get(i)))
        .filter(Objects::nonNull)
        .map(String::valueOf)
        .distinct()
        .limit(IDS_MAX)
        .toList();
  }

  Future<Answer> list(Tools.Call call, Arguments arguments) {
    String layer = arguments.text("layer");
    return bus.request(Query.LIST, new Query.ListDatasets(call.tenantId(), call.role(), null))
        .map(
            found ->
                found.datasets().stream()
                    .filter(dataset -> layer == null || dataset.layer().equals(layer))
                    .map(QueryTools::shown)
                    .toList())
        .map(datasets -> Answer.of(fields("datasets", datasets), Map.of()));
  }

  Future<Answer> describe(Tools.Call call, Arguments arguments) {
    var ask = new Query.ListDatasets(call.tenantId(), call.role(), arguments.text("name"));
    return bus.request(Query.LIST, ask).map(found -> described(found.datasets().getFirst()));
  }

  private static Answer described(Query.Dataset dataset) {
    var data = shown(dataset);
    data.put(
        "columns",
        dataset.columns().stream()
            .map(
                column ->
                    fields(
                        "name", column.name(),
                        "type", column.type(),
                        "required", column.required(),
                        "description", column.description()))
            .toList());
    data.put("upstream", dataset.upstream());
    return Answer.of(data, Map.of(dataset.name(), dataset.snapshotId()));
  }

  private static Map<String, Object> shown(Query.Dataset dataset) {
    return fields(
        "name", dataset.name(),
        "layer", dataset.layer(),
        "description", dataset.description(),
        "rows", dataset.rows(),
        "snapshot_id", dataset.snapshotId(),
        "committed_at", dataset.committedAt(),
        "key", dataset.key());
  }
}
