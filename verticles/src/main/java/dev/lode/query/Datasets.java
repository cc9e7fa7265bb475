package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Query;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What there is to ask, as one tenant sees it. Blocks. */
final class Datasets {
  private static final int COUNTS_MAX = 10_000;

  private final Lake lake;
  private final Recent<Counted, Long> counts = new Recent<>(COUNTS_MAX);

  Datasets(Lake lake) {
    this.lake = requireNonNull(lake, "lake is null");
  }

  /** A snapshot never changes, so neither does the number of a tenant's rows in it. */
  private record Counted(String tenantId, TableName table, long snapshotId) {}

  Query.Datasets list(Query.ListDatasets ask) {
    var datasets = new ArrayList<Query.Dataset>();
    if (ask.name() != null) {
      TableName table = TableName.of(ask.name());
      ReadableTables.check(lake, ask.role(), table);
      datasets.add(dataset(ask.tenantId(), table));
    } else {
      for (TableName table : lake.tables()) {
        if (ReadableTables.by(ask.role(), table)) {
          datasets.add(dataset(ask.tenantId(), table));
        }
      }
    }
    return new Query.Datasets(ask.tenantId(), datasets);
  }

  private Query.Dataset dataset(String tenantId, TableName table) {
    TableSpec spec = lake.spec(table);
    Snapshot head = lake.head(table).orElse(null);
    return new Query.Dataset(
        table.toString(),
        table.layer(),
        spec.doc() == null ? "" : spec.doc(),
        head == null ? 0 : rows(tenantId, head),
        head == null ? 0 : head.id(),
        head == null ? null : head.committedAt().toString(),
        fields(spec),
        spec.key().stream().filter(column -> !column.equals("tenant_id")).toList(),
        head == null ? Map.of() : upstream(head));
  }

  private static List<Query.Field> fields(TableSpec spec) {
    return spec.fields().stream()
        .map(
            field ->
                new Query.Field(
                    field.name(),
                    field.type(),
                    field.required(),
                    field.doc() == null ? "" : field.doc()))
        .toList();
  }

  private static Map<String, String> upstream(Snapshot head) {
    var upstream = new TreeMap<String, String>();
    head.summary()
        .forEach(
            (key, value) -> {
              if (key.startsWith(Progress.WATERMARK)) {
                upstream.put(key.substring(Progress.WATERMARK.length()), value);
              }
            });
    return upstream;
  }

  private long rows(String tenantId, Snapshot head) {
    return counts.of(new Counted(tenantId, head.table(), head.id()), this::count);
  }

  private long count(Counted ask) {
    try (Session session = lake.session()) {
      session.bind("counted", Slice.at(ask.table(), ask.snapshotId()).tenant(ask.tenantId()));
      return session.query("SELECT count(*) FROM counted", 1).count();
    }
  }
}
