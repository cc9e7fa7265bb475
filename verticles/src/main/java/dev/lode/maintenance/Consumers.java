package dev.lode.maintenance;

import static java.util.Objects.requireNonNull;

import dev.lode.tables.Lake;
import dev.lode.tables.TableName;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Who reads what changes in a table, and how far each has come. */
final class Consumers {
  private final Lake lake;
  private final Predicate<TableName> declared;

  /**
   * @param declared whether a table is still being made: one that is not needs nothing any more
   */
  Consumers(Lake lake, Predicate<TableName> declared) {
    this.lake = requireNonNull(lake, "lake is null");
    this.declared = requireNonNull(declared, "declared is null");
  }

  /** Each consumer of {@code table}, and the snapshot that it has consumed. */
  Map<String, Long> of(TableName table) {
    var consumers = new TreeMap<String, Long>(lake.positions().of(table));
    for (TableName reader : lake.tables()) {
      if (declared.test(reader)) {
        lake.head(reader)
            .map(head -> head.watermark(table))
            .ifPresent(snapshot -> consumers.put(reader.toString(), snapshot));
      }
    }
    return consumers;
  }
}
