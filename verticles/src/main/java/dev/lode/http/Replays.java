package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Address;
import dev.lode.codecs.Bus;
import dev.lode.codecs.CallContext;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.codecs.Gold;
import dev.lode.codecs.Message;
import dev.lode.codecs.Silver;
import dev.lode.codecs.Vectors;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Has the owner of a table, an index or a view make it again from what it is made of. That may take
 * longer than a request may: who prefers to is answered at once, and asks later how it ended.
 */
final class Replays {
  private static final String PREFER = "Prefer";
  private static final String RESPOND_ASYNC = "respond-async";

  private final Bus bus;
  private final ReplayRuns runs;
  private final Duration patience;
  private final Clock clock;

  /**
   * @param patience how long a replay may take that nobody waits for
   */
  Replays(Bus bus, ReplayRuns runs, Duration patience, Clock clock) {
    this.bus = requireNonNull(bus, "bus is null");
    this.runs = requireNonNull(runs, "runs is null");
    this.patience = requireNonNull(patience, "patience is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  void handle(Map<String, Consumer<Exchange>> handlers) {
    handlers.put("replay", exchange -> ask(exchange, Silver.REPLAY, replay(exchange)));
    handlers.put(
        "rebuild_mart",
        exchange ->
            ask(
                exchange,
                Gold.REBUILD,
                new Gold.Rebuild(exchange.tenant(), exchange.parameter("mart"))));
    handlers.put(
        "rebuild_vectors",
        exchange ->
            ask(
                exchange,
                Vectors.REBUILD,
                new Vectors.Rebuild(exchange.tenant(), exchange.parameter("namespace"))));
    handlers.put(
        "rebuild_features",
        exchange ->
            ask(
                exchange,
                Features.REBUILD,
                new Features.Rebuild(exchange.tenant(), exchange.parameter("view"))));
    handlers.put("get_replay", this::tell);
  }

  private static Silver.Replay replay(Exchange exchange) {
    return new Silver.Replay(
        exchange.tenant(),
        exchange.parameter("entity"),
        Boolean.TRUE.equals(exchange.body().get("quarantine_only")),
        since(exchange.body().get("since")));
  }

  private static Instant since(Object text) {
    try {
      return text == null ? null : OffsetDateTime.parse((String) text).toInstant();
    } catch (DateTimeParseException e) {
      throw Failure.invalid(
          "Invalid since: \"%s\" (must be ISO-8601 with a zone, 2011-01-31T00:00:00Z)"
              .formatted(text));
    }
  }

  private <Q extends Message, R extends Message> void ask(
      Exchange exchange, Address<Q, R> address, Q request) {
    if (prefersToGo(exchange.request())) {
      begin(exchange, address, request);
    } else {
      exchange.answer(bus.request(address, request).recover(Replays::hinted));
    }
  }

  /** RFC 7240: preferences are apart by commas, the parameters of each by semicolons. */
  private static boolean prefersToGo(HttpServerRequest request) {
    return request.headers().getAll(PREFER).stream()
        .flatMap(header -> Stream.of(header.split(",", -1)))
        .map(preference -> preference.replaceFirst(";.*", "").strip())
        .anyMatch(RESPOND_ASYNC::equalsIgnoreCase);
  }

  private static <R> Future<R> hinted(Throwable cause) {
    boolean late = cause instanceof Failure failure && failure.code() == ErrorCode.DEADLINE_PASSED;
    return Future.failedFuture(
        late
            ? new Failure(
                ErrorCode.DEADLINE_PASSED,
                cause.getMessage(),
                "It may go on all the same; ask with Prefer: respond-async to learn how it ends.")
            : cause);
  }

  private <Q extends Message, R extends Message> void begin(
      Exchange exchange, Address<Q, R> address, Q request) {
    String path = exchange.request().path();
    Instant now = clock.instant();
    String id = UUID.randomUUID().toString();
    var run = new ReplayRun(id, exchange.tenant(), path, now, null, null, null);
    runs.begin(run);
    var call = new CallContext(now.plus(patience), exchange.call().traceparent());
    bus.request(address, request, call)
        .onSuccess(answer -> runs.end(run.done(clock.instant(), answer)))
        .onFailure(
            cause -> {
              Problem problem = Problem.of((Failure) cause);
              runs.end(run.failed(clock.instant(), problem.json(path, call.traceId())));
            });
    exchange
        .route()
        .response()
        .putHeader(HttpHeaders.LOCATION, "/v1/replays/" + id)
        .putHeader("Preference-Applied", RESPOND_ASYNC);
    exchange.answer(202, run.json(now));
  }

  private void tell(Exchange exchange) {
    String id = exchange.parameter("id");
    ReplayRun run =
        runs.find(exchange.tenant(), id)
            .orElseThrow(
                () ->
                    new Failure(
                        ErrorCode.NOT_FOUND,
                        "Cannot tell of replay %s: none of this tenant has that id".formatted(id),
                        "The last ones are remembered, until the server stops."
                            + " Ask for it again: a second time changes nothing."));
    exchange.answer(200, run.json(clock.instant()));
  }
}
