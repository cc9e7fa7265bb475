package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls of Feast's feature server. */
final class Feast {
  private final Bus bus;

  Feast(Bus bus) {
    this.bus = requireNonNull(bus, "bus is null");
  }

  Future<Map<String, Object>> onlineFeatures(Exchange exchange) {
    var body = exchange.body();
    Map<String, List<Object>> columns = columns(body.get("entities"), "entities");
    var read = new Features.Read(exchange.tenant(), names(body), rows(columns));
    boolean full = Boolean.TRUE.equals(body.get("full_feature_names"));
    return bus.request(Features.READ, read).map(online -> answer(online, columns, full));
  }

  Future<Features.Pushed> push(Exchange exchange) {
    return write(exchange, (String) exchange.body().get("push_source_name"));
  }

  /** What Feast's remote online store calls a push. */
  Future<Features.Pushed> write(Exchange exchange) {
    return write(exchange, (String) exchange.body().get("feature_view_name"));
  }

  private Future<Features.Pushed> write(Exchange exchange, String view) {
    var columns = columns(exchange.body().get("df"), "df");
    return bus.request(Features.PUSH, new Features.Push(exchange.tenant(), view, rows(columns)));
  }

  private static List<String> names(Map<String, Object> body) {
    Object service = body.get("feature_service");
    var features = body.get("features") instanceof List<?> list ? list : List.of();
    if ((service == null) == features.isEmpty()) {
      throw Failure.invalid("Cannot read features: give exactly one of feature_service, features");
    }
    return service != null
        ? List.of((String) service)
        : features.stream().map(String::valueOf).toList();
  }

  /** All columns must be equally long. */
  private static Map<String, List<Object>> columns(Object given, String name) {
    var columns = new LinkedHashMap<String, List<Object>>();
    ((Map<?, ?>) given)
        .forEach(
            (key, values) ->
                columns.put(
                    String.valueOf(key),
                    Collections.unmodifiableList(new ArrayList<>((List<?>) values))));
    if (columns.values().stream().mapToInt(List::size).distinct().count() > 1) {
      throw Failure.invalid("Invalid " + name + ": its columns are not equally long");
    }
    return columns;
  }

  private static List<Map<String, Object>> rows(Map<String, List<Object>> columns) {
    int count = columns.values().iterator().next().size();
    var rows = new ArrayList<Map<String, Object>>(count);
    for (int i = 0; i < count; i++) {
      var row = new LinkedHashMap<String, Object>();
      int at = i;
      columns.forEach((name, values) -> row.put(name, values.get(at)));
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, Object> answer(
      Features.Online online, Map<String, List<Object>> entities, boolean full) {
    var names = new ArrayList<String>(entities.keySet());
    var results = new ArrayList<Map<String, Object>>();
    entities.values().forEach(values -> results.add(key(values)));
    for (int i = 0; i < online.features().size(); i++) {
      String name = online.features().get(i);
      names.add(full ? name.replace(":", "__") : name.substring(name.indexOf(':') + 1));
      results.add(column(online, i));
    }
    return Map.of("metadata", Map.of("feature_names", names), "results", results);
  }

  private static Map<String, Object> key(List<Object> values) {
    return Map.of(
        "values", values,
        "statuses", Collections.nCopies(values.size(), "PRESENT"),
        "event_timestamps", Collections.nCopies(values.size(), Instant.EPOCH));
  }

  private static Map<String, Object> column(Features.Online online, int feature) {
    var values = new ArrayList<Object>();
    var statuses = new ArrayList<String>();
    var times = new ArrayList<Instant>();
    for (Features.Row row : online.rows()) {
      values.add(row.values().get(feature));
      statuses.add(row.statuses().get(feature));
      Instant at = row.eventTimestamps().get(feature);
      times.add(at == null ? Instant.EPOCH : at);
    }
    return Map.of("values", values, "statuses", statuses, "event_timestamps", times);
  }
}
