package dev.lode.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lode.codecs.Ingest.Defect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

/** Everything a splitter gives, to compare. */
final class Collected implements Splitter.Sink {
  final List<String> records = new ArrayList<>();
  final List<String> defects = new ArrayList<>();
  String header;

  static Collected of(BiFunction<Integer, Splitter.Sink, Splitter> format, String... pieces) {
    return of(format, 1000, Arrays.stream(pieces).map(piece -> piece.getBytes(UTF_8)).toList());
  }

  static Collected of(
      BiFunction<Integer, Splitter.Sink, Splitter> format, int lineMax, List<byte[]> pieces) {
    var collected = new Collected();
    Splitter splitter = format.apply(lineMax, collected);
    pieces.forEach(splitter::feed);
    splitter.finish();
    return collected;
  }

  /** The body in pieces of {@code size} bytes. */
  static List<byte[]> cut(byte[] body, int size) {
    var pieces = new ArrayList<byte[]>();
    for (int at = 0; at < body.length; at += size) {
      pieces.add(Arrays.copyOfRange(body, at, Math.min(body.length, at + size)));
    }
    return pieces;
  }

  @Override
  public void header(byte[] bytes) {
    header = new String(bytes, UTF_8);
  }

  @Override
  public void record(byte[] payload, Defect defect) {
    records.add(new String(payload, UTF_8));
    if (defect != null) {
      defects.add(defect.line() + " " + defect.code() + ": " + defect.reason());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Collected that
        && records.equals(that.records)
        && defects.equals(that.defects)
        && Objects.equals(header, that.header);
  }

  @Override
  public int hashCode() {
    return records.hashCode();
  }

  @Override
  public String toString() {
    return (header + records + defects).replace("\r", "\\r").replace("\n", "\\n");
  }
}
