package dev.lode.vectors.lucene;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The dot product of a query and a code: many bytes at once where the JVM has the module. */
interface Dot {
  /** Codes are padded with zeros to a multiple of this. */
  int LANES = 32;

  /** The greatest magnitude of one number of a code: eight products still fit a short. */
  int CODE_MAX = 63;

  Dot BEST = isVectorised() ? new VectorisedDot() : Dot::plain;

  /** Whether the JVM was started with {@code --add-modules jdk.incubator.vector}. */
  static boolean isVectorised() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** Over as many bytes from {@code offset} as {@code query} has numbers. */
  int product(short[] query, MemorySegment codes, long offset);

  /** One by one. */
  static int plain(short[] query, MemorySegment codes, long offset) {
    int sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += query[i] * codes.get(ValueLayout.JAVA_BYTE, offset + i);
    }
    return sum;
  }
}
