package dev.lode.bronze;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bytes;
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
    return new Bronze.Append("acme", "shop", "order", batch, true, "json", null, records(from, to));
  }

  static Bronze.Append free(String tenantId, long from, long to) {
    return new Bronze.Append(
        tenantId, "shop", "order", UUID.randomUUID(), false, "json", null, records(from, to));
  }

  private static List<Bronze.Raw> records(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(i -> new Bronze.Raw(i, Bytes.utf8("{\"a\":" + i + "}"), null))
        .toList();
  }
}
