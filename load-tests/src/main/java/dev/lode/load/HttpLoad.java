package dev.lode.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * NDJSON over HTTP to committed Bronze: a server process as it is shipped, and a few clients of
 * this process, each of which posts one body after the other over its connection. No contract takes
 * what is posted: no other layer works. At the end Bronze must hold what was acknowledged.
 */
public final class HttpLoad {
  private static final int RECORDS = 100_000;
  private static final long SEED = 60;
  private static final int WARM_UPS = 2;

  private final LodeClient client;
  private final int connections;
  private final int lines;
  private final List<byte[]> bodies;
  private final List<Long> latencies = new ArrayList<>();

  /**
   * @param lines of a body
   */
  private HttpLoad(String url, int connections, int lines) {
    this.client = new LodeClient(url);
    this.connections = connections;
    this.lines = lines;
    var sales = new Sales(SEED);
    this.bodies =
        IntStream.range(0, Math.max(1, RECORDS / lines))
            .mapToObj(
                body ->
                    IntStream.range(0, lines)
                        .mapToObj(line -> sales.next())
                        .collect(Collectors.joining("\n", "", "\n"))
                        .getBytes(UTF_8))
            .toList();
  }

  /** Arguments: seconds of a run (20), connections (8), records of a body (1000). */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
    int connections = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
    int lines = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1000;
    Path data = Files.createTempDirectory("lode-http");
    try (var lode = LodeProcess.ofThisClassPath(Folders.HOME, data)) {
      lode.start();
      var load = new HttpLoad(lode.url(), connections, lines);
      long nanos = TimeUnit.SECONDS.toNanos(seconds);
      for (int i = 0; i < WARM_UPS; i++) {
        load.run(nanos);
      }
      String what = "%d connections, bodies of %d records, records".formatted(connections, lines);
      Runs.median(what, run -> load.run(nanos));
      load.report();
      System.out.println(lode.memory());
      System.out.println(Fsync.beside(data));
    }
    Folders.delete(data);
  }

  private double run(long nanos) throws Exception {
    long start = System.nanoTime();
    Callable<List<Long>> poster = () -> post(start + nanos);
    try (var posters = Executors.newVirtualThreadPerTaskExecutor()) {
      var posted =
          posters.invokeAll(IntStream.range(0, connections).mapToObj(i -> poster).toList());
      int before = latencies.size();
      for (var one : posted) {
        latencies.addAll(one.get());
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return (latencies.size() - before) * lines / seconds;
    }
  }

  /** How long each of its bodies took until it was acknowledged. */
  private List<Long> post(long end) throws IOException, InterruptedException {
    var took = new ArrayList<Long>();
    for (int i = 0; System.nanoTime() < end; i++) {
      long start = System.nanoTime();
      var answer =
          client.post(
              "/v1/ingest/shop/sale",
              BodyPublishers.ofByteArray(bodies.get(i % bodies.size())),
              Map.of("Content-Type", "application/x-ndjson"));
      took.add(System.nanoTime() - start);
      if (answer.path("received").asInt() != lines) {
        throw new IOException("Lines were lost: " + answer);
      }
    }
    return took;
  }

  private void report() throws IOException, InterruptedException {
    long acknowledged = (long) latencies.size() * lines;
    long rows = client.sql("SELECT count(*) FROM bronze.shop_sale").get(0).get(0).asLong();
    if (rows != acknowledged) {
      throw new AssertionError(
          "Bronze has %d rows, expected the %d acknowledged".formatted(rows, acknowledged));
    }
    var times = new Percentiles(latencies.stream().mapToLong(Long::longValue).toArray());
    System.out.printf(
        Locale.ROOT, "Bronze has all %,d that were acknowledged; a body took %s%n", rows, times);
  }
}
