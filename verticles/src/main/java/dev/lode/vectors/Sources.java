package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Which tables a namespace reads, and where they stand. Thread-safe. */
public final class Sources {
  private final Lake lake;
  private final Map<VectorSpec, List<TableName>> tables = new ConcurrentHashMap<>();

  public Sources(Lake lake) {
    this.lake = requireNonNull(lake, "lake is null");
  }

  /** In the order of their names; of SQL, found by the engine's parser. */
  public List<TableName> tables(VectorSpec spec) {
    return tables.computeIfAbsent(spec, this::find);
  }

  private List<TableName> find(VectorSpec spec) {
    if (spec.source() != null) {
      return List.of(TableName.of(spec.source()));
    }
    try (Session session = lake.session()) {
      return session.parse(spec.sql()).tables().stream().map(TableName::of).toList();
    }
  }

  /** The current snapshot of each; empty where one of them has none yet. */
  Optional<SortedMap<TableName, Long>> heads(VectorSpec spec) {
    var heads = new TreeMap<TableName, Long>();
    for (TableName table : tables(spec)) {
      Optional<Snapshot> head = lake.exists(table) ? lake.head(table) : Optional.empty();
      if (head.isEmpty()) {
        return Optional.empty();
      }
      heads.put(table, head.get().id());
    }
    return Optional.of(heads);
  }

  /** Whether changes since {@code snapshot} can still be told. */
  boolean remembers(String table, long snapshot) {
    return lake.remembers(TableName.of(table), snapshot);
  }
}
