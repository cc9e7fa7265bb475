package dev.lode.proof;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values that are equal to one another. */
final class Classes {
  private final Map<Integer, Integer> above = new HashMap<>();

  Classes(List<Equal> equal) {
    equal.forEach(pair -> above.put(top(pair.left()), top(pair.right())));
  }

  private int top(int value) {
    int at = value;
    while (above.getOrDefault(at, at) != at) {
      at = above.get(at);
    }
    return at;
  }

  boolean are(int one, int other) {
    return top(one) == top(other);
  }
}
