package dev.lode.features;

import dev.lode.codecs.Column;
import dev.lode.codecs.Failure;
import dev.lode.features.offline.PointInTime.Kept;
import dev.lode.features.spec.Times;
import dev.lode.features.spec.ValueType;
import dev.lode.features.spec.View;
import dev.lode.tables.Rows;
import io.vertx.core.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows that a training set is made for, as the table {@code given}: number, time and typed keys
 * for the join, and every column as it came.
 *
 * @param columns as they came, in order
 * @param types of the columns, for those that are neither key nor time
 * @param rows values in the order of the columns
 */
record EntityRows(
    Map<String, View.Key> keys,
    List<String> columns,
    Map<String, String> types,
    List<List<Object>> rows) {
  static final String TIME = "event_timestamp";
  private static final int DIGITS_MAX = 38;
  private static final int LONG_DIGITS = 19;
  private static final ValueType TIME_TYPE = ValueType.parse("TIMESTAMP WITH TIME ZONE");

  /** Rows of a request; a column that a row lacks is null there. */
  static EntityRows of(List<View> views, List<Map<String, Object>> given) {
    Set<String> columns = new LinkedHashSet<>();
    given.forEach(row -> columns.addAll(row.keySet()));
    var rows = new ArrayList<List<Object>>(given.size());
    for (Map<String, Object> row : given) {
      var values = new ArrayList<>(columns.size());
      columns.forEach(column -> values.add(row.get(column)));
      rows.add(values);
    }
    return new EntityRows(keys(views), List.copyOf(columns), Map.of(), rows);
  }

  /** Rows of a SELECT, which must give every key. */
  static EntityRows of(List<View> views, Rows selected) {
    var types = new LinkedHashMap<String, String>();
    for (Column column : selected.columns()) {
      if (types.put(column.name(), column.type()) != null) {
        throw Failure.invalid("Cannot train: entity_sql gives " + column.name() + " twice");
      }
    }
    Map<String, View.Key> keys = keys(views);
    var needed = new ArrayList<>(keys.keySet());
    needed.add(TIME);
    for (String column : needed) {
      if (!types.containsKey(column)) {
        throw Failure.invalid(
            "Cannot train: entity_sql gives no column %s (it gives: %s)"
                .formatted(column, String.join(", ", types.keySet())));
      }
    }
    return new EntityRows(keys, List.copyOf(types.keySet()), types, selected.rows());
  }

  private static Map<String, View.Key> keys(List<View> views) {
    var keys = new LinkedHashMap<String, View.Key>();
    views.forEach(view -> view.keys().forEach(key -> keys.put(key.name(), key)));
    return keys;
  }

  /** Columns that only pass through, and how the engine holds them. */
  private Map<String, String> passing() {
    var passing = new LinkedHashMap<String, String>();
    for (String column : columns) {
      if (!column.equals(TIME) && !keys.containsKey(column)) {
        String type = types.get(column);
        passing.put(column, type == null ? inferred(columns.indexOf(column)) : kept(type));
      }
    }
    return passing;
  }

  /** Of JSON values that are all of one kind; else text. */
  private String inferred(int column) {
    var kinds = new LinkedHashSet<String>();
    var numbers = new ArrayList<BigDecimal>();
    for (List<Object> row : rows) {
      switch (row.get(column)) {
        case null -> {}
        case Number number -> {
          kinds.add("number");
          numbers.add(new BigDecimal(number.toString()));
        }
        case Boolean _ -> kinds.add("BOOLEAN");
        default -> kinds.add("VARCHAR");
      }
    }
    if (kinds.equals(Set.of("number"))) {
      return number(numbers);
    }
    return kinds.size() == 1 ? kinds.getFirst() : "VARCHAR";
  }

  /** A type that holds every digit of all. */
  private static String number(List<BigDecimal> numbers) {
    if (numbers.stream().allMatch(each -> each.scale() <= 0 && isLong(each))) {
      return "BIGINT";
    }
    if (numbers.stream().allMatch(EntityRows::isDouble)) {
      return "DOUBLE";
    }
    int scale = numbers.stream().mapToInt(each -> Math.max(each.scale(), 0)).max().orElse(0);
    int whole = numbers.stream().mapToInt(each -> each.precision() - each.scale()).max().orElse(1);
    int digits = Math.max(whole, 1) + scale;
    return digits <= DIGITS_MAX ? "DECIMAL(%d,%d)".formatted(digits, scale) : "VARCHAR";
  }

  private static boolean isLong(BigDecimal number) {
    return number.precision() - number.scale() <= LONG_DIGITS
        && number.toBigInteger().bitLength() < Long.SIZE;
  }

  private static boolean isDouble(BigDecimal number) {
    double nearest = number.doubleValue();
    return Double.isFinite(nearest)
        && new BigDecimal(Double.toString(nearest)).compareTo(number) == 0;
  }

  /** Nested values pass as JSON text. */
  private static String kept(String type) {
    boolean plain = type.matches("[A-Z][A-Z ]*|DECIMAL\\(\\d+,\\s*\\d+\\)");
    return plain ? type : "VARCHAR";
  }

  String ddl() {
    var ddl = new StringBuilder("_row BIGINT, _time TIMESTAMPTZ");
    keys.values().forEach(key -> ddl.append(", \"%s\" %s".formatted(key.name(), key.type().sql())));
    int number = 0;
    for (String type : passing().values()) {
      ddl.append(", _c").append(number++).append(' ').append(type);
    }
    return ddl.toString();
  }

  /** The columns as they came, in order. */
  List<Kept> kept() {
    var passing = List.copyOf(passing().keySet());
    return columns.stream()
        .map(
            column -> {
              String held =
                  column.equals(TIME)
                      ? "_time"
                      : keys.containsKey(column) ? column : "_c" + passing.indexOf(column);
              return new Kept(held, column);
            })
        .toList();
  }

  /** Rows of {@link #ddl}; a key or time that cannot be read is named with its row. */
  Iterable<Object[]> table() {
    var passing = passing();
    var table = new ArrayList<Object[]>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      var values = new ArrayList<>();
      values.add((long) i);
      values.add(time(i));
      for (View.Key key : keys.values()) {
        values.add(key(i, key));
      }
      for (var column : passing.entrySet()) {
        values.add(passed(rows.get(i).get(columns.indexOf(column.getKey())), column.getValue()));
      }
      table.add(values.toArray());
    }
    return table;
  }

  private Instant time(int row) {
    int column = columns.indexOf(TIME);
    Object value = column < 0 ? null : rows.get(row).get(column);
    if (value == null) {
      throw Failure.invalid("Entity row " + (row + 1) + " has no " + TIME);
    }
    return (Instant) typed(value, TIME_TYPE, TIME, row);
  }

  private Object key(int row, View.Key key) {
    int column = columns.indexOf(key.name());
    return column < 0 ? null : typed(rows.get(row).get(column), key.type(), key.name(), row);
  }

  private static Object typed(Object value, ValueType type, String column, int row) {
    try {
      return type.convert(value);
    } catch (IllegalArgumentException e) {
      throw Failure.invalid(
          "Invalid %s in entity row %d: %s %s".formatted(column, row + 1, value, e.getMessage()));
    }
  }

  /** The engine's appender takes a decimal with just as many places as the column has. */
  private static int scale(String decimal) {
    return Integer.parseInt(
        decimal.substring(decimal.indexOf(',') + 1, decimal.indexOf(')')).strip());
  }

  private static Object passed(Object value, String type) {
    return switch (value) {
      case null -> null;
      case Number number when type.equals("BIGINT") -> number.longValue();
      case Number number when type.equals("DOUBLE") -> number.doubleValue();
      case Number number when type.startsWith("DECIMAL") ->
          new BigDecimal(number.toString()).setScale(scale(type), RoundingMode.UNNECESSARY);
      case String text -> text;
      default -> type.equals("VARCHAR") ? Json.encode(value) : value;
    };
  }

  /** For a snapshot: {@code micros} as the join takes it. */
  static long micros(Instant end) {
    return Times.micros(Times.cut(end));
  }
}
