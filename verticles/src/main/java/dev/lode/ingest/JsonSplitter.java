package dev.lode.ingest;

import dev.lode.codecs.Ingest.Defect;

/** One JSON array of objects, of any length, or one object; each element leaves by itself. */
final class JsonSplitter extends Splitter {
  private enum Place {
    BEFORE,
    BETWEEN,
    ELEMENT,
    AFTER,
    TRAILER
  }

  private Place place = Place.BEFORE;
  private boolean array;

  /** Behind the opening bracket or a comma: the next element may begin. */
  private boolean separated = true;

  private boolean any;
  private int depth;
  private boolean string;
  private boolean escaped;
  private int elementStart;
  private long elementLine;
  private String fault;

  JsonSplitter(int lineMax, Sink sink) {
    super(lineMax, sink);
  }

  @Override
  void split(byte[] bytes, int from) {
    elementStart = from;
    int i = from;
    while (i < bytes.length) {
      i = place == Place.ELEMENT ? inside(bytes, i) : outside(bytes, i);
    }
    if (place == Place.ELEMENT || place == Place.TRAILER) {
      open.append(bytes, elementStart, bytes.length);
    }
  }

  /** Takes one byte that is not in an element; returns where to go on. */
  private int outside(byte[] bytes, int i) {
    byte b = bytes[i];
    if (b == '\n') {
      line++;
    }
    if (place == Place.TRAILER || space(b)) {
      return i + 1;
    }
    if (place == Place.BEFORE && b == '[') {
      array = true;
      place = Place.BETWEEN;
    } else if (place == Place.BETWEEN && (b == ',' || b == ']')) {
      separator(b);
    } else {
      begin(b, i);
    }
    return i + 1;
  }

  private void separator(byte b) {
    if (separated && (any || b == ',')) {
      missing("an element is missing before '" + (char) b + "'");
    }
    separated = true;
    place = b == ']' ? Place.AFTER : Place.BETWEEN;
  }

  private void begin(byte b, int i) {
    if (place == Place.AFTER) {
      fault = "content after the end of the JSON body";
    } else {
      fault = separated ? null : "a comma is missing before this element";
    }
    place = place == Place.AFTER ? Place.TRAILER : Place.ELEMENT;
    elementStart = i;
    elementLine = line;
    string = b == '"';
    depth = b == '{' || b == '[' ? 1 : 0;
  }

  /** Takes bytes of the open element until it ends; returns where to go on. */
  private int inside(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '\n') {
        line++;
      }
      if (string) {
        if (quoteEnds(b) && depth == 0) {
          return emit(bytes, i + 1);
        }
      } else if (depth == 0 && (space(b) || b == ',' || (b == ']' && array))) {
        line -= b == '\n' ? 1 : 0;
        return emit(bytes, i);
      } else if (b == '"') {
        string = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if ((b == '}' || b == ']') && depth > 0 && --depth == 0) {
        return emit(bytes, i + 1);
      }
    }
    return bytes.length;
  }

  private boolean quoteEnds(byte b) {
    if (escaped) {
      escaped = false;
    } else if (b == '\\') {
      escaped = true;
    } else if (b == '"') {
      string = false;
      return true;
    }
    return false;
  }

  private int emit(byte[] bytes, int to) {
    byte[] payload = open.take(bytes, elementStart, to);
    sink.record(payload, defect(payload));
    any = true;
    separated = false;
    place = array ? Place.BETWEEN : Place.AFTER;
    return to;
  }

  private Defect defect(byte[] payload) {
    if (fault == null) {
      return jsonDefect(payload, elementLine);
    }
    Defect defect = textDefect(payload, elementLine);
    return defect == null ? new Defect(elementLine, "malformed", fault) : defect;
  }

  @Override
  void end() {
    if (place == Place.ELEMENT || place == Place.TRAILER) {
      elementStart = 0;
      emit(OpenRecord.NONE, 0);
    } else if (place == Place.BETWEEN) {
      missing("the array is not closed");
    }
  }

  /** A fault with no bytes of its own: recorded, so that the answer and quarantine tell of it. */
  private void missing(String reason) {
    any = true;
    sink.record(OpenRecord.NONE, new Defect(line, "malformed", reason));
  }

  private static boolean space(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
