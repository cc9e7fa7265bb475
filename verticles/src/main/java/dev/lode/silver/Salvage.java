package dev.lode.silver;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.silver.sql.LenientSql;
import dev.lode.silver.sql.Shapes;
import dev.lode.tables.Session;
import java.util.regex.Pattern;

/**
 * Judges a batch for which the statement of its contract has thrown: record by record, a rule that
 * cannot be evaluated rejects; where even that throws, the batch is halved until those records are
 * found, and they are rejected as unreadable. Never the same statement again, so it ends.
 */
final class Salvage {
  /** Statements of one batch: beyond them, all that is still together is rejected. */
  private static final int STATEMENTS_MAX = 512;

  private final Session session;
  private final Shapes shapes;
  private final LenientSql sql;
  private int statements;

  Salvage(Session session, Shapes shapes) {
    this.session = requireNonNull(session, "session is null");
    this.shapes = shapes;
    this.sql = new LenientSql(shapes);
  }

  /** Whether records are the cause, rather than lack of means. */
  static boolean isOfRecords(Failure cause) {
    return cause.code() == ErrorCode.SQL_REFUSED;
  }

  void evaluate() {
    shapes.learn(session);
    sql.prepare().forEach(session::execute);
    judge(0, session.query(sql.count(), 1).count());
  }

  private void judge(long from, long to) {
    if (from == to) {
      return;
    }
    session.execute(sql.part(from, to));
    try {
      statements++;
      session.execute(sql.judge());
    } catch (Failure e) {
      if (!isOfRecords(e)) {
        throw e;
      }
      if (to - from == 1 || statements >= STATEMENTS_MAX) {
        sql.reject(to - from, kind(e)).forEach(session::execute);
      } else {
        long middle = from + (to - from) / 2;
        judge(from, middle);
        judge(middle, to);
      }
    }
  }

  /** {@code Conversion Error}: what follows may be a value. */
  private static String kind(Failure cause) {
    var kind = Pattern.compile("([A-Z][A-Za-z ]* Error)").matcher(cause.getMessage());
    return kind.find() ? kind.group(1) : "an error";
  }
}
