package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Who may use the threads for SQL next: the tenant that uses the fewest, and of those the one that
 * waited longest. One tenant never has all of them, so that another's statement starts at once.
 */
final class FairShare {
  private final int threads;
  private final int waitingMax;

  /** By tenant, in the order in which they were last served. */
  private final Map<String, Share> shares = new LinkedHashMap<>();

  private int running;

  private static final class Share {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;
  }

  FairShare(int threads, int waitingMax) {
    this.threads = threads;
    this.waitingMax = waitingMax;
  }

  /** Starts {@code work} once its tenant may; OWNER_BUSY where too many of its wait already. */
  <T> Future<T> run(String tenantId, Supplier<Future<T>> work) {
    requireNonNull(work, "work is null");
    Promise<T> promise = Promise.promise();
    synchronized (this) {
      var share = shares.computeIfAbsent(tenantId, tenant -> new Share());
      if (share.waiting.size() >= waitingMax) {
        return Future.failedFuture(
            new Failure(
                ErrorCode.OWNER_BUSY,
                "Cannot run the SQL: %d statements of this tenant wait (tools.sql-waiting-max)"
                    .formatted(waitingMax)));
      }
      share.waiting.add(() -> start(work).onComplete(done -> ended(tenantId)).onComplete(promise));
    }
    startNext();
    return promise.future();
  }

  private static <T> Future<T> start(Supplier<Future<T>> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void startNext() {
    for (Runnable next = next(); next != null; next = next()) {
      next.run();
    }
  }

  private synchronized Runnable next() {
    int most = Math.max(1, threads - 1);
    Optional<Map.Entry<String, Share>> chosen =
        running >= threads
            ? Optional.empty()
            : shares.entrySet().stream()
                .filter(share -> !share.getValue().waiting.isEmpty())
                .filter(share -> share.getValue().running < most)
                .min(Comparator.comparingInt(share -> share.getValue().running));
    if (chosen.isEmpty()) {
      return null;
    }
    String tenant = chosen.get().getKey();
    Share share = shares.remove(tenant);
    shares.put(tenant, share);
    share.running++;
    running++;
    return share.waiting.remove();
  }

  private void ended(String tenantId) {
    synchronized (this) {
      var share = shares.get(tenantId);
      share.running--;
      running--;
      if (share.running == 0 && share.waiting.isEmpty()) {
        shares.remove(tenantId);
      }
    }
    startNext();
  }
}
