package dev.lode.tools;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.CallContext;
import dev.lode.codecs.Query;
import dev.lode.codecs.Tools;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Wraps an answer in what it is worth. For one thread. */
final class Envelope {
  private static final Duration ASSESS_TIME = Duration.ofSeconds(2);

  private final Clock clock;
  private final Remembered<Query.Assess, Query.Assessed> assessed;

  Envelope(Bus bus, Remembered.Term term) {
    requireNonNull(bus, "bus is null");
    this.clock = term.clock();
    this.assessed =
        new Remembered<>(
            term,
            ask -> bus.request(Query.ASSESS, ask, CallContext.within(ASSESS_TIME, term.clock())));
  }

  Future<Tools.Result> around(String tenantId, Answer answer) {
    Map<String, Long> read =
        answer.snapshots().entrySet().stream()
            .filter(entry -> entry.getValue() != 0)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    if (answer.data().get("namespace") instanceof String namespace && !read.isEmpty()) {
      read.put("vectors." + namespace, read.values().iterator().next());
    }
    if (read.isEmpty()) {
      return Future.succeededFuture(result(answer, unknown(tenantId), answer.degraded()));
    }
    return assessed
        .of(new Query.Assess(tenantId, read))
        .map(worth -> result(answer, worth, with(answer.degraded(), worth.degraded())))
        .otherwise(
            cause ->
                result(
                    answer,
                    unknown(tenantId),
                    with(
                        answer.degraded(),
                        List.of("freshness and quality are missing: " + cause.getMessage()))));
  }

  private static Query.Assessed unknown(String tenantId) {
    return new Query.Assessed(tenantId, null, null, List.of());
  }

  private Tools.Result result(Answer answer, Query.Assessed worth, List<String> degraded) {
    return new Tools.Result(
        worth.tenantId(),
        answer.data(),
        Answer.fields(
            "snapshots", answer.snapshots(),
            "lineage_ids", answer.lineageIds().stream().distinct().toList()),
        ageMillis(worth.oldest()),
        worth.qualityScore(),
        answer.truncated(),
        degraded);
  }

  private long ageMillis(Instant oldest) {
    return oldest == null ? -1 : Math.max(0, Duration.between(oldest, clock.instant()).toMillis());
  }

  private static List<String> with(List<String> list, List<String> more) {
    var longer = new ArrayList<>(list);
    longer.addAll(more);
    return longer;
  }
}
