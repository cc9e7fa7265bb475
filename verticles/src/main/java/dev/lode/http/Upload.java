package dev.lode.http;

import dev.lode.codecs.Bytes;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Ingest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.time.Instant;

/**
 * One body, streamed: at most one chunk is with ingest and one more is gathered here; beyond that
 * the sender is paused. A compressed one waits in a spool until its checksum has held: none of its
 * records lands before, for only then is it known to be as it was sent. Lives on one event loop.
 */
final class Upload {
  private static final int CHUNK_MAX = 256 * 1024;

  /** Gzip grows at most about a thousandfold: this bounds what one step decodes. */
  private static final int GZIP_PIECE_MAX = 16 * 1024;

  private final Uploads uploads;
  private final Exchange exchange;
  private final Ingest.Opened opened;
  private final Spool spool;
  private Gunzip gunzip;
  private Buffer gathered = Buffer.buffer();
  private long bytes;
  private long came;
  private long pace;
  private boolean held;
  private boolean sending;
  private boolean ended;
  private boolean verified;
  private Instant told;
  private boolean over;

  /** {@code spool} null for a plain body, else its place until it is whole. */
  Upload(Uploads uploads, Exchange exchange, Ingest.Opened opened, Spool spool) {
    this.uploads = uploads;
    this.exchange = exchange;
    this.opened = opened;
    this.spool = spool;
    this.gunzip = spool == null ? null : new Gunzip();
  }

  void start() {
    var request = exchange.request();
    uploads.begin(this);
    pace = exchange.route().vertx().setPeriodic(uploads.timeout().toMillis(), tick -> judgePace());
    request.exceptionHandler(gone -> abort());
    uploads.connections().onBroken(request, this::breakOff);
    exchange.route().response().closeHandler(gone -> abort());
    if (exchange.route().response().closed() || exchange.route().response().ended()) {
      abort(); // The sender went away while the stream was opened: no handler is told any more.
      return;
    }
    request.handler(this::gather);
    request.endHandler(
        end -> {
          ended = true;
          step();
        });
    if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
      exchange.route().response().writeContinue();
    }
    request.resume();
  }

  private void gather(Buffer buffer) {
    if (over) {
      return;
    }
    came += buffer.length();
    gathered.appendBuffer(buffer);
    if (gathered.length() >= CHUNK_MAX) {
      held = true;
      exchange.request().pause();
    }
    step();
  }

  /** A sender that was not held up and brings next to nothing would keep its place for hours. */
  private void judgePace() {
    boolean slow = !ended && !held && !sending && came < uploads.leastBytes();
    if (slow) {
      fail(
          new Failure(
              ErrorCode.BODY_SLOW,
              "Cannot wait for the body: only %d bytes came within %d ms (http.body-rate-min)"
                  .formatted(came, uploads.timeout().toMillis())));
    }
    came = 0;
    held = gathered.length() >= CHUNK_MAX;
  }

  /** Its framing is wrong: nothing more can be read of the connection. */
  void breakOff(Failure cause) {
    var connection = exchange.request().connection();
    exchange.route().addEndHandler(told -> connection.close());
    fail(cause);
  }

  /** What has come may be committed; the rest is to come again. */
  void stop() {
    if (!ended) {
      fail(
          new Failure(
              ErrorCode.BACKEND_DOWN,
              "Cannot take the rest of the body: Lode is stopping",
              "Send it again once it has started; with the same Idempotency-Key nothing lands"
                  + " twice."));
    }
  }

  private void step() {
    if (over || sending) {
      return;
    }
    try {
      if (spool != null) {
        unpack();
      } else if (gathered.length() > 0) {
        send(counted(taken(gathered.length())));
      } else if (ended) {
        close();
      }
    } catch (Failure failure) {
      fail(failure);
    }
  }

  private Buffer taken(int length) {
    int cut = Math.min(length, gathered.length());
    Buffer piece = gathered.getBuffer(0, cut);
    gathered = gathered.getBuffer(cut, gathered.length());
    return piece;
  }

  private Buffer counted(Buffer chunk) {
    bytes += chunk.length();
    if (bytes > uploads.bytesMax()) {
      throw new Failure(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot take the body: more than %d bytes (http.upload-max)"
              .formatted(uploads.bytesMax()));
    }
    return chunk;
  }

  private void unpack() {
    if (verified) {
      land();
    } else if (gathered.length() > 0) {
      Buffer piece = taken(GZIP_PIECE_MAX);
      counted(gunzip.decode(piece));
      sending = true;
      spool.write(piece).onSuccess(written -> goOn()).onFailure(this::fail);
    } else if (ended) {
      gunzip.end();
      gunzip.close();
      gunzip = new Gunzip();
      verified = true;
      land();
    }
  }

  /** Ingest must not take a body for silent that it sees nothing of. */
  private void goOn() {
    if (!over) {
      send(Buffer.buffer());
    }
  }

  /** Decodes again what has been verified. */
  private void land() {
    sending = true;
    spool
        .read(GZIP_PIECE_MAX)
        .onSuccess(
            piece -> {
              if (!over) {
                sending = false;
                keepOpen();
                landed(piece);
              }
            })
        .onFailure(this::fail);
  }

  /** Whoever has sent all and waits long for the answer would take the connection for dead. */
  private void keepOpen() {
    Instant now = uploads.now();
    if (told == null) {
      told = now;
    } else if (now.isAfter(told.plus(uploads.timeout()))
        && exchange.request().version() == HttpVersion.HTTP_1_1) {
      told = now;
      exchange.route().response().writeContinue();
    }
  }

  private void landed(Buffer piece) {
    if (piece.length() == 0) {
      close();
    } else {
      send(gunzip.decode(piece));
    }
  }

  /** An empty one tells ingest that the body goes on. */
  private void send(Buffer chunk) {
    sending = true;
    var message =
        new Ingest.Chunk(opened.tenantId(), opened.streamId(), Bytes.of(chunk.getBytes()));
    uploads
        .bus()
        .request(Ingest.CHUNK.owner(opened.owner()), message, uploads.step(exchange.call()))
        .onSuccess(
            taken -> {
              sending = false;
              if (!over && gathered.length() < CHUNK_MAX) {
                exchange.request().resume();
              }
              step();
            })
        .onFailure(this::fail);
  }

  private void close() {
    finish();
    var close = new Ingest.Close(opened.tenantId(), opened.streamId(), false);
    uploads
        .bus()
        .request(Ingest.CLOSE.owner(opened.owner()), close, uploads.step(exchange.call()))
        .onSuccess(
            ingested -> {
              uploads.count(ingested, bytes);
              exchange.answer(ingested.accepted() > 0 ? 201 : 200, ingested);
            })
        .onFailure(exchange::fail);
  }

  /** Answers with what had landed. */
  private void fail(Throwable cause) {
    if (!over) {
      abort()
          .onSuccess(
              left ->
                  exchange.fail(cause instanceof Failure failure ? left.because(failure) : cause))
          .onFailure(unknown -> exchange.fail(cause));
    }
  }

  /** What was committed stays; the rest will not come. */
  private Future<Ingest.Ingested> abort() {
    if (over) {
      return Future.failedFuture("The body is over");
    }
    finish();
    var close = new Ingest.Close(opened.tenantId(), opened.streamId(), true);
    return uploads
        .bus()
        .request(Ingest.CLOSE.owner(opened.owner()), close, uploads.step(exchange.call()));
  }

  private void finish() {
    over = true;
    uploads.over(this);
    exchange.route().vertx().cancelTimer(pace);
    if (spool != null) {
      gunzip.close();
      spool.close();
    }
  }
}
