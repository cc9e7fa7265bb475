package dev.lode.gold;

import dev.lode.tables.Lake;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where a mart and all that it looks at stand, read once at the beginning of a build.
 *
 * @param own null before the first build
 * @param inputs what the SQL reads; a null value where a table was never committed to
 * @param others what only its expectations read
 * @param missing inputs that do not exist yet
 * @param forgotten inputs that can no longer tell what changed since the mart was built
 */
record Heads(
    Snapshot own,
    Map<TableName, Long> inputs,
    Map<TableName, Long> others,
    List<TableName> missing,
    Set<TableName> forgotten) {

  static Heads of(Mart mart, Lake lake) {
    var others = new TreeSet<TableName>();
    for (Expectation expectation : mart.expectations()) {
      if (expectation instanceof Expectation.Relationships related
          && !mart.inputs().contains(related.table())) {
        others.add(related.table());
      }
    }
    var missing = new ArrayList<TableName>();
    var inputs = heads(mart.inputs(), lake, missing);
    var related = heads(others, lake, missing);
    Snapshot own = lake.exists(mart.table()) ? lake.head(mart.table()).orElse(null) : null;
    return new Heads(own, inputs, related, missing, forgotten(own, inputs.keySet(), lake));
  }

  private static Set<TableName> forgotten(Snapshot own, Set<TableName> inputs, Lake lake) {
    var forgotten = new TreeSet<TableName>();
    for (TableName input : inputs) {
      Long consumed = own == null ? null : own.watermark(input);
      if (consumed != null && !lake.remembers(input, consumed)) {
        forgotten.add(input);
      }
    }
    return forgotten;
  }

  Plan plan(Mart mart) {
    return Plan.of(mart, own, inputs, forgotten);
  }

  /** Tenants whose rows are as they were when they could last be made. */
  Set<String> held() {
    String names = own == null ? "" : own.summary().getOrDefault(Plan.HELD, "");
    return names.isEmpty() ? Set.of() : new TreeSet<>(List.of(names.split("\n")));
  }

  private static Map<TableName, Long> heads(
      Iterable<TableName> tables, Lake lake, List<TableName> missing) {
    var heads = new LinkedHashMap<TableName, Long>();
    for (TableName table : tables) {
      if (lake.exists(table)) {
        heads.put(table, lake.head(table).map(Snapshot::id).orElse(null));
      } else {
        missing.add(table);
      }
    }
    return heads;
  }

  /** There is something to build from. */
  boolean ready() {
    return missing.isEmpty() && inputs.values().stream().anyMatch(java.util.Objects::nonNull);
  }

  /** What a build depends on, as text: the same state gives the same outcome. */
  String state(Mart mart) {
    var all = new LinkedHashMap<>(inputs);
    all.putAll(others);
    return all.entrySet().stream()
        .map(entry -> entry.getKey() + "@" + entry.getValue())
        .collect(Collectors.joining(" ", "", " by " + mart.definition()));
  }
}
