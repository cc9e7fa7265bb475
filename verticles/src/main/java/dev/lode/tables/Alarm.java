package dev.lode.tables;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a statement that takes too long; closing calls it off. The driver holds its lock while it
 * plans, so that an order to cancel waits for the plan, and one that comes between plan and run is
 * lost: it is given again and again, by threads that may wait.
 */
final class Alarm implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Alarm.class.getName());
  private static final long AGAIN_MILLIS = 100;

  private final Future<?> ring;

  /** Null until it is planned. */
  private volatile Statement statement;

  private volatile boolean rung;

  /** One thread waits for the driver at most. */
  private final AtomicBoolean cancelling = new AtomicBoolean();

  Alarm(ScheduledExecutorService clock, Duration time) {
    this.ring =
        clock.scheduleWithFixedDelay(
            this::ring, time.toMillis(), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Ends this one from now on, where there is time left. */
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
    statement = null;
    ring.cancel(false);
  }

  private void ring() {
    rung = true;
    Statement running = statement;
    if (running != null && cancelling.compareAndSet(false, true)) {
      Thread.startVirtualThread(() -> cancel(running));
    }
  }

  private void cancel(Statement running) {
    try {
      running.cancel();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.DEBUG, "The statement had ended by itself");
    } finally {
      cancelling.set(false);
    }
  }
}
