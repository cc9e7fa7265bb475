package dev.lode.ingest;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Ingest;
import dev.lode.config.LodeConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Brings one body to Bronze: appends leave in order, at most chunks-in-flight at once, and what
 * Bronze refuses as busy is sent again, in order, before anything else. A partial append leaves
 * only when none is in flight, so a slow body commits at once and a fast one in whole chunks. Event
 * loop only.
 */
final class Stream {
  /** STALLED: Bronze was busy, and what is in flight must come back before anything is sent. */
  private enum Flow {
    OPEN,
    STALLED,
    PAUSED
  }

  private final Body body;
  private final Outlet outlet;
  private final Budget budget;
  private final LodeConfig.Ingest limits;

  private final Queue<Bronze.Append> refused =
      new PriorityQueue<>(Comparator.comparingLong(Stream::position));
  private int outstanding;
  private long held;
  private boolean ending;
  private boolean aborted;
  private Throwable failure;
  private Promise<Void> room;
  private Promise<Void> drained;
  private Instant active;
  private Instant stalledSince;
  private Flow flow = Flow.OPEN;

  private long landed;
  private long duplicates;
  private long quarantined;
  private long snapshotId;

  /** Where appends go, and what time it is there. */
  interface Outlet {
    Future<Bronze.Appended> append(Bronze.Append append);

    /** Appends of this tenant may leave before they are whole, while none is in flight. */
    boolean eager(String tenantId);

    /** Runs {@code later} after a pause in which Bronze can catch up. */
    void pause(Runnable later);

    Instant now();
  }

  Stream(Body body, Outlet outlet, Budget budget, LodeConfig.Ingest limits) {
    this.body = requireNonNull(body, "body is null");
    this.outlet = requireNonNull(outlet, "outlet is null");
    this.budget = requireNonNull(budget, "budget is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.active = outlet.now();
  }

  Body body() {
    return body;
  }

  /** Completes with the records read so far, when the next bytes may come. */
  Future<Long> take(byte[] bytes) {
    if (room != null) {
      fail(Failure.invalid("Cannot take a chunk: the one before it is not answered yet"));
    }
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    room = Promise.promise();
    Future<Long> permission = room.future().map(free -> body.records());
    body.feed(bytes);
    advance();
    return permission;
  }

  /** Completes when every record is committed. */
  Future<Ingest.Ingested> close() {
    body.finish();
    return end();
  }

  /** Sends no more; completes, with what landed, when nothing is in flight. */
  Future<Ingest.Ingested> abort() {
    aborted = true;
    return end();
  }

  private Future<Ingest.Ingested> end() {
    ending = true;
    drained = Promise.promise();
    Future<Ingest.Ingested> answer = drained.future().map(done -> answer());
    advance();
    return answer;
  }

  /** The sender has been silent, with nothing under way, since before {@code limit}. */
  boolean silentSince(Instant limit) {
    return outstanding == 0 && room == null && drained == null && active.isBefore(limit);
  }

  /** Sends what may be sent, then answers who may be answered. */
  void advance() {
    active = outlet.now();
    Bronze.Append next = next();
    while (next != null) {
      send(next);
      next = next();
    }
    hold();
    settle();
  }

  private Bronze.Append next() {
    boolean closed = failure != null || aborted || flow != Flow.OPEN;
    if (closed || outstanding >= limits.chunksInFlight() || !budget.free()) {
      return null;
    }
    return refused.isEmpty() ? body.next(ending || early()) : refused.poll();
  }

  /**
   * What is not whole may leave: at once without a key; with one only where all bodies together
   * hold too much, for what breaks off before it is cut should leave nothing behind.
   */
  private boolean early() {
    boolean due = outstanding == 0 && outlet.eager(body.open().tenantId());
    return due && (!body.keyed() || budget.crowded());
  }

  private void hold() {
    long now = aborted || failure != null ? 0 : body.gatheredBytes();
    budget.hold(now - held);
    held = now;
  }

  private void send(Bronze.Append append) {
    long bytes = Body.retained(append);
    outstanding++;
    budget.take(bytes);
    outlet
        .append(append)
        .onComplete(
            (appended, cause) -> {
              outstanding--;
              if (cause == null) {
                count(append, appended);
              } else {
                refuse(append, cause);
              }
              budget.giveBack(bytes);
              advance();
            });
  }

  private void count(Bronze.Append append, Bronze.Appended appended) {
    stalledSince = null;
    landed += appended.appended();
    duplicates += appended.duplicates();
    snapshotId = appended.snapshotId();
    quarantined +=
        append.records().stream()
            .skip(appended.duplicates())
            .filter(raw -> raw.defect() != null)
            .count();
  }

  private void refuse(Bronze.Append append, Throwable cause) {
    boolean again =
        cause instanceof Failure f
            && (f.code() == ErrorCode.OWNER_BUSY || f.code() == ErrorCode.COMMIT_CONFLICT);
    stalledSince = stalledSince == null ? outlet.now() : stalledSince;
    if (!again || stalledSince.plus(limits.idleTimeout().duration()).isBefore(outlet.now())) {
      fail(cause);
      return;
    }
    refused.add(append);
    flow = Flow.STALLED;
  }

  private void fail(Throwable cause) {
    failure = failure == null ? cause : failure;
  }

  private void settle() {
    if (flow == Flow.STALLED && outstanding == 0) {
      flow = Flow.PAUSED;
      outlet.pause(this::resume);
    }
    if (room != null && (failure != null || roomy())) {
      Promise<Void> waiting = room;
      room = null;
      answer(waiting);
    }
    if (drained != null && (finished() || (failure != null && !aborted))) {
      answer(drained);
    }
  }

  private void resume() {
    flow = Flow.OPEN;
    advance();
  }

  private boolean roomy() {
    return flow == Flow.OPEN
        && outstanding < limits.chunksInFlight()
        && budget.free()
        && refused.isEmpty()
        && !body.hasFull();
  }

  private boolean finished() {
    return outstanding == 0 && (aborted || (refused.isEmpty() && body.isEmpty()));
  }

  private void answer(Promise<Void> waiting) {
    if (failure == null || (aborted && waiting == drained)) {
      waiting.tryComplete();
    } else {
      waiting.tryFail(failure);
    }
  }

  private Ingest.Ingested answer() {
    Ingest.Open open = body.open();
    return new Ingest.Ingested(
        open.tenantId(),
        body.batchId().toString(),
        Bronze.table(open.source(), open.entity()),
        snapshotId,
        landed + duplicates,
        landed - quarantined,
        duplicates,
        quarantined,
        body.defects());
  }

  private static long position(Bronze.Append append) {
    return append.records().getFirst().position();
  }
}
