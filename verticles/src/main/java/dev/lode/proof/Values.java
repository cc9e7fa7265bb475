package dev.lode.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Numbers the values of expressions: what has the same number is the same in every row. A number
 * says what it is computed from, unless it is opaque: then it is the same as itself alone.
 */
final class Values {
  private final Map<Object, Integer> numbers = new HashMap<>();
  private final List<Known> known = new ArrayList<>();

  /** Columns that name a row of a table, by the place where the table is read. */
  private final Map<Integer, List<String>> rowKeys = new HashMap<>();

  private int instances;

  /**
   * @param parts what it is computed from; null where it is opaque, or a column of a table
   * @param instance where its table is read; 0 for none
   */
  private record Known(Object shape, List<Integer> parts, int instance) {}

  /**
   * A place where a table is read; each has columns of its own.
   *
   * @param rowKey columns that name its rows; empty for none
   */
  int instance(List<String> rowKey) {
    instances++;
    rowKeys.put(instances, rowKey);
    return instances;
  }

  int column(int instance, String name) {
    return number(new Known(name, null, instance));
  }

  /** The same function of the same {@code parts} is the same value. */
  int function(Object shape, List<Integer> parts) {
    return number(new Known(shape, List.copyOf(parts), 0));
  }

  /** The same as what has the same {@code shape}, and computed from nothing that is known. */
  int opaque(Object shape) {
    return number(new Known(List.of("opaque", shape), null, 0));
  }

  int fresh() {
    return opaque(known.size());
  }

  private int number(Known value) {
    Integer number = numbers.get(value);
    if (number == null) {
      number = known.size();
      known.add(value);
      numbers.put(value, number);
    }
    return number;
  }

  /** What it is made of, where it is told by its parts and tells all of them: rows and structs. */
  List<Integer> unpacked(int value) {
    Known of = known.get(value);
    var all = new ArrayList<>(List.of(value));
    if (of.parts() != null && String.valueOf(of.shape()).startsWith(PACKS)) {
      of.parts().forEach(part -> all.addAll(unpacked(part)));
    }
    return all;
  }

  /** Begins the shape of a function that loses nothing of its arguments. */
  static final String PACKS = "packs ";

  /** Whether it is, as it is, a column of what is read. */
  boolean isColumnOf(Relation relation, int value) {
    return relation.columns().stream().anyMatch(column -> column.value() == value)
        || (relation.isOpen() && known.get(value).instance() == relation.rest());
  }

  /** Whether rows that agree in all of {@code by} agree in {@code value}. */
  boolean isDetermined(int value, Set<Integer> by) {
    if (by.contains(value)) {
      return true;
    }
    Known of = known.get(value);
    if (of.instance() > 0) {
      return isRowDetermined(of.instance(), by);
    }
    return of.parts() != null && of.parts().stream().allMatch(part -> isDetermined(part, by));
  }

  /** Whether rows that agree in all of {@code by} come from one row of the table. */
  boolean isRowDetermined(int instance, Set<Integer> by) {
    List<String> key = rowKeys.getOrDefault(instance, List.of());
    return !key.isEmpty() && key.stream().allMatch(name -> by.contains(column(instance, name)));
  }
}
