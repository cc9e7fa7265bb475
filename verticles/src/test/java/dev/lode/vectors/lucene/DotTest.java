package dev.lode.vectors.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DotTest {

  @Test
  void multipliesManyBytesAtOnceAsOneByOne() {
    RandomCases.check(
        500,
        random ->
            new Case(
                random.between(1, 40),
                random.one(-Dot.CODE_MAX, Dot.CODE_MAX),
                random.between(0, 1_000_000)),
        DotTest::multipliesAsOneByOne);
  }

  private record Case(int blocks, int least, int seed) {}

  private static void multipliesAsOneByOne(Case drawn) {
    var random = new Random(drawn.seed());
    short[] query = new short[drawn.blocks() * Dot.LANES];
    byte[] codes = new byte[7 + query.length];
    int expected = 0;
    for (int i = 0; i < query.length; i++) {
      query[i] = (short) extreme(random, drawn.least());
      codes[7 + i] = (byte) extreme(random, drawn.least());
      expected += query[i] * codes[7 + i];
    }

    assertThat(Dot.isVectorised()).as("the tests run with the module").isTrue();
    assertThat(new VectorisedDot().product(query, MemorySegment.ofArray(codes), 7))
        .isEqualTo(expected);
    assertThat(Dot.plain(query, MemorySegment.ofArray(codes), 7)).isEqualTo(expected);
  }

  /** Often the greatest there is, in some cases always: sums of products must not overflow. */
  private static int extreme(Random random, int least) {
    return random.nextBoolean() ? Dot.CODE_MAX : random.nextInt(least, Dot.CODE_MAX + 1);
  }
}
