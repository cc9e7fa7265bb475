package dev.lode.load;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Clients that post one body after the other, each until it is acknowledged. Thread-safe. */
final class CrashWriters {
  private static final long PATIENCE_SECONDS = 120;

  private final Notes notes;
  private final String url;
  private State state = State.DOWN;
  private int underWay;
  private long acknowledged;
  private long resent;
  private String refusal = "";

  private enum State {
    DOWN,
    POSTING,
    DRAINING,
    ENDED
  }

  CrashWriters(Notes notes, String url, int count) {
    this.notes = notes;
    this.url = url;
    for (int i = 0; i < count; i++) {
      Thread.ofVirtual().start(this::write);
    }
  }

  /** The server is up. */
  void post() {
    become(State.POSTING);
  }

  /** It is down: what is under way waits. */
  void pause() {
    become(State.DOWN);
  }

  void end() {
    become(State.ENDED);
  }

  private synchronized void become(State next) {
    state = next;
    notifyAll();
  }

  /** Returns when everything is acknowledged. */
  synchronized void drain() throws InterruptedException {
    become(State.DRAINING);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (underWay > 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "Not acknowledged in %d s: %s".formatted(PATIENCE_SECONDS, refusal));
      }
      wait(1000);
    }
  }

  synchronized long acknowledged() {
    return acknowledged;
  }

  synchronized long resent() {
    return resent;
  }

  private void write() {
    try {
      while (mayBegin()) {
        deliver(notes.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean mayBegin() throws InterruptedException {
    while (state == State.DOWN || state == State.DRAINING) {
      wait();
    }
    underWay += state == State.ENDED ? 0 : 1;
    return state != State.ENDED;
  }

  /** One in ten is sent once more than needed. */
  private void deliver(Notes.Body body) throws InterruptedException {
    while (mayGoOn() && !posted(body)) {
      synchronized (this) {
        resent++;
      }
    }
    if (body.hashCode() % 10 == 0) {
      posted(body);
    }
    synchronized (this) {
      acknowledged++;
      underWay--;
      notifyAll();
    }
  }

  private synchronized boolean mayGoOn() throws InterruptedException {
    while (state == State.DOWN) {
      wait();
    }
    return state != State.ENDED;
  }

  private boolean posted(Notes.Body body) throws InterruptedException {
    try {
      var answer =
          new LodeClient(url)
              .post(
                  "/v1/ingest/shop/note",
                  BodyPublishers.ofString(body.text()),
                  Map.of("Content-Type", "application/x-ndjson", "Idempotency-Key", body.key()));
      return answer.path("received").asLong() == body.lines();
    } catch (IOException killed) {
      synchronized (this) {
        refusal = killed.toString();
      }
      TimeUnit.MILLISECONDS.sleep(20);
      return false;
    }
  }
}
