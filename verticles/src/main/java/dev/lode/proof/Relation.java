package dev.lode.proof;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of the rows of a table, a subquery or a join.
 *
 * @param columns in order, as far as they are known
 * @param rest where its other columns are read; 0 where there are no others
 * @param hidden columns that {@code rest} has, and this has not
 * @param local whether it reads a table of which rows are left out in an incremental build
 * @param keys of a local one: by part of the key, the values that are it in every row
 * @param present values that are null in no row
 */
record Relation(
    List<Column> columns,
    int rest,
    Set<String> hidden,
    boolean local,
    List<Set<Integer>> keys,
    Set<Integer> present) {

  record Column(String name, int value) {}

  Relation {
    columns = List.copyOf(columns);
    hidden = Set.copyOf(hidden);
    keys = List.copyOf(keys);
    present = Set.copyOf(present);
  }

  /** What a SELECT names, of the rows of another. */
  static Relation named(List<Column> columns, int rest, Set<String> hidden) {
    return new Relation(columns, rest, hidden, false, List.of(), Set.of());
  }

  /** Of which nothing depends on what is left out. */
  static Relation constant(List<Column> columns, int rest) {
    return named(columns, rest, Set.of());
  }

  boolean isOpen() {
    return rest > 0;
  }

  /** With other names for the first columns. */
  Relation renamed(List<String> names) {
    var renamed = new ArrayList<>(columns);
    for (int i = 0; i < names.size(); i++) {
      renamed.set(i, new Column(Functions.lower(names.get(i)), columns.get(i).value()));
    }
    return new Relation(renamed, rest, hidden, local, keys, present);
  }

  /** With another value in place of a column. */
  Relation replaced(String name, int value) {
    var replaced = new ArrayList<>(columns);
    replaced.replaceAll(column -> column.name().equals(name) ? new Column(name, value) : column);
    var hiding = new HashSet<>(hidden);
    if (replaced.equals(columns) && isOpen() && hiding.add(name)) {
      replaced.add(new Column(name, value));
    }
    return new Relation(replaced, rest, hiding, local, keys, present);
  }

  /** The values that are part of its key {@code i}; none where it has no key. */
  Set<Integer> key(int i) {
    return keys.isEmpty() ? Set.of() : keys.get(i);
  }

  /** Whether rows that agree in {@code by} have one key. */
  boolean isKeyDetermined(Values values, Set<Integer> by) {
    return keys.stream()
        .allMatch(part -> part.stream().anyMatch(value -> values.isDetermined(value, by)));
  }

  /** All that is known to be in a row. */
  Set<Integer> row() {
    var row = new HashSet<Integer>();
    columns.forEach(column -> row.add(column.value()));
    return row;
  }
}
