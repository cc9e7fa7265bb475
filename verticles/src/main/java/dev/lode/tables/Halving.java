package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;

/**
 * Finds those of some numbered items for which a statement throws: it is tried with all of them,
 * then with each half of what threw, until an item is alone. Never the same items again, so it
 * ends.
 */
public final class Halving {
  private final int statementsMax;
  private final Work work;
  private int statements;

  /** What is done with the items from {@code from} on, {@code to} itself left out. */
  public interface Work {
    default void choose(long from, long to) {}

    /** Throws SQL_REFUSED where one of them is the cause. */
    void attempt(long from, long to);

    /** Of those for which it went well. */
    default void keep() {}

    void leaveOut(long count, Failure cause);
  }

  /**
   * @param statementsMax beyond so many, all that is still together is left out
   */
  public Halving(int statementsMax, Work work) {
    this.statementsMax = statementsMax;
    this.work = requireNonNull(work, "work is null");
  }

  /** Whether it is for what rows hold that the engine has thrown, rather than for lack of means. */
  public static boolean isOfRows(Failure cause) {
    return cause.code() == ErrorCode.SQL_REFUSED;
  }

  public void run(long count) {
    run(0, count);
  }

  private void run(long from, long to) {
    if (from == to) {
      return;
    }
    work.choose(from, to);
    try {
      statements++;
      work.attempt(from, to);
    } catch (Failure e) {
      if (!isOfRows(e)) {
        throw e;
      }
      if (to - from == 1 || statements >= statementsMax) {
        work.leaveOut(to - from, e);
      } else {
        long middle = from + (to - from) / 2;
        run(from, middle);
        run(middle, to);
      }
      return;
    }
    work.keep();
  }
}
