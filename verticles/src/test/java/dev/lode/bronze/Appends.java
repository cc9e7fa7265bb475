package dev.lode.bronze;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.Fingerprint;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

/** Appends for tests: records {@code from} to {@code to} of a body. */
final class Appends {
  static final UUID KEYED = UUID.fromString("00000000-0000-5000-8000-000000000001");

  private Appends() {}

  static Bronze.Append keyed(long from, long to) {
    return keyed(KEYED, from, to);
  }

  static Bronze.Append keyed(UUID batch, long from, long to) {
    return keyed(batch, from, to, false);
  }

  /** Records that end the body. */
  static Bronze.Append last(UUID batch, long from, long to) {
    return keyed(batch, from, to, true);
  }

  private static Bronze.Append keyed(UUID batch, long from, long to, boolean whole) {
    return of(batch, records(1, from - 1), records(from, to), whole);
  }

  /** {@code records} of a body, behind others of it. */
  static Bronze.Append of(
      UUID batch, List<Bronze.Raw> before, List<Bronze.Raw> records, boolean whole) {
    return new Bronze.Append(
        "acme", "shop", "order", batch, true, "json", null, records, print(before), whole);
  }

  static Fingerprint print(List<Bronze.Raw> records) {
    Fingerprint print = Fingerprint.NONE;
    for (Bronze.Raw raw : records) {
      print = print.plus(raw.position(), Fingerprint.sha256(raw.payload().array()));
    }
    return print;
  }

  static Bronze.Append free(String tenantId, long from, long to) {
    return new Bronze.Append(
        tenantId, "shop", "order", UUID.randomUUID(), "json", null, records(from, to));
  }

  static List<Bronze.Raw> records(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(i -> new Bronze.Raw(i, Bytes.utf8("{\"a\":" + i + "}"), null))
        .toList();
  }
}
