package dev.lode.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Posts files, each under a key made from its bytes, so that a post repeated after a lost answer, a
 * crash or by mistake lands nothing twice. Thread-safe.
 */
final class Upload {
  private static final Duration PAUSE_FIRST = Duration.ofMillis(250);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  private final Client client;
  private final Plan plan;
  private final Meter meter;

  /**
   * How to post.
   *
   * @param path {@code /v1/ingest/<source>/<entity>}
   * @param keyPrefix begins every Idempotency-Key; null to send none
   * @param retryFor how long a busy or absent server is tried again
   */
  record Plan(String path, String keyPrefix, Duration retryFor) {}

  Upload(Client client, Plan plan, Meter meter) {
    this.client = requireNonNull(client, "client is null");
    this.plan = requireNonNull(plan, "plan is null");
    this.meter = requireNonNull(meter, "meter is null");
  }

  /** Never throws: what went wrong is in the outcome. */
  Outcome post(SourceFile file) {
    long began = System.nanoTime();
    Outcome outcome;
    try {
      JsonNode answer = patiently(file, headers(file), began);
      outcome = Outcome.landed(file, answer, System.nanoTime() - began);
    } catch (IOException e) {
      outcome = Outcome.failed(file, "cannot be read: " + e.getMessage());
    } catch (Refused e) {
      outcome = Outcome.failed(file, (e.getMessage() + " " + e.hint()).strip());
    }
    meter.done(outcome);
    return outcome;
  }

  private Map<String, String> headers(SourceFile file) throws IOException {
    var headers = new LinkedHashMap<String, String>();
    if (file.isGzip()) {
      headers.put("Content-Encoding", "gzip");
    }
    if (plan.keyPrefix() != null) {
      headers.put("Idempotency-Key", plan.keyPrefix() + file.digest());
    }
    return headers;
  }

  private JsonNode patiently(SourceFile file, Map<String, String> headers, long began) {
    for (int attempt = 0; ; attempt++) {
      var counted = new Meter.Counted(meter);
      try {
        return client.upload(plan.path(), body(file, headers, counted));
      } catch (Refused e) {
        counted.undo();
        boolean isSafe = e.isBusy() || (e.status() == Refused.BROKEN && plan.keyPrefix() != null);
        if (!isSafe || System.nanoTime() - began > plan.retryFor().toNanos()) {
          throw e;
        }
        meter.note(e.getMessage() + "; trying again for " + plan.retryFor().toSeconds() + " s");
        LockSupport.parkNanos(pauseNanos(attempt));
      }
    }
  }

  private static Client.Body body(
      SourceFile file, Map<String, String> headers, Meter.Counted counted) {
    var content =
        BodyPublishers.ofInputStream(
            () -> {
              try {
                return counted.reading(Files.newInputStream(file.path()), !file.isGzip());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return new Client.Body(content, file.type(), headers);
  }

  private static long pauseNanos(int attempt) {
    return Math.min(PAUSE_FIRST.toNanos() << Math.min(attempt, 10), PAUSE_MAX.toNanos());
  }
}
