package dev.lode.lineage;

import dev.lode.tables.TableName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a dataset is made from a table: {@code key} gives, for each column that names its rows, the
 * SQL expression over a row of {@code source}. An empty key says that it is made from the whole
 * table.
 *
 * @param layer gold, vectors or features
 * @param dataset {@code gold.daily_revenue}, the namespace, the feature view
 * @param table where its rows are; null for vectors, whose only key is {@code id}
 * @param newestBy where a table holds several rows of a key: the columns that order them; else
 *     empty
 */
public record Link(
    String layer,
    String dataset,
    TableName table,
    TableName source,
    Map<String, String> key,
    List<String> newestBy) {

  public Link {
    key = Collections.unmodifiableMap(new LinkedHashMap<>(key));
    newestBy = List.copyOf(newestBy);
  }

  List<String> columns() {
    return table == null ? List.of("id") : List.copyOf(key.keySet());
  }

  List<String> expressions() {
    return List.copyOf(key.values());
  }
}
