package dev.lode;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;

/** Draws cases for tests: at random, the edges more often than the rest, the same in every run. */
public final class RandomCases {
  private final Random random = new Random(7);

  private RandomCases() {}

  /** Fails with the first of {@code tries} cases that {@code property} does not hold for. */
  public static <T> void check(
      int tries, Function<RandomCases, T> draw, ThrowingConsumer<T> property) {
    var cases = new RandomCases();
    for (int i = 0; i < tries; i++) {
      T drawn = draw.apply(cases);
      try {
        property.accept(drawn);
      } catch (RuntimeException | AssertionError e) {
        String shown = drawn.toString().replace("\r", "\\r").replace("\n", "\\n");
        throw new AssertionError("Does not hold for case " + i + ": " + shown, e);
      }
    }
  }

  @SafeVarargs
  public final <T> T one(T... values) {
    return values[random.nextInt(values.length)];
  }

  /** {@code low..high}, both included. */
  public int between(int low, int high) {
    int any = random.nextInt(low, high + 1);
    return one(low, Math.min(low + 1, high), high, any, any, any, any, any);
  }

  /** {@code low..high} values. */
  public <T> List<T> list(int low, int high, Supplier<T> value) {
    return Stream.generate(value).limit(between(low, high)).toList();
  }

  /** Up to {@code max} of {@code parts}, joined. */
  public String text(int max, String... parts) {
    return String.join("", list(0, max, () -> one(parts)));
  }
}
