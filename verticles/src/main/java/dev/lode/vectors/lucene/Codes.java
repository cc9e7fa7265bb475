package dev.lode.vectors.lucene;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.lucene.index.FloatVectorValues;

/**
 * The vectors of one segment in seven bits a number, side by side in memory outside the heap: small
 * enough to be scanned whole for each search. Immutable, as the segment is; freed with it.
 */
final class Codes {
  private final int length;
  private final float[] scales;
  private final MemorySegment codes;

  private Codes(int length, int size) {
    this.length = length;
    this.scales = new float[size];
    this.codes = Arena.ofAuto().allocate((long) length * size, 64);
  }

  static long bytes(int dimension, int size) {
    return (long) size * (padded(dimension) + Float.BYTES);
  }

  private static int padded(int dimension) {
    return (dimension + Dot.LANES - 1) / Dot.LANES * Dot.LANES;
  }

  static Codes of(FloatVectorValues vectors) throws IOException {
    var codes = new Codes(padded(vectors.dimension()), vectors.size());
    for (int ordinal = 0; ordinal < vectors.size(); ordinal++) {
      float[] vector = vectors.vectorValue(ordinal);
      float step = step(vector);
      codes.scales[ordinal] = step;
      long offset = (long) ordinal * codes.length;
      for (int i = 0; i < vector.length; i++) {
        codes.codes.set(ValueLayout.JAVA_BYTE, offset + i, (byte) Math.round(vector[i] / step));
      }
    }
    return codes;
  }

  private static float step(float[] vector) {
    float most = Float.MIN_NORMAL;
    for (float x : vector) {
      most = Math.max(most, Math.abs(x));
    }
    return most / Dot.CODE_MAX;
  }

  /** Scores of one query against these codes: about the dot products, good to 2 or 3 digits. */
  Scores scores(float[] query) {
    float step = step(query);
    short[] code = new short[length];
    for (int i = 0; i < query.length; i++) {
      code[i] = (short) Math.round(query[i] / step);
    }
    return ordinal ->
        scales[ordinal] * step * Dot.BEST.product(code, codes, (long) ordinal * length);
  }

  /** Something to compare vectors by. */
  interface Scores {
    float of(int ordinal);
  }
}
