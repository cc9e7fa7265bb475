package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bus;
import dev.lode.codecs.CallContext;
import dev.lode.codecs.Ingest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Bodies of records on their way to the door of ingest. */
final class Uploads {
  private static final Map<String, String> FORMATS =
      Map.of(
          "application/x-ndjson", "ndjson",
          "application/json", "json",
          "text/csv", "csv");

  private final Bus bus;
  private final Limits limits;
  private final Spool.Room room;
  private final MeterRegistry meters;

  /**
   * @param bytesMax of one body, decoded
   * @param heldMax of all compressed ones together, compressed
   * @param timeout of each step, not of the whole
   */
  record Limits(long bytesMax, long heldMax, Duration timeout, Clock clock) {}

  Uploads(Bus bus, Limits limits, MeterRegistry meters) {
    this.bus = requireNonNull(bus, "bus is null");
    this.limits = requireNonNull(limits, "limits is null");
    this.room = new Spool.Room(limits.heldMax());
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
    bus.request(Ingest.OPEN, open, step(exchange.call()))
        .onSuccess(
            opened -> new Upload(this, exchange, opened, gzip ? spool(exchange) : null).start())
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
