package dev.lode.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed, or stopped, while it is at work, with fsync on. */
class KillIT {
  private static final int DAYS = 4;

  @TempDir Path data;

  /** {@code bench crash} makes more of them. */
  @Test
  void keepsEveryRecordOnceInEveryLayerWhenKilledTwentyTimes() throws Exception {
    try (var crash = new Crash(Path.of(".."), data, 11)) {
      crash.run(20);
    }
  }

  @Test
  void keepsEveryLineOnceAndReportsNoFaultWhenStoppedInTheMiddleOfALoad() throws Exception {
    List<Path> days = TestLode.days(DAYS);
    var oracle = new RetailOracle();
    for (Path day : days) {
      oracle.read(day);
    }
    try (var lode = LodeProcess.ofThisClassPath(Path.of(".."), data)) {
      lode.start();
      Thread posting = Thread.ofVirtual().start(() -> postUntilRefused(lode, days));
      var first = new LodeClient(lode.url());
      TestLode.await("something has landed", () -> bronze(first) > 0);
      lode.stop();
      assertThat(lode.log()).doesNotContain("ERROR", "Exception", "Discarding message");
      posting.join();
      lode.start();
      var client = new LodeClient(lode.url());
      for (Path day : days) {
        post(client, day);
      }
      long lines = oracle.lines.size();
      TestLode.await("gold shows every line", () -> gold(client) == lines);
      assertThat(bronze(client)).isEqualTo(lines);
      assertThat(
              client
                  .sql("SELECT sum(revenue) FROM gold.daily_revenue")
                  .get(0)
                  .get(0)
                  .decimalValue())
          .isEqualByComparingTo(oracle.revenue());
    }
  }

  private static long bronze(LodeClient client) throws InterruptedException {
    return TestLode.count(client, "SELECT count(*) FROM bronze.retail_invoice_line");
  }

  private static long gold(LodeClient client) throws InterruptedException {
    return TestLode.count(client, "SELECT sum(lines) FROM gold.daily_revenue");
  }

  private static void postUntilRefused(LodeProcess lode, List<Path> days) {
    try {
      for (Path day : days) {
        post(new LodeClient(lode.url()), day);
      }
    } catch (IOException | InterruptedException killed) {
      // The kill is what the test is about: the same files are posted again after it.
    }
  }

  private static void post(LodeClient client, Path day) throws IOException, InterruptedException {
    client.post(
        "/v1/ingest/retail/invoice_line",
        BodyPublishers.ofFile(day),
        Map.of("Content-Type", "text/csv", "Idempotency-Key", day.getFileName().toString()));
  }
}
