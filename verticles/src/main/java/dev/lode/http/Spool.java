package dev.lode.http;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;

/**
 * Keeps a body until it is known to be whole: written once from end to end, then read. A short one
 * stays in memory, a longer one goes to a temporary file that has no name any more once it is open.
 * Lives on one event loop; one step at a time.
 */
final class Spool {
  private static final int MEMORY_MAX = 256 * 1024;

  private final Vertx vertx;
  private final SpoolRoom room;
  private Buffer memory = Buffer.buffer();
  private Future<AsyncFile> file;
  private long written;
  private long read;
  private boolean closed;

  Spool(Vertx vertx, SpoolRoom room) {
    this.vertx = requireNonNull(vertx, "vertx is null");
    this.room = requireNonNull(room, "room is null");
  }

  /** Completes when the next bytes may come. */
  Future<Void> write(Buffer bytes) {
    room.take(bytes.length());
    written += bytes.length();
    if (room.isOver()) {
      return Future.failedFuture(full());
    }
    memory.appendBuffer(bytes);
    return memory.length() < MEMORY_MAX ? Future.succeededFuture() : flush();
  }

  private Failure full() {
    String limit = "%d bytes (http.gzip-held)".formatted(room.max());
    return written > room.max()
        ? new Failure(
            ErrorCode.LIMIT_EXCEEDED,
            "Cannot take the body: compressed it is longer than " + limit,
            "Send it in parts, or not compressed, or raise the limit in conf/lode.yaml.")
        : new Failure(
            ErrorCode.OWNER_BUSY,
            "Cannot take the body: compressed bodies under way take all of " + limit);
  }

  private Future<Void> flush() {
    Buffer block = memory;
    long at = written - block.length();
    memory = Buffer.buffer();
    if (file == null) {
      file = open();
    }
    return file.compose(open -> open.write(block, at)).recover(Spool::broken);
  }

  private Future<AsyncFile> open() {
    var files = vertx.fileSystem();
    return files
        .createTempFile("lode-body", ".gz")
        .compose(path -> files.open(path, new OpenOptions().setRead(true).setDeleteOnClose(true)))
        .onSuccess(
            open -> {
              if (closed) {
                open.close();
              }
            });
  }

  private static <T> Future<T> broken(Throwable cause) {
    return Future.failedFuture(
        new Failure(
            ErrorCode.BACKEND_DOWN,
            "Cannot keep a compressed body until its end: " + cause.getMessage(),
            "See that the folder for temporary files can be written to and has room."));
  }

  /** What was written, from the beginning, {@code length} bytes at most; empty at the end. */
  Future<Buffer> read(int length) {
    long filed = written - memory.length();
    if (read >= filed) {
      int from = (int) (read - filed);
      int to = Math.min(memory.length(), from + length);
      read += to - from;
      return Future.succeededFuture(memory.getBuffer(from, to));
    }
    int most = (int) Math.min(length, filed - read);
    return file.compose(open -> open.read(Buffer.buffer(most), 0, read, most))
        .onSuccess(piece -> read += piece.length())
        .recover(Spool::broken);
  }

  void close() {
    if (!closed) {
      closed = true;
      room.take(-written);
      memory = Buffer.buffer();
      if (file != null) {
        file.onSuccess(AsyncFile::close);
      }
    }
  }
}
