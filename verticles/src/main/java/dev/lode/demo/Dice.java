package dev.lode.demo;

import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Chance with a fixed seed: the same calls in the same order give the same shop. */
final class Dice {
  private final Random random;

  Dice(long seed) {
    this.random = new Random(seed);
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** {@code low} to {@code high}, both included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  boolean happens(double share) {
    return random.nextDouble() < share;
  }

  /** Of 0..count-1, the first ones more often than the last. */
  int skewed(int count) {
    return (int) (count * Math.pow(random.nextDouble(), 2));
  }

  /** Moves each a few places at most, as networks do. */
  <T> void jostle(List<T> list, int places) {
    for (int from = 0; from < list.size(); from += places) {
      Collections.shuffle(list.subList(from, Math.min(from + places, list.size())), random);
    }
  }
}
