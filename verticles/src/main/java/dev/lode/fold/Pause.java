package dev.lode.fold;

import static java.util.Objects.requireNonNull;

/**
 * When what failed is tried again: once its table has moved; where it fails then, once it has moved
 * twice; and so on, twice as often each time. What went well for as long again is forgiven.
 */
final class Pause {
  /** A table that moves each second moves so often in a quarter of an hour. */
  private static final int MOVES_MAX = 1024;

  private int length;
  private long head;

  /** Of the table, since the last failure. */
  private int moves;

  /** Why it failed last; null where that is forgiven, or never was. */
  private String reason;

  /** The table is at the snapshot {@code now}. */
  void see(long now) {
    if (now != head) {
      head = now;
      moves++;
    }
  }

  boolean isOver() {
    return moves >= length;
  }

  /** Says whether the last reason was another. */
  boolean begin(String why) {
    // Sizes in it are not the reason.
    String now = requireNonNull(why, "why is null").replaceAll("[\\d.]+", "");
    boolean isOther = !now.equals(reason);
    reason = now;
    length = Math.clamp(2L * length, 1, MOVES_MAX);
    moves = 0;
    return isOther;
  }

  void wentWell() {
    if (moves >= 2 * length) {
      length = 0;
      reason = null;
    }
  }
}
