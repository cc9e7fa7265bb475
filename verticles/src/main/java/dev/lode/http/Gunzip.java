package dev.lode.http;

import dev.lode.codecs.Failure;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes gzip that is pushed in pieces, several members in a row included, and checks it. The
 * JDK's own stream is pulled and would block.
 */
final class Gunzip implements AutoCloseable {
  private static final int FIXED_HEADER = 10;
  private static final int TRAILER = 8;
  private static final int HEADER_MAX = 64 * 1024;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] piece = new byte[64 * 1024];
  private Buffer waiting = Buffer.buffer();
  private boolean inside;
  private boolean any;

  /** What {@code input} adds to the text; INVALID_REQUEST where it is not gzip. */
  Buffer decode(Buffer input) {
    waiting = waiting.length() == 0 ? input : waiting.appendBuffer(input);
    Buffer output = Buffer.buffer();
    boolean moves = true;
    while (moves) {
      moves = inside ? inflate(output) : header();
    }
    return output;
  }

  /** At the end of the input. */
  void end() {
    if (inside || waiting.length() > 0 || !any) {
      throw corrupt("it ends early");
    }
  }

  private boolean header() {
    int length = headerLength(waiting);
    if (length < 0) {
      if (waiting.length() > HEADER_MAX) {
        throw corrupt("its header is too long");
      }
      return false;
    }
    waiting = waiting.getBuffer(length, waiting.length());
    inflater.reset();
    crc.reset();
    inside = true;
    any = true;
    return true;
  }

  /** -1 where more is needed. */
  private static int headerLength(Buffer in) {
    if (in.length() >= 2 && (in.getUnsignedByte(0) != 0x1f || in.getUnsignedByte(1) != 0x8b)) {
      throw corrupt("it does not begin as gzip does");
    }
    if (in.length() < FIXED_HEADER) {
      return -1;
    }
    int flags = in.getUnsignedByte(3);
    int at = FIXED_HEADER;
    if ((flags & EXTRA) != 0) {
      if (in.length() < at + 2) {
        return -1;
      }
      at += 2 + in.getUnsignedShortLE(at);
    }
    for (int field : new int[] {NAME, COMMENT}) {
      if ((flags & field) != 0) {
        at = afterZero(in, at);
      }
    }
    at += (flags & HEADER_CRC) != 0 && at >= 0 ? 2 : 0;
    return at > in.length() ? -1 : at;
  }

  private static int afterZero(Buffer in, int from) {
    for (int i = from; from >= 0 && i < in.length(); i++) {
      if (in.getByte(i) == 0) {
        return i + 1;
      }
    }
    return Integer.MIN_VALUE;
  }

  private boolean inflate(Buffer output) {
    if (!inflater.finished()) {
      byte[] bytes = waiting.getBytes();
      inflater.setInput(bytes);
      drain(output);
      waiting = waiting.getBuffer(bytes.length - inflater.getRemaining(), bytes.length);
    }
    if (!inflater.finished() || waiting.length() < TRAILER) {
      return false;
    }
    var trailer = ByteBuffer.wrap(waiting.getBytes(0, TRAILER)).order(ByteOrder.LITTLE_ENDIAN);
    if (trailer.getInt() != (int) crc.getValue()
        || trailer.getInt() != (int) inflater.getBytesWritten()) {
      throw corrupt("its checksum does not match");
    }
    waiting = waiting.getBuffer(TRAILER, waiting.length());
    inside = false;
    return waiting.length() > 0;
  }

  private void drain(Buffer output) {
    try {
      int count = inflater.inflate(piece);
      while (count > 0) {
        crc.update(piece, 0, count);
        output.appendBytes(piece, 0, count);
        count = inflater.inflate(piece);
      }
    } catch (DataFormatException e) {
      throw corrupt(String.valueOf(e.getMessage()));
    }
  }

  private static Failure corrupt(String why) {
    return Failure.invalid("Cannot read the body as gzip: " + why);
  }

  @Override
  public void close() {
    inflater.end();
  }
}
