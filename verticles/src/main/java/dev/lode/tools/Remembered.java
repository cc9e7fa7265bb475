package dev.lode.tools;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Answers that stay good for a while, so many at most; failures are forgotten. For one thread. */
final class Remembered<K, V> {
  private final Term term;
  private final Function<K, Future<V>> source;
  private final Map<K, Kept<V>> entries;

  /** How long answers stay good, and how many are kept. */
  record Term(Duration time, int most, Clock clock) {}

  private record Kept<V>(Future<V> answer, Instant until) {}

  Remembered(Term term, Function<K, Future<V>> source) {
    this.term = requireNonNull(term, "term is null");
    this.source = requireNonNull(source, "source is null");
    this.entries =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
            return size() > term.most();
          }
        };
  }

  Future<V> of(K key) {
    Instant now = term.clock().instant();
    Kept<V> known = entries.get(key);
    if (known != null && !known.answer().failed() && now.isBefore(known.until())) {
      return here(known.answer());
    }
    entries.remove(key);
    Future<V> answer = source.apply(key);
    entries.put(key, new Kept<>(answer, now.plus(term.time())));
    return here(answer);
  }

  /** What follows must run in the context of who asks now: it has its own deadline and trace. */
  private static <V> Future<V> here(Future<V> answer) {
    var context = ContextInternal.current();
    if (context == null) {
      return answer;
    }
    var promise = context.<V>promise();
    answer.onComplete(promise);
    return promise.future();
  }
}
