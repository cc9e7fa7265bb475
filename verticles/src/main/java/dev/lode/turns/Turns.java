package dev.lode.turns;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Works at what a verticle owns, one key (a table, a mart, an index, a view) after another, each
 * turn on its own so that messages are answered between them. A key that is woken while it waits
 * has one turn for all. A turn that fails is logged; whoever wakes the key again tries again. For
 * the verticle's own context only.
 */
public final class Turns<K> {
  private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

  private static final long NOW = -1;

  private final Vertx vertx;
  private final Context context;
  private final Work<K> work;
  private final int restsPerTurn;
  private final Map<K, Pace> paces = new HashMap<>();

  /** Keys that will have a turn, and the timer that makes them due; {@link #NOW} for none. */
  private final Map<K, Long> waiting = new HashMap<>();

  private final Queue<K> due = new ArrayDeque<>();
  private boolean stopped;

  /** One turn. */
  public interface Work<K> {
    /** Says whether there is more. */
    Left turn(K key);
  }

  /** What a turn leaves. */
  public enum Left {
    /** There was nothing to do. */
    NOTHING,
    /** What there was is done; more may have come meanwhile, and is looked for after a rest. */
    PERHAPS,
    /** As much as one turn may do is done, and there is more. */
    MORE
  }

  /** Call it in the verticle's start. */
  public Turns(Vertx vertx, Work<K> work) {
    this(vertx, work, 1);
  }

  /**
   * @param restsPerTurn how many times as long as a long turn the rest after it is: more where many
   *     follow each turn, so that they are done with it before the next
   */
  public Turns(Vertx vertx, Work<K> work, int restsPerTurn) {
    this.vertx = requireNonNull(vertx, "vertx is null");
    this.context = vertx.getOrCreateContext();
    this.work = requireNonNull(work, "work is null");
    this.restsPerTurn = restsPerTurn;
  }

  /**
   * {@code key} gets a turn, at once or when it has rested.
   *
   * @param more on its way: it may rest longer
   */
  public void wake(K key, boolean more) {
    if (stopped) {
      return;
    }
    long rest =
        paces
            .computeIfAbsent(key, first -> new Pace(restsPerTurn))
            .restMillis(System.nanoTime(), more);
    Long timer = waiting.get(key);
    if (timer == null) {
      begin(key, rest);
    } else if (!more && vertx.cancelTimer(timer)) {
      begin(key, rest);
    }
  }

  /**
   * No more turns begin. Call it in the verticle's stop, which waits for the turn under way;
   * completes when the messages that came meanwhile have been heard.
   */
  public Future<Void> stop() {
    stopped = true;
    Promise<Void> heard = Promise.promise();
    context.runOnContext(now -> heard.complete());
    return heard.future();
  }

  private void begin(K key, long rest) {
    if (rest == 0) {
      due(key);
    } else {
      waiting.put(key, vertx.setTimer(rest, timer -> due(key)));
    }
  }

  private void due(K key) {
    waiting.put(key, NOW);
    due.add(key);
    if (due.size() == 1) {
      context.runOnContext(now -> next());
    }
  }

  /** One alone is handed to the context, so that a stop waits for no other. */
  private void next() {
    try {
      turn(due.element());
    } finally {
      due.remove();
      if (!due.isEmpty()) {
        context.runOnContext(now -> next());
      }
    }
  }

  private void turn(K key) {
    waiting.remove(key);
    if (stopped) {
      return;
    }
    long start = System.nanoTime();
    Left left;
    try {
      left = work.turn(key);
    } catch (RuntimeException e) {
      LOG.error("Cannot work at " + key + ", trying again later", e);
      return;
    }
    long end = System.nanoTime();
    if (LOG.isDebugEnabled()) {
      LOG.debug("Turn of %s: %s left, %d ms".formatted(key, left, (end - start) / 1_000_000));
    }
    if (left == Left.PERHAPS) {
      paces.get(key).ran(start, end);
    }
    if (left != Left.NOTHING) {
      wake(key, left == Left.PERHAPS);
    }
  }
}
