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
import java.util.Set;

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
      session.limitBytes(limits.sqlBytesMax().bytes());
      var tree = session.parse(run.sql()).tree();
      Set<TableName> tables = guard.tables(tree);
      tables.forEach(table -> ReadableTables.check(lake, run.role(), table));
      var snapshots = new LinkedHashMap<String, Long>();
      for (TableName table : tables) {
        Snapshot shown = session.bind(bound(table), Slice.now(table).tenant(run.tenantId()));
        if (shown != null) {
          snapshots.put(table.toString(), shown.id());
        }
      }
      String sql = SystemTables.renamed(run.sql(), tree);
      guard.tables(session.parse(sql).tree());
      int rowsMax = Math.min(run.rowsMax(), limits.sqlRowsMax());
      return result(run, session.query(sql, rowsMax), snapshots);
    }
  }

  private static String bound(TableName table) {
    return table.layer().equals(SystemTables.LAYER)
        ? SystemTables.SCHEMA + "." + table.name()
        : table.toString();
  }

  private static Query.Result result(Query.Run run, Rows rows, Map<String, Long> snapshots) {
    return new Query.Result(
        run.tenantId(), rows.columns(), JsonValues.rows(rows), rows.truncated(), snapshots);
  }
}
