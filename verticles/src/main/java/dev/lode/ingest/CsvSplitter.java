package dev.lode.ingest;

import dev.lode.codecs.Ingest.Defect;
import java.util.Arrays;

/**
 * RFC 4180: comma, double quotes, line ends inside quotes; the first record is the header. Lines
 * end with LF or CRLF, or with CR alone where the header does; empty lines are left out. A quote
 * inside an unquoted field is plain text. Where a quote is never closed, its line alone is bad:
 * reading goes on at the next line.
 */
final class CsvSplitter extends Splitter {
  private enum Place {
    FIELD_START,
    PLAIN,
    QUOTED,
    /** Behind a quote in a quoted field: its end, or the first half of an escaped quote. */
    QUOTE
  }

  private Place place = Place.FIELD_START;
  private int fields = 1;
  private int strayField;
  private long recordLine = 1;
  private int headerFields;
  private String headerFault;

  /** The byte before was a CR outside of quotes. */
  private boolean returned;

  private boolean returnEnds;

  CsvSplitter(int lineMax, Sink sink) {
    super(lineMax, sink);
  }

  @Override
  void split(byte[] bytes, int from) {
    int start = from;
    int limit = open.tooLong() ? -1 : start + open.max() - open.length();
    for (int i = from; i < bytes.length; i++) {
      byte b = bytes[i];
      if (i == limit && spansLines(b)) {
        giveUpQuote(bytes, start);
        return;
      }
      if (returned && headerFields == 0 && b != '\n' && b != '\r') {
        returnEnds = true;
        line++;
        emit(open.take(bytes, start, i));
        start = i;
        limit = start + open.max();
      }
      returned = b == '\r' && place != Place.QUOTED;
      if (b == '\n' || (returnEnds && returned)) {
        line++;
        if (place != Place.QUOTED || i >= limit) {
          emit(open.take(bytes, start, i));
          start = i + 1;
          limit = start + open.max();
        }
      } else {
        step(b);
      }
    }
    open.append(bytes, start, bytes.length);
  }

  /** An open quote has swallowed a line end, and the next byte does not close it. */
  private boolean spansLines(byte next) {
    boolean quoted = place == Place.QUOTED || (place == Place.QUOTE && next == '"');
    return quoted && line > recordLine;
  }

  private void step(byte b) {
    if (b == ',') {
      comma();
    } else if (b == '"') {
      place = quote();
    } else if (place == Place.FIELD_START) {
      place = Place.PLAIN;
    } else if (place == Place.QUOTE && b != '\r') {
      strayField = strayField == 0 ? fields : strayField;
      place = Place.PLAIN;
    }
  }

  private void comma() {
    if (place != Place.QUOTED) {
      fields++;
      place = Place.FIELD_START;
    }
  }

  private Place quote() {
    return switch (place) {
      case FIELD_START, QUOTE -> Place.QUOTED;
      case QUOTED -> Place.QUOTE;
      case PLAIN -> Place.PLAIN;
    };
  }

  @Override
  void end() {
    while (spansLines((byte) 0) && !open.tooLong()) {
      giveUpQuote(OpenRecord.NONE, 0);
    }
    emit(open.take(OpenRecord.NONE, 0, 0));
  }

  /**
   * Within {@code ingest.line-max} the quote was not closed, so it may swallow good lines: its
   * first line is a record by itself, the rest is read again. What lies behind an open quote has no
   * other one that could be given up, so no byte is read more than twice.
   */
  private void giveUpQuote(byte[] bytes, int from) {
    byte[] kept = open.take(OpenRecord.NONE, 0, 0);
    byte[] all = Arrays.copyOf(kept, kept.length + bytes.length - from);
    System.arraycopy(bytes, from, all, kept.length, bytes.length - from);
    int end = 0;
    while (all[end] != '\n') {
      end++;
    }
    line = recordLine + 1;
    emit(open.take(all, 0, end));
    split(all, end + 1);
  }

  private void emit(byte[] taken) {
    byte[] payload = withoutReturn(taken);
    if (headerFields == 0 && payload.length > 0) {
      headerFields = fields;
      Defect defect = defect(payload);
      headerFault = defect == null ? null : "the header cannot be read: " + defect.reason();
      sink.header(payload);
    } else if (payload.length > 0) {
      sink.record(payload, defect(payload));
    }
    place = Place.FIELD_START;
    fields = 1;
    strayField = 0;
    recordLine = line;
  }

  private Defect defect(byte[] payload) {
    Defect defect = textDefect(payload, recordLine);
    String fault = defect == null ? fault() : null;
    return fault == null ? defect : new Defect(recordLine, "malformed", fault);
  }

  private String fault() {
    if (headerFault != null) {
      return headerFault;
    }
    if (place == Place.QUOTED) {
      return "the quote of field " + fields + " is not closed";
    }
    if (strayField > 0) {
      return "text after the closing quote of field " + strayField;
    }
    return fields == headerFields ? null : fields + " fields (the header has " + headerFields + ")";
  }
}
