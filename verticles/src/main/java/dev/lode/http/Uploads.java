package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.CallContext;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Ingest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Bodies of records on their way to the door of ingest. */
final class Uploads {
  private static final Map<String, String> FORMATS =
      Map.of(
          "application/x-ndjson", "ndjson",
          "application/json", "json",
          "text/csv", "csv");

  private final Bus bus;
  private final Limits limits;
  private final SpoolRoom room;
  private final Connections connections;
  private final Set<Upload> open = new HashSet<>();
  private final MeterRegistry meters;

  /**
   * @param bytesMax of one body, decoded
   * @param heldMax of all compressed ones together, compressed
   * @param rateMin bytes a second of each, over the timeout
   * @param timeout of each step, not of the whole
   */
  record Limits(long bytesMax, long heldMax, long rateMin, Duration timeout, Clock clock) {}

  Uploads(Bus bus, Connections connections, Limits limits, MeterRegistry meters) {
    this.bus = requireNonNull(bus, "bus is null");
    this.connections = requireNonNull(connections, "connections is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.room = new SpoolRoom(limits.heldMax());
    this.meters = requireNonNull(meters, "meters is null");
  }

  void handle(Exchange exchange) {
    var request = exchange.request();
    var type = new MediaType(request.getHeader(HttpHeaders.CONTENT_TYPE));
    String format = FORMATS.get(type.check("application/x-ndjson", "application/json", "text/csv"));
    boolean gzip = MediaType.checkEncoding(request, true);
    var open =
        new Ingest.Open(
            exchange.tenant(),
            exchange.parameter("source"),
            exchange.parameter("entity"),
            format,
            exchange.parameter("Idempotency-Key"));
    request.pause();
    var broken = new AtomicReference<Failure>();
    connections.onBroken(request, broken::set);
    bus.request(Ingest.OPEN, open, step(exchange.call()))
        .onSuccess(
            opened -> {
              var upload = new Upload(this, exchange, opened, gzip ? spool(exchange) : null);
              upload.start();
              if (broken.get() != null) {
                upload.breakOff(broken.get());
              }
            })
        .onFailure(exchange::fail);
  }

  private Spool spool(Exchange exchange) {
    return new Spool(exchange.route().vertx(), room);
  }

  /** Each step has its own time: an upload lasts as long as data flows. */
  CallContext step(CallContext call) {
    return CallContext.continuing(call.traceparent(), limits.timeout(), limits.clock());
  }

  Duration timeout() {
    return limits.timeout();
  }

  Instant now() {
    return limits.clock().instant();
  }

  Bus bus() {
    return bus;
  }

  Connections connections() {
    return connections;
  }

  /** Under way from now on, until it is {@link #over}. */
  void begin(Upload upload) {
    open.add(upload);
  }

  void over(Upload upload) {
    open.remove(upload);
  }

  /** Ends every body that is still on its way. */
  void stop() {
    List.copyOf(open).forEach(Upload::stop);
  }

  /** What must come of a body within the timeout, unless it had to wait. */
  long leastBytes() {
    return limits.rateMin() * limits.timeout().toMillis() / 1000;
  }

  long bytesMax() {
    return limits.bytesMax();
  }

  void count(Ingest.Ingested ingested, long bytes) {
    records("accepted").increment((double) ingested.accepted());
    records("duplicate").increment((double) ingested.duplicates());
    records("quarantined").increment((double) ingested.quarantined());
    Counter.builder("lode.ingest.bytes")
        .description("Bytes of records, decoded.")
        .register(meters)
        .increment((double) bytes);
  }

  private Counter records(String outcome) {
    return Counter.builder("lode.ingest.records")
        .description("Records taken in over HTTP.")
        .tag("outcome", outcome)
        .register(meters);
  }
}
