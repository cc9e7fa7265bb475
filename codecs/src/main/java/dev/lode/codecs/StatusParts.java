package dev.lode.codecs;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One instance's part in its layer's report. Each answers at {@code <layer>.status.<shard>}; shard
 * 0 answers at {@code <layer>.status} for all of them: numbers are added up, maps united, lists
 * joined.
 */
public record StatusParts(String layer, int shard, int count) {

  public StatusParts {
    requireNonNull(layer, "layer is null");
  }

  public Future<Void> serve(Bus bus, Supplier<Future<Map<String, Object>>> values) {
    return serve(bus, ask -> values.get());
  }

  /** As {@link #serve(Bus, Supplier)}, where the answer depends on who asks. */
  public Future<Void> serve(Bus bus, Function<Status.Ask, Future<Map<String, Object>>> values) {
    Address<Status.Ask, Status.Report> whole = Status.of(layer);
    Future<Void> own =
        bus.serveAsync(
            whole.owner(shard),
            ask ->
                values
                    .apply(ask)
                    .map(part -> new Status.Report(ask.tenantId(), layer, true, part)));
    return shard > 0 ? own : own.compose(done -> bus.serveAsync(whole, ask -> gather(bus, ask)));
  }

  private Future<Status.Report> gather(Bus bus, Status.Ask ask) {
    var parts = new ArrayList<Future<Status.Report>>();
    for (int i = 0; i < count; i++) {
      parts.add(bus.request(Status.of(layer).owner(i), ask));
    }
    return Future.all(parts)
        .map(
            all -> {
              var sum = new LinkedHashMap<String, Object>();
              all.<Status.Report>list()
                  .forEach(part -> part.values().forEach((key, v) -> sum.merge(key, v, this::add)));
              return new Status.Report(ask.tenantId(), layer, true, sum);
            });
  }

  private Object add(Object one, Object other) {
    if (one instanceof Number a && other instanceof Number b) {
      return a.longValue() + b.longValue();
    }
    if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
      var union = new LinkedHashMap<Object, Object>(a);
      union.putAll(b);
      return union;
    }
    if (one instanceof List<?> a && other instanceof List<?> b) {
      var both = new ArrayList<Object>(a);
      both.addAll(b);
      return both;
    }
    return other;
  }
}
