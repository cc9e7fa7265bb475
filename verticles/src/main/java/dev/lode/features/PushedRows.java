package dev.lode.features;

import dev.lode.codecs.Failure;
import dev.lode.config.Nearest;
import dev.lode.features.online.EntityKeys;
import dev.lode.features.online.OnlineRow;
import dev.lode.features.online.OnlineStore.Entity;
import dev.lode.features.spec.Feature;
import dev.lode.features.spec.Times;
import dev.lode.features.spec.ValueType;
import dev.lode.features.spec.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rows that came by push, typed; whatever is wrong is refused with row and column, before anything
 * is written.
 *
 * @param rows in the order they came
 */
record PushedRows(View view, String tenantId, List<Row> rows) {
  private static final ValueType TIME = ValueType.parse("TIMESTAMP WITH TIME ZONE");

  /** A row; {@code created} is null where Lode's own time counts. */
  record Row(List<Object> key, Instant time, Instant created, List<Object> values) {}

  static PushedRows of(View view, String tenantId, List<Map<String, Object>> given) {
    var rows = new ArrayList<Row>(given.size());
    for (int i = 0; i < given.size(); i++) {
      rows.add(new Given(view, given.get(i), "row " + (i + 1)).row());
    }
    return new PushedRows(view, tenantId, rows);
  }

  /** A row as it came; {@code place} is for what is wrong with it. */
  private record Given(View view, Map<String, Object> columns, String place) {

    Row row() {
      known();
      List<Object> key = EntityKeys.of(view, columns, place);
      if (key == null) {
        throw refused("it has no " + String.join(", ", view.keyNames()));
      }
      var time = (Instant) typed("event_timestamp", TIME);
      if (time == null) {
        throw refused("it has no event_timestamp");
      }
      var created = (Instant) typed("created", TIME);
      var values = new ArrayList<>();
      for (Feature feature : view.stored()) {
        values.add(typed(feature.name(), feature.type()));
      }
      return new Row(key, time, created, OnlineRow.values(values));
    }

    private void known() {
      var known = new ArrayList<>(view.keyNames());
      known.addAll(List.of("event_timestamp", "created", EntityKeys.GENERIC));
      view.stored().forEach(feature -> known.add(feature.name()));
      for (String column : columns.keySet()) {
        if (!known.contains(column)) {
          throw refused("column " + column + " is not pushed (" + hint(column, known) + ")");
        }
      }
    }

    private String hint(String column, List<String> known) {
      return view.feature(column).isPresent()
          ? "it is computed at each read"
          : Nearest.to(column, known)
              .map(near -> "did you mean " + near + "?")
              .orElse("known: " + String.join(", ", known));
    }

    private Object typed(String column, ValueType type) {
      Object value = columns.get(column);
      try {
        return type.convert(value);
      } catch (IllegalArgumentException e) {
        throw refused("column " + column + ": " + value + " " + e.getMessage());
      }
    }

    private Failure refused(String why) {
      return Failure.invalid("Cannot push to %s: %s: %s".formatted(view.name(), place, why));
    }
  }

  /** As rows of the table, numbered after {@code before}. */
  List<Object[]> tableRows(Position before, long createdMicros) {
    var table = new ArrayList<Object[]>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      var columns = new ArrayList<Object>();
      columns.add(tenantId);
      columns.addAll(row.key());
      columns.add(row.time());
      columns.add(Times.instant(created(row, createdMicros)));
      columns.add(before.sequence() + i + 1);
      columns.add(null);
      columns.add(true);
      columns.add(false);
      columns.add(null);
      columns.addAll(row.values());
      if (view.tellsNewest()) {
        columns.add(null);
      }
      table.add(columns.toArray());
    }
    return table;
  }

  Entity entity(int index) {
    return new Entity(view.name(), tenantId, rows.get(index).key());
  }

  OnlineRow online(int index, Position before, long createdMicros) {
    Row row = rows.get(index);
    return new OnlineRow(
        Times.micros(row.time()),
        created(row, createdMicros),
        before.sequence() + index + 1,
        row.values());
  }

  private static long created(Row row, long createdMicros) {
    return row.created() == null ? createdMicros : Times.micros(row.created());
  }
}
