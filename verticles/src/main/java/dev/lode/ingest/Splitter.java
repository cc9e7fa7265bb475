package dev.lode.ingest;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Ingest.Defect;
import java.util.Arrays;

/**
 * Cuts a body into records: bytes come in order, cut anywhere; each record leaves as soon as it is
 * whole. Holds at most one open record of {@code lineMax} bytes; a longer one is cut to that. A
 * byte order mark is left out. Not thread-safe.
 */
abstract sealed class Splitter permits NdjsonSplitter, JsonSplitter, CsvSplitter {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  final Sink sink;
  final OpenRecord open;

  /** The line that the next byte is on, from 1. */
  long line = 1;

  private byte[] start = OpenRecord.NONE;

  /** Takes the records of one body, in order. */
  interface Sink {

    /** The CSV header, before any record. */
    void header(byte[] header);

    /**
     * @param payload exact bytes, without the line end; now the sink's own
     * @param defect null where the record can be read
     */
    void record(byte[] payload, Defect defect);
  }

  Splitter(int lineMax, Sink sink) {
    this.open = new OpenRecord(lineMax);
    this.sink = requireNonNull(sink, "sink is null");
  }

  /** Takes the next bytes of the body. */
  final void feed(byte[] bytes) {
    if (start == null) {
      split(bytes, 0);
      return;
    }
    byte[] joined = Arrays.copyOf(start, start.length + bytes.length);
    System.arraycopy(bytes, 0, joined, start.length, bytes.length);
    start = joined;
    if (start.length >= BYTE_ORDER_MARK.length) {
      begin();
    }
  }

  /** The body is whole: what is still open is its last record. */
  final void finish() {
    if (start != null) {
      begin();
    }
    end();
  }

  private void begin() {
    byte[] bytes = start;
    start = null;
    int mark = BYTE_ORDER_MARK.length;
    boolean marked =
        bytes.length >= mark && Arrays.equals(bytes, 0, mark, BYTE_ORDER_MARK, 0, mark);
    split(bytes, marked ? mark : 0);
  }

  /** Takes {@code bytes} from {@code from} on. */
  abstract void split(byte[] bytes, int from);

  abstract void end();

  /** Why the record just taken cannot be read as text; null if it can. */
  final Defect textDefect(byte[] payload, long at) {
    if (open.tooLong()) {
      return new Defect(at, "too_long", "longer than " + open.max() + " bytes (ingest.line-max)");
    }
    int invalid = Utf8.invalidAt(payload);
    return invalid < 0
        ? null
        : new Defect(at, "encoding", "invalid UTF-8 at byte " + (invalid + 1));
  }

  /** Why the record just taken cannot be read as a JSON object; null if it can. */
  final Defect jsonDefect(byte[] payload, long at) {
    Defect defect = textDefect(payload, at);
    if (defect != null) {
      return defect;
    }
    String reason = JsonRecord.malformed(payload);
    return reason == null ? null : new Defect(at, "malformed", reason);
  }

  /** The record without the return of a line end CRLF. */
  final byte[] withoutReturn(byte[] payload) {
    boolean ends = payload.length > 0 && payload[payload.length - 1] == '\r' && !open.tooLong();
    return ends ? Arrays.copyOf(payload, payload.length - 1) : payload;
  }
}
