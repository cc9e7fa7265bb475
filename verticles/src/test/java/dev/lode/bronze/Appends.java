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
    return append("acme", batch, true, from, to);
  }

  static Bronze.Append free(String tenantId, long from, long to) {
    return append(tenantId, UUID.randomUUID(), false, from, to);
  }

  private static Bronze.Append append(
      String tenantId, UUID batch, boolean keyed, long from, long to) {
    List<Bronze.Raw> records =
        LongStream.rangeClosed(from, to)
            .mapToObj(i -> new Bronze.Raw(i, Bytes.utf8("{\"a\":" + i + "}"), null))
            .toList();
    return new Bronze.Append(tenantId, "shop", "order", batch, keyed, "json", null, records);
  }
}
