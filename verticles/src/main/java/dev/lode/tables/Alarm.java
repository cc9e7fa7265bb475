package dev.lode.tables;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends a statement that takes too long; closing calls it off. */
final class Alarm implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Alarm.class.getName());

  private volatile Statement statement;
  private final Future<?> ring;
  private volatile boolean rung;

  Alarm(ScheduledExecutorService clock, Statement statement, Duration time) {
    this.statement = statement;
    this.ring = clock.schedule(this::ring, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends this one instead from now on, where there is time left. */
  void watch(Statement next) throws SQLException {
    statement = next;
    if (rung) {
      throw new SQLException("INTERRUPT Error: No time is left");
    }
  }

  boolean rung() {
    return rung;
  }

  @Override
  public void close() {
    ring.cancel(false);
  }

  private void ring() {
    rung = true;
    try {
      statement.cancel();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "The statement had ended by itself", e);
    }
  }
}
