package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Column;
import dev.lode.codecs.Query;
import dev.lode.config.LodeConfig;
import dev.lode.tables.JsonValues;
import dev.lode.tables.Lake;
import dev.lode.tables.Rows;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** Runs strangers' SQL: judged, over one tenant's rows, within limits. Blocks. */
final class SqlRunner {
  private final Lake lake;
  private final LodeConfig.Tools limits;
  private final Guard guard = new Guard(Allowed.read());
  private final Bounds bounds;

  SqlRunner(Lake lake, LodeConfig.Tools limits) {
    this.lake = requireNonNull(lake, "lake is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.bounds = new Bounds(limits);
  }

  Query.Result run(Query.Run run) {
    var asked = Asked.of(run.sql());
    if (asked.kind() == Asked.Kind.TABLES) {
      return tables(run);
    }
    try (Session session = lake.guardedSession()) {
      session.limit(limits.sqlTime().duration());
      session.author(run.sql());
      session.limitBytes(limits.sqlBytesMax().bytes());
      bounds.checkText(asked.sql());
      String judged = new Pivots(asked.sql()).judged();
      var tree = session.parse(judged).tree();
      var known = new HashSet<String>();
      guard
          .tables(tree, table -> columns(run, table, known))
          .forEach(table -> ReadableTables.check(lake, run.role(), table));
      bounds.check(tree);
      var references = new References(tree, judged);
      Map<String, Long> snapshots = bind(session, run, references);
      String sql = Pivots.filled(references.rewritten(), select -> values(session, known, select));
      var filled = session.parse(sql).tree();
      guard.tables(filled, table -> known);
      bounds.check(filled);
      int rowsMax = Math.min(run.rowsMax(), limits.sqlRowsMax());
      Rows rows =
          asked.kind() == Asked.Kind.PLAN ? session.explain(sql) : session.query(sql, rowsMax);
      return result(run, rows, snapshots);
    }
  }

  /** In lower case, of all tables so far; those that the role may not read have none. */
  private Set<String> columns(Query.Run run, TableName table, Set<String> known) {
    if (ReadableTables.by(run.role(), table) && lake.exists(table)) {
      lake.spec(table).fields().stream()
          .map(field -> field.name().toLowerCase(Locale.ROOT))
          .forEach(known::add);
    }
    return known;
  }

  /** Of which a PIVOT makes columns. */
  private List<Object> values(Session session, Set<String> known, String select) {
    guard.tables(session.parse(select).tree(), table -> known);
    return session.query(select, Pivots.COLUMNS_MAX + 1).rows().stream()
        .map(List::getFirst)
        .toList();
  }

  /** The answer of SHOW TABLES. */
  private Query.Result tables(Query.Run run) {
    var names =
        lake.tables().stream()
            .filter(table -> ReadableTables.by(run.role(), table))
            .map(table -> List.<Object>of(table.toString()))
            .toList();
    int most = Math.min(names.size(), Math.min(run.rowsMax(), limits.sqlRowsMax()));
    return new Query.Result(
        run.tenantId(),
        List.of(new Column("name", "VARCHAR")),
        List.copyOf(names.subList(0, most)),
        most < names.size(),
        Map.of());
  }

  /** Binds the tenant's rows of what is read; answers what they show. */
  private Map<String, Long> bind(Session session, Query.Run run, References references) {
    var past = new Past(lake, session);
    var snapshots = new LinkedHashMap<String, Long>();
    BiConsumer<String, Slice> show =
        (name, slice) -> {
          Snapshot shown = session.bind(name, slice.tenant(run.tenantId()));
          if (shown != null) {
            snapshots.put(slice.table().toString(), shown.id());
          }
        };
    session.pin(references.now());
    references.past((name, table, at, moment) -> show.accept(name, past.slice(table, at, moment)));
    references.now().forEach(table -> show.accept(bound(table), past.slice(table, run.asOf())));
    return snapshots;
  }

  private static String bound(TableName table) {
    return table.layer().equals(References.SYSTEM)
        ? References.SYSTEM_SCHEMA + "." + table.name()
        : table.toString();
  }

  private static Query.Result result(Query.Run run, Rows rows, Map<String, Long> snapshots) {
    return new Query.Result(
        run.tenantId(), rows.columns(), JsonValues.rows(rows), rows.truncated(), snapshots);
  }
}
