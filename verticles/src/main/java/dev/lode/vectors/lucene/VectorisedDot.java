package dev.lode.vectors.lucene;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** By the incubating vector module, whatever width the processor has. */
final class VectorisedDot implements Dot {
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));

  /** Products of two codes that a short can add up. */
  private static final int SHORT_SUMS = 8 * SHORTS.length();

  @Override
  public int product(short[] query, MemorySegment codes, long offset) {
    var sum = IntVector.zero(INTS);
    int i = 0;
    while (i < query.length) {
      int end = Math.min(query.length, i + SHORT_SUMS);
      var part = ShortVector.zero(SHORTS);
      for (; i < end; i += SHORTS.length()) {
        var bytes = ByteVector.fromMemorySegment(BYTES, codes, offset + i, ByteOrder.LITTLE_ENDIAN);
        var code = (ShortVector) bytes.convertShape(VectorOperators.B2S, SHORTS, 0);
        part = part.add(code.mul(ShortVector.fromArray(SHORTS, query, i)));
      }
      sum =
          sum.add(part.convertShape(VectorOperators.S2I, INTS, 0))
              .add(part.convertShape(VectorOperators.S2I, INTS, 1));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }
}
