package dev.lode.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Posts single invoice lines into a running Lode and measures, from just before the POST, when each
 * is acknowledged and when it shows in its gold mart, its vector and its feature.
 *
 * <p>Arguments: URL, probes, lines per second beside them (default http://127.0.0.1:8420, 200, 0).
 */
public final class FreshnessProbe {
  private static final long WARM_UP_SECONDS = 120;
  private static final long TIMEOUT_NANOS = 30_000_000_000L;

  /**
   * Between two looks, as a share of what it took so far: asking without a pause takes half the
   * processor from who is measured. So a time is at most this much too long.
   */
  private static final double PAUSE = 0.05;

  /** Asks whether probe {@code i} shows. */
  interface Seen {
    boolean check(int i) throws IOException, InterruptedException;
  }

  private final LodeClient lode;
  private final String run = Long.toString(System.nanoTime(), 36);

  private FreshnessProbe(String url) {
    this.lode = new LodeClient(url);
  }

  public static void main(String[] arguments) throws Exception {
    String url = arguments.length > 0 ? arguments[0] : "http://127.0.0.1:8420";
    int probes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200;
    int beside = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
    var probe = new FreshnessProbe(url);
    try (var stream = new SteadyStream(probe.lode, probe.run, beside)) {
      if (beside > 0) {
        TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      }
      probe.measure(probes);
      System.out.println(Fsync.beside(Path.of(System.getProperty("java.io.tmpdir"))));
      System.out.printf(
          Locale.ROOT, "%-13s %.0f lines/s of %d acknowledged%n", "beside", stream.rate(), beside);
    }
  }

  private void measure(int probes) throws IOException, InterruptedException {
    var places =
        Map.<String, Seen>of(
            "gold", this::inGold, "vector", this::inVectors, "feature", this::inFeatures);
    var acknowledged = new long[probes];
    var all = new long[probes];
    var each =
        Map.of("gold", new long[probes], "vector", new long[probes], "feature", new long[probes]);
    for (int i = 0; i < probes; i++) {
      long start = System.nanoTime();
      post(i);
      acknowledged[i] = System.nanoTime() - start;
      var waiting = new java.util.HashSet<>(places.keySet());
      while (!waiting.isEmpty()) {
        for (String place : List.copyOf(waiting)) {
          if (places.get(place).check(i)) {
            each.get(place)[i] = System.nanoTime() - start;
            waiting.remove(place);
          }
        }
        TimeUnit.NANOSECONDS.sleep((long) (PAUSE * (System.nanoTime() - start)));
        if (System.nanoTime() - start > TIMEOUT_NANOS) {
          throw new IOException("Probe " + i + " is not visible after 30 s in " + waiting);
        }
      }
      all[i] = System.nanoTime() - start;
    }
    print("acknowledged", acknowledged);
    each.forEach(FreshnessProbe::print);
    print("all visible", all);
  }

  private static void print(String what, long[] nanos) {
    System.out.printf(Locale.ROOT, "%-13s %s%n", what, new Percentiles(nanos));
  }

  private void post(int i) throws IOException, InterruptedException {
    String description = "PROBE LANTERN NUMBER " + id("", i);
    String csv = ShopCsv.HEADER + ShopCsv.line(id("I", i), id("S", i), description, id("C", i));
    lode.post(
        "/v1/ingest/retail/invoice_line",
        BodyPublishers.ofString(csv),
        Map.of("Content-Type", "text/csv"));
  }

  private String id(String kind, int i) {
    return kind + run + "X" + i;
  }

  private boolean inGold(int i) throws IOException, InterruptedException {
    return lode.sql(
                "SELECT 1 FROM gold.product_performance WHERE stock_code = '" + id("S", i) + "'")
            .size()
        == 1;
  }

  private boolean inVectors(int i) throws IOException, InterruptedException {
    JsonNode hits =
        lode.tool(
                "vector_search",
                Map.of(
                    "namespace",
                    "products",
                    "query",
                    "PROBE LANTERN NUMBER " + id("", i),
                    "top_k",
                    1,
                    "filter",
                    Map.of("stock_code", Map.of("eq", id("S", i)))))
            .get("hits");
    return hits.size() == 1;
  }

  private boolean inFeatures(int i) throws IOException, InterruptedException {
    JsonNode answer = lode.tool("get_customer_features", Map.of("customer_id", id("C", i)));
    return answer.toString().contains("PRESENT");
  }
}
