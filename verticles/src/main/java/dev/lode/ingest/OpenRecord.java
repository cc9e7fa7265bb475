package dev.lode.ingest;

import java.util.Arrays;

/**
 * The bytes of the record being read, as far as earlier feeds brought them; at most {@code max}.
 */
final class OpenRecord {
  static final byte[] NONE = {};

  private final int max;
  private byte[] buffer = NONE;
  private int length;
  private boolean tooLong;

  OpenRecord(int max) {
    this.max = max;
  }

  int max() {
    return max;
  }

  int length() {
    return length;
  }

  /** Bytes of the record last taken, or of the open one, were left out. */
  boolean tooLong() {
    return tooLong;
  }

  void append(byte[] bytes, int from, int to) {
    int kept = Math.min(to - from, max - length);
    tooLong = kept < to - from || (tooLong && length > 0);
    if (length + kept > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(max, Math.max(256, 2 * (length + kept))));
    }
    System.arraycopy(bytes, from, buffer, length, kept);
    length += kept;
  }

  /** The whole record, ending with {@code bytes[from, to)}; the next one begins. */
  byte[] take(byte[] bytes, int from, int to) {
    if (length == 0 && to - from <= max) {
      tooLong = false;
      return Arrays.copyOfRange(bytes, from, to);
    }
    append(bytes, from, to);
    byte[] record = Arrays.copyOf(buffer, length);
    length = 0;
    buffer = buffer.length > 1 << 16 ? NONE : buffer;
    return record;
  }
}
