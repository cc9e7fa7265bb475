package dev.lode.silver;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.silver.sql.LenientSql;
import dev.lode.silver.sql.Shapes;
import dev.lode.tables.Halving;
import dev.lode.tables.Session;
import java.util.regex.Pattern;

/**
 * Judges a batch for which the statement of its contract has thrown: record by record, a rule that
 * cannot be evaluated rejects; where even that throws, the batch is halved until those records are
 * found, and they are rejected as unreadable. Never the same statement again, so it ends.
 */
final class Salvage implements Halving.Work {
  /** Statements of one batch: beyond them, all that is still together is rejected. */
  private static final int STATEMENTS_MAX = 512;

  private final Session session;
  private final Shapes shapes;
  private final LenientSql sql;

  Salvage(Session session, Shapes shapes) {
    this.session = requireNonNull(session, "session is null");
    this.shapes = shapes;
    this.sql = new LenientSql(shapes);
  }

  void evaluate() {
    shapes.learn(session);
    sql.prepare().forEach(session::execute);
    new Halving(STATEMENTS_MAX, this).run(session.query(sql.count(), 1).count());
  }

  @Override
  public void choose(long from, long to) {
    session.execute(sql.part(from, to));
  }

  @Override
  public void attempt(long from, long to) {
    session.execute(sql.judge());
  }

  @Override
  public void leaveOut(long count, Failure cause) {
    sql.reject(count, kind(cause)).forEach(session::execute);
  }

  /** {@code Conversion Error}: what follows may be a value. */
  private static String kind(Failure cause) {
    var kind = Pattern.compile("([A-Z][A-Za-z ]* Error)").matcher(cause.getMessage());
    return kind.find() ? kind.group(1) : "an error";
  }
}
