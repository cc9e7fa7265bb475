package dev.lode.vectors.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DotTest {

  @Property(tries = 100)
  void multipliesManyBytesAtOnceAsOneByOne(
      @ForAll @IntRange(min = 1, max = 40) int blocks, @ForAll long seed) {
    var random = new java.util.Random(seed);
    short[] query = new short[blocks * Dot.LANES];
    byte[] codes = new byte[7 + query.length];
    int expected = 0;
    for (int i = 0; i < query.length; i++) {
      query[i] = (short) extreme(random);
      codes[7 + i] = (byte) extreme(random);
      expected += query[i] * codes[7 + i];
    }

    assertThat(Dot.isVectorised()).as("the tests run with the module").isTrue();
    assertThat(new VectorisedDot().product(query, MemorySegment.ofArray(codes), 7))
        .isEqualTo(expected);
    assertThat(Dot.plain(query, MemorySegment.ofArray(codes), 7)).isEqualTo(expected);
  }

  /** Often the greatest there is: sums of products must not overflow. */
  private static int extreme(java.util.Random random) {
    return random.nextBoolean()
        ? Dot.CODE_MAX
        : random.nextInt(2 * Dot.CODE_MAX + 1) - Dot.CODE_MAX;
  }
}
