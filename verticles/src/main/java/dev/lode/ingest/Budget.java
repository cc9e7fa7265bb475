package dev.lode.ingest;

/** Bytes that the bodies of one instance may hold, and have in flight to Bronze, all together. */
final class Budget {
  private final long max;
  private final Runnable freed;
  private long used;
  private long held;

  /** {@code freed} runs each time that room is left again. */
  Budget(long max, Runnable freed) {
    this.max = max;
    this.freed = freed;
  }

  boolean free() {
    return used < max;
  }

  /** As much is held by bodies, before it is in flight. */
  boolean crowded() {
    return held >= max;
  }

  long used() {
    return used;
  }

  /** Bodies hold so much more, or less. */
  void hold(long bytes) {
    held += bytes;
  }

  void take(long bytes) {
    used += bytes;
  }

  void giveBack(long bytes) {
    boolean full = !free();
    used -= bytes;
    if (full && free()) {
      freed.run();
    }
  }
}
