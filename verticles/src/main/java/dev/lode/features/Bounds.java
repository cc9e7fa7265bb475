package dev.lode.features;

import dev.lode.features.spec.Times;
import dev.lode.features.spec.ValueType;
import dev.lode.features.spec.View;
import dev.lode.tables.Slice;
import java.util.List;

/**
 * What a change touches at most, so that no other file need be read.
 *
 * @param low of the first key; null for open
 * @param sinceMicros null for always
 * @param few rows of other keys must not be computed
 */
record Bounds(Object low, Object high, Long sinceMicros, boolean nothing, boolean few) {
  static final Bounds NONE = new Bounds(null, null, null, false, false);

  /** Of the row that {@code Changes.bounds} selects. */
  static Bounds of(List<Object> row) {
    boolean nothing = ((Number) row.get(3)).longValue() == 0;
    return new Bounds(row.get(0), row.get(1), (Long) row.get(2), nothing, false);
  }

  /** The same, where rows of other keys may be what fails. */
  Bounds alone() {
    return new Bounds(low, high, sinceMicros, nothing, low != null);
  }

  /** True of rows whose first key is within. */
  String condition(View.Key key) {
    String name = '"' + key.name().replace("\"", "\"\"") + '"';
    return "%s >= %s AND %s <= %s".formatted(name, literal(low, key), name, literal(high, key));
  }

  private static String literal(Object value, View.Key key) {
    return "CAST('%s' AS %s)".formatted(value.toString().replace("'", "''"), key.type().sql());
  }

  Slice onKey(Slice slice, View view) {
    View.Key key = view.keys().getFirst();
    boolean ordered =
        low != null
            && (key.type().kind() == ValueType.Kind.VARCHAR
                || key.type().kind() == ValueType.Kind.BIGINT);
    return ordered ? slice.where(key.name(), low, high) : slice;
  }

  Slice onTime(Slice slice) {
    boolean bounded = sinceMicros != null && sinceMicros > Times.FIRST_MICROS;
    return bounded ? slice.where("event_timestamp", Times.instant(sinceMicros), null) : slice;
  }
}
