package dev.lode.load;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the disk itself takes to make 4 KiB durable: no commit can be faster. */
final class Fsync {
  private static final int TIMES = 200;
  private static final int BYTES = 4096;

  private Fsync() {}

  /** One sentence to print beside latencies; {@code folder} is where the data is. */
  static String beside(Path folder) throws IOException {
    var nanos = new long[TIMES];
    Path file = Files.createTempFile(folder, "fsync", ".probe");
    try (var channel = FileChannel.open(file, WRITE, DELETE_ON_CLOSE)) {
      for (int i = 0; i < TIMES; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(BYTES));
        channel.force(true);
        nanos[i] = System.nanoTime() - start;
      }
    }
    var times = new Percentiles(nanos);
    return String.format(
        Locale.ROOT,
        "fsync of 4 KiB here: p50 %.2f ms, p99 %.2f ms",
        times.millis(.5),
        times.millis(.99));
  }
}
