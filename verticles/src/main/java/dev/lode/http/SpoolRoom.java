package dev.lode.http;

/** Bytes that the spools of one event loop may take together. */
final class SpoolRoom {
  private final long max;
  private long used;

  SpoolRoom(long max) {
    this.max = max;
  }

  long max() {
    return max;
  }

  void take(long bytes) {
    used += bytes;
  }

  boolean isOver() {
    return used > max;
  }
}
