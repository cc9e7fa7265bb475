package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Column;
import dev.lode.codecs.Failure;
import dev.lode.fold.Folds;
import dev.lode.tables.ExpressionRange;
import dev.lode.tables.Halving;
import dev.lode.tables.Lake;
import dev.lode.tables.Rows;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an index lacks, and what it has too much, compared in the engine by content hash: only
 * changed rows leave it. One session's work; bind first.
 */
final class Difference {
  private static final int KEYS_MAX = 50_000;
  private static final int ALL = Integer.MAX_VALUE;
  private static final String TOUCHED = "lode_touched";

  private final Lake lake;
  private final Session session;
  private final VectorSpec spec;
  private final String tenantId;

  /** Gives the specification's rows from what is bound. */
  private String select;

  Difference(Lake lake, Session session, VectorSpec spec, String tenantId) {
    this.lake = requireNonNull(lake, "lake is null");
    this.session = requireNonNull(session, "session is null");
    this.spec = requireNonNull(spec, "spec is null");
    this.tenantId = requireNonNull(tenantId, "tenantId is null");
    this.select = spec.select();
  }

  /** Binds all rows of the tenant, as they are in these snapshots. */
  void bindWhole(Map<TableName, Long> heads) {
    heads.forEach(
        (table, head) -> session.bind(table.toString(), Slice.at(table, head).tenant(tenantId)));
  }

  /**
   * Binds the rows of those keys alone that changed after {@code from}, or what {@code folds} keeps
   * of them; returns the ids. Empty where they are too many for that.
   */
  Optional<List<String>> bindTouched(Folds folds, TableName table, long from, long head) {
    session.bind("lode_changed", Slice.changed(table, from, head).tenant(tenantId));
    session.execute(
        ("CREATE OR REPLACE TEMP TABLE %s AS"
                + " SELECT DISTINCT %s, %s AS _key FROM lode_changed WHERE %s")
            .formatted(TOUCHED, key(), spec.idExpression(), present()));
    Rows ids = session.query("SELECT _key FROM " + TOUCHED, KEYS_MAX);
    if (ids.truncated()) {
      return Optional.empty();
    }
    var folded = folds.bind(session, query(table), head, touchedKeys());
    folded.ifPresent(sql -> select = sql);
    if (folded.isEmpty()) {
      session.bind(
          table.toString(),
          prune(Slice.at(table, head).tenant(tenantId)),
          "(%1$s) IN (SELECT (%1$s) FROM %2$s)".formatted(key(), TOUCHED));
    }
    return Optional.of(ids.rows().stream().map(row -> (String) row.getFirst()).toList());
  }

  private Folds.Query query(TableName table) {
    var keys = new ArrayList<>(List.of("tenant_id"));
    spec.key().forEach(column -> keys.add(Sql.name(column)));
    return new Folds.Query("vectors of " + spec.namespace(), spec.select(), table, keys, true);
  }

  private String touchedKeys() {
    return "SELECT %s, %s FROM %s".formatted(Sql.text(tenantId), key(), TOUCHED);
  }

  /** Without the files that hold no touched key: their bounds tell. */
  private Slice prune(Slice slice) {
    Slice pruned = slice;
    for (String column : spec.key()) {
      List<Object> bounds =
          session
              .query(
                  "SELECT min(%1$s), max(%1$s) FROM %2$s".formatted(Sql.name(column), TOUCHED), 1)
              .rows()
              .getFirst();
      var range = new ExpressionRange(column, bounds.get(0), bounds.get(1));
      pruned = range.narrow(pruned, lake.spec(slice.table()));
    }
    return pruned;
  }

  private String key() {
    return spec.key().stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  private String present() {
    return spec.key().stream()
        .map(column -> Sql.name(column) + " IS NOT NULL")
        .collect(Collectors.joining(" AND "));
  }

  /** The columns of the specification's rows. */
  List<Column> columns() {
    return session.query("SELECT * FROM (" + select + "\n) LIMIT 0", 1).columns();
  }

  /**
   * Compares what is bound with what an index holds.
   *
   * @param held content hashes by key
   * @return why documents are missing; null where none is
   */
  String compare(DocumentSql documents, Map<String, String> held) {
    String missing = want(documents);
    session.load(
        "lode_held",
        "_key VARCHAR, _hash VARCHAR",
        held.entrySet().stream()
            .map(entry -> new Object[] {entry.getKey(), entry.getValue()})
            .toList());
    return missing;
  }

  private String want(DocumentSql documents) {
    try {
      session.execute("CREATE OR REPLACE TEMP TABLE lode_wanted AS " + documents.select(select));
      return null;
    } catch (Failure e) {
      if (!Halving.isOfRows(e)) {
        throw e;
      }
      return new Salvage(session, documents, select).run();
    }
  }

  /** Documents that are new or differ; at most {@code max}, truncated where there are more. */
  Rows changed(int max) {
    return session.query(
        """
        SELECT wanted.* EXCLUDE (_hash), wanted._hash
        FROM lode_wanted AS wanted LEFT JOIN lode_held AS held USING (_key)
        WHERE held._hash IS DISTINCT FROM wanted._hash
        ORDER BY wanted._key\
        """,
        max);
  }

  /** Keys that the index has and the source has no more. */
  List<String> gone() {
    var gone = session.query("SELECT _key FROM lode_held ANTI JOIN lode_wanted USING (_key)", ALL);
    return gone.rows().stream().map(row -> (String) row.getFirst()).toList();
  }
}
