package dev.lode.lineage;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Lineage;
import dev.lode.lineage.RowSets.Dataset;
import dev.lode.lineage.RowSets.RowSet;
import dev.lode.tables.ExpressionRange;
import dev.lode.tables.Lake;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One trace's way through the tables: up to the Bronze bytes, down to all that was made. */
final class Walk {
  /** Ids are given out when a record comes in, so within a day of its ingest_time for certain. */
  private static final Duration CLOCKS_APART = Duration.ofDays(1);

  private static final List<String> LINEAGE_ID = List.of("lineage_id");

  private final Lake lake;
  private final List<Link> links;
  private final RowSets sets;

  Walk(Lake lake, List<Link> links, RowSets sets) {
    this.lake = requireNonNull(lake, "lake is null");
    this.links = List.copyOf(links);
    this.sets = requireNonNull(sets, "sets is null");
  }

  static Dataset records(TableName table) {
    return new Dataset(table.layer(), table.toString(), table, LINEAGE_ID, List.of());
  }

  static Dataset made(Link link) {
    return new Dataset(link.layer(), link.dataset(), link.table(), link.columns(), link.newestBy());
  }

  /** From rows of any layer to those that they were made from, and on to Bronze. */
  void up(RowSet rows) {
    if (rows.isEmpty() || rows.dataset().layer().equals("bronze")) {
      return;
    }
    if (recorded(rows)) {
      bronze(rows);
      return;
    }
    for (Link link : links) {
      if (link.layer().equals(rows.dataset().layer())
          && link.dataset().equals(rows.dataset().name())
          && live(link.source())) {
        up(rows, link);
      }
    }
  }

  private void up(RowSet rows, Link link) {
    if (link.key().isEmpty()) {
      sets.connectWhole(rows, whole(link.source().layer(), link.source()), false);
      return;
    }
    Slice slice = narrow(link, rows);
    String condition = RowSets.in(values(link), rows, link.columns());
    RowSet sources = sets.collect(dataset(link.source()), slice, condition);
    sets.connect(sources, values(link), rows, link.columns());
    up(sources);
  }

  private Slice narrow(Link link, RowSet rows) {
    Slice slice = Slice.now(link.source());
    var spec = lake.spec(link.source());
    for (var key : link.key().entrySet()) {
      List<Object> bounds = sets.bounds(rows, RowSets.quoted(key.getKey()));
      slice = new ExpressionRange(key.getValue(), bounds.get(0), bounds.get(1)).narrow(slice, spec);
    }
    return slice;
  }

  private void bronze(RowSet rows) {
    var head = lake.head(rows.dataset().table());
    for (TableName table : lake.tables()) {
      if (table.layer().equals("bronze")
          && head.map(snapshot -> snapshot.watermark(table)).isPresent()) {
        RowSet raw = sets.collect(records(table), recordsOf(table, rows), condition(rows));
        sets.connect(raw, LINEAGE_ID, rows, LINEAGE_ID);
      }
    }
  }

  /** From rows of any layer to all that was made of them. */
  void down(RowSet rows) {
    if (rows.isEmpty()) {
      return;
    }
    if (rows.dataset().layer().equals("bronze")) {
      refined(rows);
      return;
    }
    for (Link link : links) {
      if (link.source().equals(rows.dataset().table())) {
        down(rows, link);
      }
    }
  }

  private void refined(RowSet raw) {
    for (TableName table : lake.tables()) {
      boolean follows =
          (table.layer().equals("silver") || table.layer().equals("quarantine"))
              && lake.head(table).map(head -> head.watermark(raw.dataset().table())).isPresent();
      if (follows) {
        var types = Tracer.types(lake.spec(table));
        if (types.containsKey("lineage_id")) {
          RowSet rows = sets.collect(records(table), ids(table, raw), condition(raw));
          sets.connect(raw, LINEAGE_ID, rows, LINEAGE_ID);
          down(rows);
        }
      }
    }
  }

  private void down(RowSet rows, Link link) {
    if (link.table() == null && link.key().isEmpty()) {
      String name = "vectors." + link.dataset();
      var whole = new Lineage.Node(name, "vectors", link.dataset(), rows.snapshotId(), Map.of());
      sets.connectWhole(rows, whole, true);
      return;
    }
    if (link.table() == null) {
      String id = values(link).getFirst();
      String select =
          "SELECT DISTINCT %1$s AS id FROM %2$s WHERE %1$s IS NOT NULL".formatted(id, rows.rows());
      RowSet made = sets.derive(made(link), select, rows.snapshotId());
      sets.connect(rows, values(link), made, link.columns());
      return;
    }
    if (!live(link.table())) {
      return;
    }
    if (link.key().isEmpty()) {
      sets.connectWhole(rows, whole(link.layer(), link.table()), true);
      return;
    }
    String keys = "SELECT %s FROM %s".formatted(String.join(", ", link.expressions()), rows.rows());
    String condition = RowSets.in(link.columns().stream().map(RowSets::quoted).toList(), keys);
    RowSet made = sets.collect(made(link), Slice.now(link.table()), condition);
    sets.connect(rows, link.expressions(), made, link.columns());
    down(made);
  }

  /** That a row of a namespace's source is of the document with this key. */
  static String is(Link link, String key) {
    return values(link).getFirst() + " = " + RowSets.literal(key);
  }

  /** The id of a vector is text, whatever it is made of. */
  private static List<String> values(Link link) {
    return link.table() == null
        ? link.expressions().stream().map("CAST((%s) AS VARCHAR)"::formatted).toList()
        : link.expressions();
  }

  /** Rows that carry the id of the Bronze record that they are. */
  private boolean recorded(RowSet rows) {
    String layer = rows.dataset().layer();
    return layer.equals("silver") || layer.equals("quarantine");
  }

  private Dataset dataset(TableName table) {
    return links.stream()
        .filter(link -> table.equals(link.table()) && !link.key().isEmpty())
        .findFirst()
        .map(Walk::made)
        .orElseGet(() -> records(table));
  }

  private boolean live(TableName table) {
    return lake.exists(table) && lake.head(table).isPresent();
  }

  private Lineage.Node whole(String layer, TableName table) {
    Snapshot head = lake.head(table).orElseThrow();
    return new Lineage.Node(table.toString(), layer, table.toString(), head.id(), Map.of());
  }

  private static String condition(RowSet rows) {
    return RowSets.in(LINEAGE_ID, rows, LINEAGE_ID);
  }

  private Slice ids(TableName table, RowSet rows) {
    List<Object> bounds = sets.bounds(rows, "lineage_id");
    return Slice.now(table).where("lineage_id", bounds.get(0), bounds.get(1));
  }

  private Slice recordsOf(TableName table, RowSet rows) {
    List<Object> bounds = sets.bounds(rows, "lineage_id");
    return record(table, (UUID) bounds.get(0), (UUID) bounds.get(1));
  }

  /** Bronze records with ids in a range; a UUIDv7 tells when it was given out. */
  static Slice record(TableName table, UUID low, UUID high) {
    Slice slice = Slice.now(table).where("lineage_id", low, high);
    return low.version() == 7 && high.version() == 7
        ? slice.where("ingest_time", time(low).minus(CLOCKS_APART), time(high).plus(CLOCKS_APART))
        : slice;
  }

  private static Instant time(UUID id) {
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }
}
