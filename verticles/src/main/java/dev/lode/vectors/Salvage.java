package dev.lode.vectors;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.tables.Halving;
import dev.lode.tables.Session;
import java.util.List;

/**
 * Makes {@code lode_wanted} of rows for which the whole statement has thrown: the values of the
 * first key column are halved until those are found whose documents cannot be made; these are left
 * out, and so leave the index.
 */
final class Salvage implements Halving.Work {
  /** Statements of one turn: beyond them, all that is still together is left out. */
  private static final int STATEMENTS_MAX = 128;

  private final Session session;
  private final DocumentSql documents;
  private final String rows;
  private final String key;
  private long failed;
  private String reason;

  /**
   * @param rows a SELECT of the specification's rows
   */
  Salvage(Session session, DocumentSql documents, String rows) {
    this.session = requireNonNull(session, "session is null");
    this.documents = requireNonNull(documents, "documents is null");
    this.rows = requireNonNull(rows, "rows is null").strip().replaceAll(";\\s*$", "");
    this.key = documents.spec().key().getFirst();
  }

  /** Why documents are missing; null where none is. */
  String run() {
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE lode_keys AS
        SELECT _k, row_number() OVER (ORDER BY _k) - 1 AS _number
        FROM (SELECT DISTINCT %s AS _k FROM (%s) WHERE _k IS NOT NULL)\
        """
            .formatted(Sql.name(key), rows));
    long all = session.query("SELECT count(*) FROM lode_keys", 1).count();
    session.execute(
        "CREATE OR REPLACE TEMP TABLE lode_wanted AS SELECT * FROM (%s) LIMIT 0"
            .formatted(documents.select(within("false"))));
    new Halving(STATEMENTS_MAX, this).run(all);
    return failed == 0 ? null : "%d documents cannot be made (%s)".formatted(failed, reason);
  }

  @Override
  public void attempt(long from, long to) {
    session.execute("INSERT INTO lode_wanted " + documents.select(within(bounds(from, to))));
  }

  @Override
  public void leaveOut(long count, Failure cause) {
    failed += count;
    reason = cause.oneLine();
  }

  private String within(String condition) {
    return "SELECT * FROM (%s\n) WHERE %s".formatted(rows, condition);
  }

  /** As literals, so that the engine applies them to the rows before it computes anything. */
  private String bounds(long from, long to) {
    List<Object> ends =
        session
            .query(
                """
                SELECT CAST(min(_k) AS VARCHAR), CAST(max(_k) AS VARCHAR), any_value(typeof(_k))
                FROM lode_keys WHERE _number >= %d AND _number < %d\
                """
                    .formatted(from, to),
                1)
            .rows()
            .getFirst();
    return "%1$s >= CAST(%2$s AS %4$s) AND %1$s <= CAST(%3$s AS %4$s)"
        .formatted(
            Sql.name(key),
            Sql.text((String) ends.get(0)),
            Sql.text((String) ends.get(1)),
            ends.get(2));
  }
}
