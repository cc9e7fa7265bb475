package dev.lode.features;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.features.offline.Changes;
import dev.lode.features.offline.Suspects;
import dev.lode.features.spec.View;
import dev.lode.tables.Halving;
import dev.lode.tables.Session;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Evaluates what a whole statement cannot, because of some rows: values that do not fit their type
 * are left out with the reason; where that is not enough, the touched entities are halved until
 * those are found that the statement fails for. Only asked when the statement has thrown.
 */
final class Isolation implements Halving.Work {
  /** Statements of one turn at one tenant: beyond them, all that is still together has no value. */
  private static final int STATEMENTS_MAX = 256;

  private final Session session;
  private final Changes changes;
  private final Suspects suspects;

  /** Binds the rows of the entities that are in {@code touched}. */
  private final Consumer<Bounds> source;

  private final Supplier<Set<String>> columns;
  private final long nowMicros;

  Isolation(Session session, View view, Source source, long nowMicros) {
    this.session = requireNonNull(session, "session is null");
    this.changes = new Changes(view);
    this.suspects = new Suspects(view);
    this.source = source.bind();
    this.columns = source.columns();
    this.nowMicros = nowMicros;
  }

  /** Where rows come from. */
  record Source(Consumer<Bounds> bind, Supplier<Set<String>> columns) {}

  /** Leaves {@code fresh} and {@code recorded} of {@code touched}. */
  void evaluate() {
    suspects.begin().forEach(session::execute);
    new Halving(STATEMENTS_MAX, this)
        .run(session.query("SELECT count(*) FROM suspects", 1).count());
    suspects.end().forEach(session::execute);
    bindTouched();
    session.execute(changes.recorded());
  }

  @Override
  public void choose(long from, long to) {
    session.execute(suspects.touch(from, to));
  }

  @Override
  public void attempt(long from, long to) {
    bindTouched();
    session.execute(changes.lenient(columns.get()));
  }

  @Override
  public void keep() {
    session.execute(suspects.keep());
  }

  @Override
  public void leaveOut(long count, Failure cause) {
    session.execute(suspects.failed(count, cause.oneLine(), nowMicros));
    keep();
  }

  private void bindTouched() {
    source.accept(Bounds.of(session.query(changes.bounds(), 1).rows().getFirst()).alone());
  }
}
