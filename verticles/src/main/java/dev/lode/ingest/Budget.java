package dev.lode.ingest;

/** Bytes that the bodies of one instance may have in flight to Bronze, all together. */
final class Budget {
  private final long max;
  private final Runnable freed;
  private long used;

  /** {@code freed} runs each time that room is left again. */
  Budget(long max, Runnable freed) {
    this.max = max;
    this.freed = freed;
  }

  boolean free() {
    return used < max;
  }

  long used() {
    return used;
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
