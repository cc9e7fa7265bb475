package dev.lode.lineage;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import io.vertx.ext.web.client.WebClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Posts recorded events, in order, one at a time; where that fails it waits, longer each time, and
 * goes on from the event that failed. After a restart the last batch may be told again, under the
 * same run ids. Not thread-safe: called and called back on one verticle's context.
 */
final class RunPoster {
  private static final Logger LOG = LoggerFactory.getLogger(RunPoster.class);
  private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final WebClient client;
  private final String url;
  private final RunLedger ledger;
  private final Clock clock;
  private Long posted;
  private boolean posting;
  private RunLedger.Batch batch;
  private int done;
  private Duration pause = Duration.ZERO;
  private Instant resume = Instant.MIN;

  RunPoster(WebClient client, String url, RunLedger ledger, Clock clock) {
    this.client = requireNonNull(client, "client is null");
    this.url = requireNonNull(url, "url is null");
    this.ledger = requireNonNull(ledger, "ledger is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.posted = ledger.posted();
    ledger.needs(posted);
  }

  /** The snapshot of the ledger up to which everything was posted; null for nothing. */
  Long posted() {
    return posted;
  }

  /** Why the last attempt failed is in the log; true while the receiver does not answer. */
  boolean failing() {
    return !pause.isZero();
  }

  /** Goes on posting, unless that is under way or must wait. */
  void post() {
    if (posting || clock.instant().isBefore(resume)) {
      return;
    }
    if (batch == null) {
      batch = ledger.next(posted).orElse(null);
      done = 0;
    }
    if (batch != null) {
      posting = true;
      rest(batch.events()).onFailure(this::pause).onComplete(ended -> posting = false);
    }
  }

  private Future<Void> rest(List<String> events) {
    if (done == events.size()) {
      posted = batch.snapshotId();
      ledger.needs(posted);
      batch = null;
      pause = Duration.ZERO;
      return Future.succeededFuture();
    }
    return send(events.get(done))
        .compose(
            sent -> {
              done++;
              return rest(events);
            });
  }

  private Future<Void> send(String event) {
    return client
        .postAbs(url)
        .timeout(TIMEOUT.toMillis())
        .putHeader("content-type", "application/json")
        .sendBuffer(Buffer.buffer(event))
        .compose(
            response ->
                switch (response.statusCode() / 100 == 2 ? 200 : response.statusCode()) {
                  case 200 -> Future.succeededFuture();
                  case 400, 422 -> refused(response.bodyAsString());
                  default -> Future.failedFuture("status " + response.statusCode());
                });
  }

  /** What the receiver will never take must not hold up the rest. */
  private Future<Void> refused(String answer) {
    LOG.warn("Left out a run event that " + url + " refused: " + answer);
    return Future.succeededFuture();
  }

  private void pause(Throwable cause) {
    if (pause.isZero()) {
      LOG.warn("Cannot post run events to " + url + ", will try again: " + cause.getMessage());
    }
    Duration longer = pause.isZero() ? Duration.ofSeconds(1) : pause.multipliedBy(2);
    pause = longer.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : longer;
    resume = clock.instant().plus(pause);
  }
}
