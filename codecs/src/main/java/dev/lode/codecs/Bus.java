package dev.lode.codecs;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The event bus, with types: every failure arrives as a {@link Failure}, every request carries a
 * deadline and its trace, and what is in flight is bounded on both sides. Thread-safe.
 */
public final class Bus {
  private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

  private final EventBus eventBus;
  private final Limits limits;
  private final Clock clock;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean silent;

  /**
   * @param inFlightMax requests awaiting an answer, by one Bus; more are refused as OWNER_BUSY. The
   *     same bounds what one consumer answers at once.
   * @param timeout for requests made outside any other request
   */
  public record Limits(int inFlightMax, Duration timeout) {}

  public Bus(Vertx vertx, Limits limits, Clock clock) {
    this.eventBus = requireNonNull(vertx, "vertx is null").eventBus();
    this.limits = requireNonNull(limits, "limits is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** Call once per Vertx, before any verticle is deployed. */
  public static void registerCodecs(Vertx vertx) {
    messages().forEach(type -> register(vertx.eventBus(), type));
    vertx.eventBus().registerDefaultCodec(Failure.class, new FailureCodec());
  }

  /** Every concrete message, found through the sealed hierarchy. */
  static List<Class<?>> messages() {
    var found = new ArrayList<Class<?>>();
    for (Class<?> protocol : Message.class.getPermittedSubclasses()) {
      found.addAll(List.of(protocol.getPermittedSubclasses()));
    }
    return found;
  }

  private static <T> void register(EventBus eventBus, Class<T> type) {
    eventBus.registerDefaultCodec(type, new RecordCodec<>(type));
  }

  /**
   * Asks one owner; the answer comes before the deadline of the current request, or a Failure does.
   */
  public <Q extends Message, R extends Message> Future<R> request(
      Address<Q, R> address, Q request) {
    CallContext current = CallContext.current();
    return request(
        address, request, current == null ? CallContext.within(limits.timeout(), clock) : current);
  }

  /** Asks one owner within {@code context}. */
  public <Q extends Message, R extends Message> Future<R> request(
      Address<Q, R> address, Q request, CallContext context) {
    long left = Duration.between(clock.instant(), context.deadline()).toMillis();
    if (left <= 0) {
      return Future.failedFuture(late(address));
    }
    if (inFlight.incrementAndGet() > limits.inFlightMax()) {
      inFlight.decrementAndGet();
      return Future.failedFuture(busy(address, limits.inFlightMax()));
    }
    var options = options(context.child()).setSendTimeout(left);
    return attempt(() -> eventBus.<R>request(address.name(), request, options))
        .map(reply -> address.reply().cast(reply.body()))
        .onComplete(done -> inFlight.decrementAndGet())
        .recover(cause -> Future.failedFuture(undelivered(address, cause)));
  }

  private static DeliveryOptions options(CallContext context) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    context.writeTo(headers);
    return new DeliveryOptions().setHeaders(headers);
  }

  /**
   * Answers one request at a time; the handler may block. For worker and virtual-thread verticles.
   * A worker must not wait for a reply of this bus: its own queue would have to deliver it.
   */
  public <Q extends Message, R extends Message> Future<Void> serve(
      Address<Q, R> address, Function<Q, R> handler) {
    return serveAsync(address, request -> Future.succeededFuture(handler.apply(request)));
  }

  /** Answers requests as they come; the handler must not wait. For event-loop verticles. */
  public <Q extends Message, R extends Message> Future<Void> serveAsync(
      Address<Q, R> address, Function<Q, Future<R>> handler) {
    var answering = new AtomicInteger();
    return eventBus
        .<Q>consumer(
            address.name(),
            message -> {
              CallContext context = CallContext.readFrom(message.headers());
              answering.incrementAndGet();
              attempt(
                      () -> {
                        admit(address, context, answering.get());
                        return handler.apply(address.request().cast(message.body()));
                      })
                  .onComplete(done -> answering.decrementAndGet())
                  .onSuccess(message::reply)
                  .onFailure(cause -> message.reply(failure(address, cause)));
            })
        .completion();
  }

  private void admit(Address<?, ?> address, CallContext context, int answering) {
    if (context != null) {
      if (context.deadline().isBefore(clock.instant())) {
        throw late(address);
      }
      context.enter();
    }
    if (answering > limits.inFlightMax()) {
      throw busy(address, limits.inFlightMax());
    }
  }

  /**
   * Tells every listener, best effort: a lost fact must only cost time. The trace goes with it, the
   * deadline does not.
   */
  public <E extends Message> void publish(Topic<E> topic, E fact) {
    if (silent) {
      return;
    }
    CallContext current = CallContext.current();
    String trace = current == null ? null : current.traceparent();
    eventBus.publish(
        topic.name(), fact, options(CallContext.continuing(trace, limits.timeout(), clock)));
  }

  /** From now on facts are lost: those who would hear them are about to stop. */
  public void silence() {
    silent = true;
  }

  /** Hears facts; a listener that throws is logged and hears the next one. */
  public <E extends Message> Future<Void> listen(Topic<E> topic, Consumer<E> listener) {
    return eventBus
        .<E>consumer(
            topic.name(),
            message -> {
              String trace = message.headers().get(CallContext.TRACEPARENT);
              CallContext.continuing(trace, limits.timeout(), clock).enter();
              attempt(() -> hear(listener, topic.fact().cast(message.body())))
                  .onFailure(e -> LOG.error("Cannot handle " + topic.name(), e));
            })
        .completion();
  }

  private static <E> Future<Void> hear(Consumer<E> listener, E fact) {
    listener.accept(fact);
    return Future.succeededFuture();
  }

  /** Errors too: a handler that lacks a native library must not keep its caller waiting. */
  private static <R> Future<R> attempt(Supplier<Future<R>> handler) {
    try {
      return requireNonNull(handler.get(), "the handler returned null");
    } catch (Throwable e) {
      return Future.failedFuture(e);
    }
  }

  private static Failure failure(Address<?, ?> address, Throwable cause) {
    if (cause instanceof Failure failure) {
      return failure;
    }
    LOG.error("Cannot answer " + address.name(), cause);
    if (cause instanceof UncheckedIOException disk) {
      return new Failure(
          ErrorCode.BACKEND_DOWN,
          "Cannot answer " + address.name() + ": " + disk.getCause().getMessage(),
          "Nothing was acknowledged: see to the disk, then send it again.");
    }
    return new Failure(ErrorCode.INTERNAL, "Cannot answer " + address.name() + ": internal error");
  }

  private static Failure late(Address<?, ?> address) {
    return new Failure(
        ErrorCode.DEADLINE_PASSED, "Cannot answer " + address.name() + ": the deadline has passed");
  }

  private static Failure busy(Address<?, ?> address, int inFlightMax) {
    return new Failure(
        ErrorCode.OWNER_BUSY,
        "Cannot reach " + address.name() + ": " + inFlightMax + " requests are in flight");
  }

  private static Failure undelivered(Address<?, ?> address, Throwable cause) {
    if (cause instanceof Failure failure) {
      return failure;
    }
    String unreached = "Cannot reach " + address.name() + ": ";
    return switch (cause instanceof ReplyException reply ? reply.failureType() : null) {
      case TIMEOUT -> new Failure(ErrorCode.DEADLINE_PASSED, unreached + "no answer in time");
      case NO_HANDLERS -> new Failure(ErrorCode.OWNER_ABSENT, unreached + "not deployed");
      case null, default -> new Failure(ErrorCode.INTERNAL, unreached + cause);
    };
  }
}
