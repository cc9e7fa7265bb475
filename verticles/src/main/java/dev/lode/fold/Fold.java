package dev.lode.fold;

import static java.util.Objects.requireNonNull;

import dev.lode.tables.ExpressionRange;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Shelf;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The aggregates of one query, as they are at one snapshot of its table: parts, several of a group,
 * which are combined when they are read. What rows that came add to their groups is one part more,
 * never a change of another: the engine updates rows in memory at many times the cost of adding
 * them. Groups that lost a row are computed again from theirs.
 */
final class Fold {
  private static final String CHANGES = "lode_fold_changes";
  private static final String CAME = "temp.lode_fold_came";
  private static final String ROWS = "temp.lode_fold_rows";
  private static final String STALE = "temp.lode_fold_stale";
  private static final String PAIRS = "temp.lode_fold_pairs";
  private static final String ALL = "lode_fold_all";

  /** Fewer parts are not worth being combined for good. */
  private static final long LOOSE_MIN = 100;

  private final Lake lake;
  private final Folds.Query query;
  private final TableSpec spec;
  private final FoldSql sql;
  private final Shelf shelf;
  private final String groups;
  private final String pairs;

  /** Null where nothing is kept. */
  private Long shown;

  /** Groups when their parts were last made one each. */
  private long combined;

  /** Parts that came since. */
  private long loose;

  /** What is deleted in memory keeps its place until the table is written anew. */
  private boolean hasHoles;

  /**
   * @throws Unfoldable where the query cannot be answered so
   */
  Fold(Lake lake, Session session, Folds.Query query) {
    this.lake = requireNonNull(lake, "lake is null");
    this.query = requireNonNull(query, "query is null");
    this.spec = lake.spec(query.table());
    var columns =
        spec.fields().stream()
            .map(field -> field.name().toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.toSet());
    this.sql = FoldSql.of(session, query, columns);
    this.shelf = lake.shelf();
    this.groups = shelf.name() + ".groups";
    this.pairs = shelf.name() + ".pairs";
  }

  /** Whether the table has at most {@code rowsMax} rows. */
  boolean fits(long rowsMax) {
    return lake.head(query.table()).map(Snapshot::rows).orElse(0L) <= rowsMax;
  }

  /** The columns of the table have changed since. */
  boolean isOutdated() {
    return !spec.equals(lake.spec(query.table()));
  }

  /** Keeps nothing, for now. */
  void clear(Session session) {
    shown = null;
    session.execute("DROP TABLE IF EXISTS " + groups);
    session.execute("DROP TABLE IF EXISTS " + pairs);
  }

  /** Keeps nothing, for good. */
  void giveUp() {
    shown = null;
    shelf.close();
  }

  /** As {@link Folds#bind}. */
  String bind(Session session, long head, String touched) {
    if (shown == null || !lake.remembers(query.table(), shown)) {
      build(session, head);
    } else if (shown != head) {
      fold(session, shown, head);
    }
    return select(session, touched);
  }

  /** Whether what is kept is as of this snapshot. */
  boolean shows(long snapshot) {
    return shown != null && shown == snapshot;
  }

  /** As {@link Folds#bind}, of what is kept now. */
  String select(Session session, String touched) {
    String same =
        IntStream.range(0, sql.keys().size())
            .mapToObj(i -> "k.g%d = t.k%d".formatted(sql.keys().get(i), i))
            .collect(Collectors.joining(" AND "));
    String names =
        IntStream.range(0, sql.keys().size())
            .mapToObj(i -> "k" + i)
            .collect(Collectors.joining(", "));
    String parts =
        "SELECT k.* FROM %s AS k SEMI JOIN (%s) AS t(%s) ON %s"
            .formatted(groups, touched, names, same);
    session.execute(
        "CREATE OR REPLACE TEMP VIEW %s AS %s"
            .formatted(FoldSql.GROUPS, sql.combined(List.of(parts))));
    return sql.result();
  }

  private void build(Session session, long head) {
    shown = null;
    session.bind(ALL, Slice.at(query.table(), head));
    var parts = new ArrayList<>(List.of(sql.partials(ALL)));
    if (!sql.distinct().isEmpty()) {
      session.execute("CREATE OR REPLACE TABLE %s AS %s".formatted(pairs, sql.pairs(ALL)));
      parts.add(sql.counts(pairs));
    }
    combine(session, parts);
    hasHoles = false;
    shown = head;
  }

  private void fold(Session session, long from, long head) {
    shown = null;
    session.bind(CHANGES, Slice.changed(query.table(), from, head));
    add(session, lake.hasOnlyGrown(query.table(), from, head) ? CHANGES : kept(session, head));
    if (loose > Math.max(combined, LOOSE_MIN)) {
      tidy(session);
    }
    shown = head;
  }

  private void tidy(Session session) {
    combine(session, List.of("FROM " + groups));
    if (hasHoles && !sql.distinct().isEmpty()) {
      session.execute("CREATE OR REPLACE TABLE %1$s AS FROM %1$s".formatted(pairs));
    }
    hasHoles = false;
  }

  private void combine(Session session, List<String> parts) {
    combined =
        session.execute("CREATE OR REPLACE TABLE %s AS %s".formatted(groups, sql.combined(parts)));
    loose = 0;
  }

  private String columns() {
    return sql.columns().stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  /** Rows that came, where some may have gone. */
  private String kept(Session session, long head) {
    session.execute(
        "CREATE OR REPLACE TEMP TABLE lode_fold_came AS SELECT %s, _change FROM %s"
            .formatted(columns(), CHANGES));
    long gone = session.query("SELECT count(*) FROM " + CAME + " WHERE _change < 0", 1).count();
    return gone == 0 ? CAME : renewed(session, head);
  }

  /**
   * Forgets the groups that lost rows; returns all rows of theirs, and those that came to others.
   */
  private String renewed(Session session, long head) {
    session.execute(
        "CREATE OR REPLACE TEMP TABLE lode_fold_stale AS SELECT DISTINCT %s FROM (%s)"
            .formatted(sql.names(), sql.rows(CAME, "_change < 0")));
    forget(session, groups);
    if (!sql.distinct().isEmpty()) {
      forget(session, pairs);
    }
    session.bind(ALL, narrowed(session, Slice.at(query.table(), head)));
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE lode_fold_rows AS
        SELECT %1$s FROM (%2$s) r ANTI JOIN %4$s s ON %5$s
        UNION ALL SELECT %1$s FROM (%3$s) r SEMI JOIN %4$s s ON %5$s"""
            .formatted(
                columns(),
                sql.rows(CAME, "_change > 0"),
                sql.rows(ALL, "true"),
                STALE,
                sql.same("r", "s")));
    return ROWS;
  }

  private void forget(Session session, String kept) {
    hasHoles = true;
    session.execute(
        "DELETE FROM %s AS k WHERE EXISTS (SELECT 1 FROM %s s WHERE %s)"
            .formatted(kept, STALE, sql.same("k", "s")));
  }

  /** Without the files that hold no row of the stale groups. */
  private Slice narrowed(Session session, Slice slice) {
    Slice narrowed = slice;
    for (int i = 0; i < query.keys().size(); i++) {
      var bounds =
          session
              .query(
                  "SELECT min(g%1$d), max(g%1$d) FROM %2$s".formatted(sql.keys().get(i), STALE), 1)
              .rows()
              .getFirst();
      var range = new ExpressionRange(query.keys().get(i), bounds.get(0), bounds.get(1));
      narrowed = range.narrow(narrowed, spec);
    }
    return narrowed;
  }

  private void add(Session session, String rows) {
    var parts = new ArrayList<>(List.of(sql.partials(rows)));
    if (!sql.distinct().isEmpty()) {
      session.execute(
          """
          CREATE OR REPLACE TEMP TABLE lode_fold_pairs AS
          SELECT * FROM (%s) ANTI JOIN %s USING (h)"""
              .formatted(sql.pairs(rows), pairs));
      session.execute("INSERT INTO %s BY NAME FROM %s".formatted(pairs, PAIRS));
      parts.add(sql.counts(PAIRS));
    }
    loose +=
        session.execute(
            "INSERT INTO %s BY NAME %s"
                .formatted(groups, String.join(" UNION ALL BY NAME ", parts)));
  }
}
