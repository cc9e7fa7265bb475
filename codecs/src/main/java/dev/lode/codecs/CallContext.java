package dev.lode.codecs;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.spi.context.storage.AccessMode;
import io.vertx.core.spi.context.storage.ContextLocal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What travels with every request besides its body: until when an answer is wanted, and the W3C
 * trace it belongs to. Handlers inherit it, so requests made while answering carry it on.
 *
 * @param traceparent {@code 00-<32 hex trace id>-<16 hex span id>-01}
 */
public record CallContext(Instant deadline, String traceparent) {
  static final String DEADLINE = "lode-deadline";
  static final String TRACEPARENT = "traceparent";
  static final ContextLocal<CallContext> LOCAL = ContextLocal.registerLocal(CallContext.class);

  /** A new trace that must end within {@code timeout}. */
  public static CallContext within(Duration timeout, Clock clock) {
    return new CallContext(clock.instant().plus(timeout), traceparent(hex(16), hex(8)));
  }

  /** The same trace as {@code traceparent} where that is well-formed, else a new one. */
  public static CallContext continuing(String traceparent, Duration timeout, Clock clock) {
    boolean known =
        traceparent != null
            && traceparent.matches("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    return known
        ? new CallContext(clock.instant().plus(timeout), traceparent)
        : within(timeout, clock);
  }

  /** The context of the request being handled on this thread, or null outside one. */
  public static CallContext current() {
    Context context = Vertx.currentContext();
    return context == null ? null : context.getLocal(LOCAL, AccessMode.CONCURRENT);
  }

  /** Makes this the context of what is being handled on this thread. */
  public void enter() {
    Context context = Vertx.currentContext();
    if (context != null) {
      context.putLocal(LOCAL, AccessMode.CONCURRENT, this);
    }
  }

  /** The 32 hex digits that name the whole trace. */
  public String traceId() {
    return traceparent.substring(3, 35);
  }

  /** The same trace and deadline, under a span of its own. */
  CallContext child() {
    return new CallContext(deadline, traceparent(traceId(), hex(8)));
  }

  void writeTo(MultiMap headers) {
    headers.set(DEADLINE, Long.toString(deadline.toEpochMilli()));
    headers.set(TRACEPARENT, traceparent);
  }

  static CallContext readFrom(MultiMap headers) {
    String deadline = headers.get(DEADLINE);
    String traceparent = headers.get(TRACEPARENT);
    return deadline == null || traceparent == null
        ? null
        : new CallContext(Instant.ofEpochMilli(Long.parseLong(deadline)), traceparent);
  }

  private static String traceparent(String traceId, String spanId) {
    return "00-" + traceId + "-" + spanId + "-01";
  }

  private static String hex(int bytes) {
    byte[] random = new byte[bytes];
    ThreadLocalRandom.current().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
