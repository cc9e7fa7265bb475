package dev.lode.http;

import dev.lode.codecs.Bytes;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Ingest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/**
 * One body, streamed: at most one chunk is with ingest and one more is gathered here; beyond that
 * the sender is paused. Lives on one event loop.
 */
final class Upload {
  private static final int CHUNK_MAX = 256 * 1024;

  /** Gzip grows at most about a thousandfold: this bounds what one step decodes. */
  private static final int GZIP_PIECE_MAX = 16 * 1024;

  private final Uploads uploads;
  private final Exchange exchange;
  private final Ingest.Opened opened;
  private final Gunzip gunzip;
  private Buffer gathered = Buffer.buffer();
  private long bytes;
  private boolean sending;
  private boolean ended;
  private boolean over;

  /** {@code gunzip} null for a plain body. */
  Upload(Uploads uploads, Exchange exchange, Ingest.Opened opened, Gunzip gunzip) {
    this.uploads = uploads;
    this.exchange = exchange;
    this.opened = opened;
    this.gunzip = gunzip;
  }

  void start() {
    var request = exchange.request();
    request.exceptionHandler(gone -> abort());
    exchange.route().response().closeHandler(gone -> abort());
    if (exchange.route().response().closed()) {
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
    gathered.appendBuffer(buffer);
    if (gathered.length() >= CHUNK_MAX) {
      exchange.request().pause();
    }
    step();
  }

  private void step() {
    if (over || sending) {
      return;
    }
    try {
      Buffer chunk = next();
      if (chunk.length() > 0) {
        send(chunk);
      } else if (ended) {
        close();
      }
    } catch (Failure failure) {
      fail(failure);
    }
  }

  /** The next decoded bytes; empty where there are none yet. */
  private Buffer next() {
    Buffer chunk = Buffer.buffer();
    while (chunk.length() == 0 && gathered.length() > 0) {
      int length = gunzip == null ? gathered.length() : GZIP_PIECE_MAX;
      int cut = Math.min(length, gathered.length());
      Buffer piece = gathered.getBuffer(0, cut);
      gathered = gathered.getBuffer(cut, gathered.length());
      chunk = gunzip == null ? piece : gunzip.decode(piece);
    }
    bytes += chunk.length();
    if (bytes > uploads.bytesMax()) {
      throw new Failure(
          ErrorCode.LIMIT_EXCEEDED,
          "Cannot take the body: more than %d bytes (http.upload-max)"
              .formatted(uploads.bytesMax()));
    }
    return chunk;
  }

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
    if (gunzip != null) {
      gunzip.end();
    }
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

  private void fail(Throwable cause) {
    if (!over) {
      abort();
      exchange.fail(cause);
    }
  }

  /** What was committed stays; the rest will not come. */
  private void abort() {
    if (!over) {
      finish();
      var close = new Ingest.Close(opened.tenantId(), opened.streamId(), true);
      uploads
          .bus()
          .request(Ingest.CLOSE.owner(opened.owner()), close, uploads.step(exchange.call()));
    }
  }

  private void finish() {
    over = true;
    if (gunzip != null) {
      gunzip.close();
    }
  }
}
