package dev.lode.tools;

import static dev.lode.tools.Answer.fields;
import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Column;
import dev.lode.codecs.Features;
import dev.lode.codecs.Query;
import dev.lode.codecs.Tools;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Feature values, current and as they were. */
final class FeatureTools {
  /** The tools that read one view alone. */
  static final Map<String, String> VIEWS =
      Map.of(
          "get_customer_features", "customer_features",
          "get_product_features", "product_features");

  private final Bus bus;

  FeatureTools(Bus bus) {
    this.bus = requireNonNull(bus, "bus is null");
  }

  Future<Answer> customers(Tools.Call call, Arguments arguments) {
    String given = arguments.only("customer_id", "customer_ids");
    return ofView(call, arguments, new Asked("customer_features", "customer_id", given));
  }

  Future<Answer> products(Tools.Call call, Arguments arguments) {
    String given = arguments.only("product_id", "product_ids", "stock_code");
    return ofView(call, arguments, new Asked("product_features", "product_id", given));
  }

  Future<Answer> any(Tools.Call call, Arguments arguments) {
    List<Map<String, Object>> entities = arguments.list("entities");
    return read(call, arguments.list("features"), entities)
        .map(online -> answer(online, entities, UnaryOperator.identity()));
  }

  Future<Answer> train(Tools.Call call, Arguments arguments) {
    if (arguments.has("entity_rows")) {
      arguments.only("entity_rows", "entity_sql");
    }
    var train =
        new Features.Train(
            call.tenantId(),
            arguments.list("features"),
            arguments.list("entity_rows"),
            arguments.text("entity_sql"),
            arguments.flag("known_as_of", false),
            arguments.time("end"),
            arguments.text("format", "rows").equals("parquet"));
    return judged(call, train.entitySql())
        .compose(fine -> bus.request(Features.TRAIN, train))
        .map(FeatureTools::answer);
  }

  /** SQL of strangers is judged by the query owner before anyone runs it. */
  private Future<?> judged(Tools.Call call, String sql) {
    return sql == null
        ? Future.succeededFuture()
        : bus.request(Query.RUN, new Query.Run(call.tenantId(), call.role(), sql, 0));
  }

  private static Answer answer(Features.Dataset dataset) {
    var data =
        fields(
            "columns", columns(dataset.columns()),
            "rows", dataset.rows(),
            "row_count", dataset.rowCount(),
            "path", dataset.path());
    return Answer.of(data, FeatureRows.snapshots(dataset.snapshots()));
  }

  static List<Map<String, Object>> columns(List<Column> columns) {
    return columns.stream()
        .map(column -> fields("name", column.name(), "type", column.type()))
        .toList();
  }

  /** {@code given}: the argument that holds one key, or a list of them. */
  private record Asked(String view, String key, String given) {
    List<String> features(List<String> names) {
      return names.isEmpty()
          ? List.of(view)
          : names.stream().map(name -> name.contains(":") ? name : view + ":" + name).toList();
    }

    String bare(String feature) {
      return feature.startsWith(view + ":") ? feature.substring(view.length() + 1) : feature;
    }
  }

  private Future<Answer> ofView(Tools.Call call, Arguments arguments, Asked asked) {
    List<?> ids =
        arguments.value(asked.given()) instanceof List<?> list
            ? list
            : List.of(arguments.value(asked.given()));
    List<Map<String, Object>> entities = new ArrayList<>();
    List<Map<String, Object>> shown = new ArrayList<>();
    for (Object id : ids) {
      entities.add(Map.of("entity_id", id));
      shown.add(Map.of(asked.key(), id));
    }
    return read(call, asked.features(arguments.list("features")), entities)
        .map(online -> answer(online, shown, asked::bare));
  }

  private Future<Features.Online> read(
      Tools.Call call, List<String> features, List<Map<String, Object>> entities) {
    return bus.request(Features.READ, new Features.Read(call.tenantId(), features, entities));
  }

  private static Answer answer(
      Features.Online online, List<Map<String, Object>> entities, UnaryOperator<String> name) {
    var names = online.features().stream().map(name).toList();
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < online.rows().size(); i++) {
      Features.Row row = online.rows().get(i);
      var times = row.eventTimestamps().stream().map(at -> at == null ? null : at + "").toList();
      rows.add(
          fields(
              "entity", entities.get(i),
              "features", FeatureRows.named(names, row.values()),
              "statuses", FeatureRows.named(names, row.statuses()),
              "event_timestamps", FeatureRows.named(names, times)));
    }
    return Answer.of(fields("rows", rows), FeatureRows.snapshots(online.snapshots()))
        .degraded(FeatureRows.invalid(names, online.rows()));
  }
}
