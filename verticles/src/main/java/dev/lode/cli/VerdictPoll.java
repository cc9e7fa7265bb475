package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks what became of files that landed, until it is known or the time is up.
 *
 * @param path of the entity they were posted to
 * @param patience for all of them together
 */
record VerdictPoll(Client client, String path, Duration patience) {
  private static final long POLL_NANOS = Duration.ofMillis(100).toNanos();

  VerdictPoll {
    requireNonNull(client, "client is null");
  }

  Verdicts of(List<Outcome> outcomes) {
    var verdicts = new Verdicts();
    long end = System.nanoTime() + patience.toNanos();
    for (Outcome outcome : outcomes) {
      if (!outcome.isFailed() && outcome.received() > 0) {
        verdicts.add(outcome, judged(outcome, end));
      }
    }
    return verdicts;
  }

  private JsonNode judged(Outcome outcome, long end) {
    String batch = "%s/%s?snapshot_id=%s".formatted(path, outcome.batchId(), outcome.snapshotId());
    JsonNode verdict = client.get(batch);
    while (!verdict.path("judged").asBoolean() && System.nanoTime() < end) {
      LockSupport.parkNanos(POLL_NANOS);
      verdict = client.get(batch);
    }
    return verdict;
  }
}
