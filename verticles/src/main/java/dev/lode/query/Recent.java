package dev.lode.query;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Remembers the most recently used answers, so many at most. Thread-safe; may compute twice. */
final class Recent<K, V> {
  private final Map<K, V> answers;

  Recent(int most) {
    this.answers =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  V of(K key, Function<K, V> source) {
    synchronized (answers) {
      V known = answers.get(key);
      if (known != null) {
        return known;
      }
    }
    V answer = source.apply(key);
    synchronized (answers) {
      answers.put(key, answer);
    }
    return answer;
  }
}
