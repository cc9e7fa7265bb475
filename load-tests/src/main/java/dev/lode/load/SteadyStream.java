package dev.lode.load;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Invoice lines at a steady rate, ten bodies a second: customers and articles of a middle-sized
 * shop, each line its own. A body that is late is sent at once, so that the rate is kept on
 * average.
 */
final class SteadyStream implements AutoCloseable {
  private static final int BODIES_PER_SECOND = 10;
  private static final int SENDERS = 5;
  private static final int LINES_PER_INVOICE = 20;
  private static final int ARTICLES = 3_600;
  private static final int CUSTOMERS = 4_300;

  private final ScheduledExecutorService senders = Executors.newScheduledThreadPool(SENDERS);
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final LodeClient lode;
  private final String run;
  private final int linesPerBody;
  private final long start = System.nanoTime();

  SteadyStream(LodeClient lode, String run, int linesPerSecond) {
    this.lode = lode;
    this.run = run;
    this.linesPerBody = linesPerSecond / BODIES_PER_SECOND;
    if (linesPerBody > 0) {
      long period = TimeUnit.SECONDS.toNanos(1) / BODIES_PER_SECOND;
      for (int i = 0; i < SENDERS; i++) {
        var _ =
            senders.scheduleAtFixedRate(
                this::send, i * period, SENDERS * period, TimeUnit.NANOSECONDS);
      }
    }
  }

  private void send() {
    var body = new StringBuilder(ShopCsv.HEADER);
    long first = next.getAndAdd(linesPerBody);
    for (long line = first; line < first + linesPerBody; line++) {
      String invoice = "L" + run + "X" + line / LINES_PER_INVOICE;
      String article = "A" + Math.floorMod(line * 7919, ARTICLES);
      String customer = "K" + Math.floorMod(line / LINES_PER_INVOICE * 31, CUSTOMERS);
      body.append(ShopCsv.line(invoice, article, "STEADY THING " + article, customer));
    }
    try {
      lode.post(
          "/v1/ingest/retail/invoice_line",
          BodyPublishers.ofString(body.toString()),
          Map.of("Content-Type", "text/csv"));
      acknowledged.addAndGet(linesPerBody);
    } catch (IOException | InterruptedException e) {
      failure.compareAndSet(null, e);
    }
  }

  /** Acknowledged lines per second since the start. */
  double rate() throws IOException {
    if (failure.get() != null) {
      throw new IOException("The steady stream failed", failure.get());
    }
    return acknowledged.get() * 1e9 / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    senders.shutdownNow();
  }
}
