package dev.lode.ingest;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Address;
import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.CallContext;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Ingest;
import dev.lode.codecs.Message;
import dev.lode.codecs.Shards;
import dev.lode.config.LodeConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.time.Clock;
import java.time.Instant;

/** To the owner of the table in Bronze; what comes for an unknown tenant goes to quarantine. */
final class BronzeOutlet implements Stream.Outlet {
  private static final Logger LOG = LoggerFactory.getLogger(BronzeOutlet.class);

  private final Bus bus;
  private final Vertx vertx;
  private final LodeConfig config;
  private final Clock clock;

  BronzeOutlet(Bus bus, Vertx vertx, LodeConfig config, Clock clock) {
    this.bus = requireNonNull(bus, "bus is null");
    this.vertx = requireNonNull(vertx, "vertx is null");
    this.config = requireNonNull(config, "config is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** The tenant may have rows. */
  boolean known(String tenantId) {
    return config.tenants().contains(tenantId);
  }

  static Failure unknown(String tenantId) {
    return new Failure(
        ErrorCode.TENANT_UNKNOWN,
        "Cannot ingest for tenant "
            + tenantId
            + ": unknown; what came is kept in "
            + Bronze.UNKNOWN_TENANT_TABLE);
  }

  @Override
  public Future<Bronze.Appended> append(Bronze.Append append) {
    return known(append.tenantId())
        ? request(Bronze.APPEND, Bronze.table(append.source(), append.entity()), append)
        : refuse(append);
  }

  /** Keeps the first append, whole, and fails the body. */
  private Future<Bronze.Appended> refuse(Bronze.Append append) {
    Failure unknown = unknown(append.tenantId());
    if (append.records().getFirst().position() > 1) {
      return Future.failedFuture(unknown);
    }
    return request(Bronze.REFUSE, Bronze.UNKNOWN_TENANT_TABLE, Bronze.Refuse.of(append))
        .compose(kept -> Future.failedFuture(unknown));
  }

  /** A body that broke off: what landed of it is not all. Told even where the mark fails. */
  Future<Ingest.Ingested> mark(Body body, Ingest.Ingested left, String why) {
    return left.landed() == 0 ? Future.succeededFuture(left) : marked(body, left, why);
  }

  /** A whole body whose key was seen before: if it had broken off then, it is whole now. */
  Future<Ingest.Ingested> settle(Body body, Ingest.Ingested whole) {
    boolean again = body.keyed() && whole.duplicates() > 0;
    return again ? marked(body, whole, null) : Future.succeededFuture(whole);
  }

  /**
   * @param why null where the body is whole
   */
  private Future<Ingest.Ingested> marked(Body body, Ingest.Ingested told, String why) {
    Ingest.Open open = body.open();
    var mark =
        new Bronze.Mark(
            open.tenantId(),
            open.source(),
            open.entity(),
            body.batchId(),
            why == null,
            told.received(),
            why);
    return request(Bronze.MARK, Bronze.BATCHES_TABLE, mark)
        .map(told)
        .recover(
            cause -> {
              LOG.warn("Cannot mark batch " + body.batchId() + " of " + told.table(), cause);
              return Future.succeededFuture(told);
            });
  }

  /** In the trace of the body, but with time of its own: a body may flow for hours. */
  private <Q extends Message> Future<Bronze.Appended> request(
      Address<Q, Bronze.Appended> address, String table, Q request) {
    CallContext current = CallContext.current();
    String trace = current == null ? null : current.traceparent();
    int owner = new Shards(config.deploy().bronze()).owner(table);
    return bus.request(
        address.owner(owner),
        request,
        CallContext.continuing(trace, config.bus().timeout().duration(), clock));
  }

  @Override
  public boolean eager(String tenantId) {
    return known(tenantId);
  }

  @Override
  public void pause(Runnable later) {
    vertx.setTimer(Math.max(1, config.bronze().groupTime().millis()), fired -> later.run());
  }

  @Override
  public Instant now() {
    return clock.instant();
  }
}
