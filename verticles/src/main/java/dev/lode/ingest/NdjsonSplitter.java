package dev.lode.ingest;

/** One JSON object a line; lines end with LF or CRLF, the last one perhaps with neither. */
final class NdjsonSplitter extends Splitter {

  NdjsonSplitter(int lineMax, Sink sink) {
    super(lineMax, sink);
  }

  @Override
  void split(byte[] bytes, int from) {
    int start = from;
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        emit(bytes, start, i);
        line++;
        start = i + 1;
      }
    }
    open.append(bytes, start, bytes.length);
  }

  @Override
  void end() {
    emit(OpenRecord.NONE, 0, 0);
  }

  private void emit(byte[] bytes, int from, int to) {
    byte[] payload = withoutReturn(open.take(bytes, from, to));
    if (!blank(payload)) {
      sink.record(payload, jsonDefect(payload, line));
    }
  }

  private static boolean blank(byte[] payload) {
    for (byte b : payload) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
