package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Query;
import dev.lode.config.LodeConfig;
import dev.lode.tables.JsonValues;
import dev.lode.tables.Lake;
import dev.lode.tables.Rows;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Runs strangers' SQL: judged, over one tenant's rows, within limits. Blocks. */
final class SqlRunner {
  private final Lake lake;
  private final LodeConfig.Tools limits;
  private final Guard guard = new Guard(Allowed.read());

  SqlRunner(Lake lake, LodeConfig.Tools limits) {
    this.lake = requireNonNull(lake, "lake is null");
    this.limits = requireNonNull(limits, "limits is null");
  }

  Query.Result run(Query.Run run) {
    try (Session session = lake.guardedSession()) {
      session.limit(limits.sqlTime().duration());
      session.author(run.sql());
      session.limitBytes(limits.sqlBytesMax().bytes());
      var tree = session.parse(run.sql()).tree();
      guard.tables(tree).forEach(table -> ReadableTables.check(lake, run.role(), table));
      var references = new References(tree);
      Map<String, Long> snapshots = bind(session, run, references);
      String sql = references.rewritten(run.sql());
      guard.tables(session.parse(sql).tree());
      int rowsMax = Math.min(run.rowsMax(), limits.sqlRowsMax());
      return result(run, session.query(sql, rowsMax), snapshots);
    }
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
    references.past((name, table, at) -> show.accept(name, past.slice(table, at)));
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
