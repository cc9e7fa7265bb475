package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who is connected, and what each asks now. Of more than may be, some are kept until they have had
 * their answer; a body whose framing breaks ends with one as well. Lives on one event loop.
 */
final class Connections {
  /** Connections beyond the limit that are told so; more would make the limit another one. */
  private static final int SURPLUS_MAX = 64;

  private static final long SURPLUS_MILLIS = 2000;

  private final Vertx vertx;
  private final HttpServerOptions options;
  private final int max;
  private final Map<HttpConnection, Open> open = new HashMap<>();
  private int surplus;

  /** A connection; {@code broken} is told where the framing of its body is wrong. */
  private static final class Open {
    private final boolean surplus;
    private HttpServerRequest request;
    private Consumer<Failure> broken;

    Open(boolean surplus) {
      this.surplus = surplus;
    }
  }

  Connections(Vertx vertx, HttpServerOptions options, int max) {
    this.vertx = requireNonNull(vertx, "vertx is null");
    this.options = requireNonNull(options, "options is null");
    this.max = max;
  }

  void admit(HttpConnection connection) {
    boolean beyond = open.size() - surplus >= max;
    if (beyond && surplus >= SURPLUS_MAX) {
      connection.close();
      return;
    }
    var state = new Open(beyond);
    open.put(connection, state);
    surplus += beyond ? 1 : 0;
    Context context = vertx.getOrCreateContext();
    StrictDecoder.install(
        connection, options, cause -> context.runOnContext(run -> broken(state, cause)));
    if (beyond) {
      vertx.setTimer(SURPLUS_MILLIS, late -> connection.close());
    }
    connection.closeHandler(closed -> remove(connection, state));
  }

  private void remove(HttpConnection connection, Open state) {
    open.remove(connection);
    surplus -= state.surplus ? 1 : 0;
  }

  /** Whether the request may go on; else it is answered. */
  boolean takes(HttpServerRequest request) {
    Open state = open.get(request.connection());
    if (state == null) {
      return true;
    }
    state.request = request;
    state.broken = failure -> Problems.refuse(request, Problem.of(failure));
    if (state.surplus) {
      Problems.refuse(
          request,
          new Problem(
              503,
              ErrorCode.OWNER_BUSY,
              "Cannot serve: too many connections are open (http.connections-max)",
              ErrorCode.OWNER_BUSY.hint()));
    }
    return !state.surplus;
  }

  /** Who is told, instead of the sender at once, where the body of {@code request} breaks. */
  void onBroken(HttpServerRequest request, Consumer<Failure> handler) {
    Open state = open.get(request.connection());
    if (state != null) {
      state.broken = handler;
    }
  }

  private static void broken(Open state, Throwable cause) {
    if (state.broken != null) {
      state.broken.accept(
          Failure.invalid("Cannot read the body: its framing is wrong: " + cause.getMessage()));
    }
  }

  /** Answers whoever still waits for an answer. */
  void stop() {
    for (Open state : List.copyOf(open.values())) {
      if (state.request != null) {
        Problems.refuse(
            state.request,
            new Problem(
                503,
                ErrorCode.BACKEND_DOWN,
                "Cannot answer in time: Lode is stopping",
                "Try again once it has started; with the same Idempotency-Key nothing lands"
                    + " twice."));
      }
    }
  }
}
