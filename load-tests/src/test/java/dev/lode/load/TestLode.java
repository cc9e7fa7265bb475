package dev.lode.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lode.Main;
import dev.lode.cli.Server;
import dev.lode.cli.Settings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;

/**
 * A whole Lode in this JVM, on a free port, with the configuration that ships and a few words
 * changed.
 */
final class TestLode implements AutoCloseable {
  private static final Path CONF = Path.of("../conf");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Server server;
  private final LodeClient client;

  /** {@code changes}: lines of conf/lode.yaml, from and to. */
  TestLode(Path data, Map<String, String> changes) throws IOException {
    this(data, changes, vertx -> {});
  }

  /** {@code tap}: as in {@link Main#launch(Consumer)}. */
  TestLode(Path data, Map<String, String> changes, Consumer<Vertx> tap) throws IOException {
    Path file = Folders.limits(CONF, Files.createDirectories(data), changes);
    this.server =
        Main.launch(tap).start(new Settings(data.resolve("kept"), file, CONF, OptionalInt.of(0)));
    this.client = new LodeClient("http://127.0.0.1:" + server.port());
  }

  /** The first {@code count} days of the shop; the test is skipped where the data is not there. */
  static List<Path> days(int count) throws IOException {
    String named = System.getenv("LODE_SHARED_DATA");
    Path shared = named == null ? Path.of("../../shared/data") : Path.of(named);
    Path folder = shared.resolve("online-retail");
    Assumptions.assumeTrue(
        Files.isDirectory(folder),
        "Skipped: the shop's days are not at " + folder + " (set LODE_SHARED_DATA)");
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".csv")).sorted().limit(count).toList();
    }
  }

  LodeClient client() {
    return client;
  }

  /** Someone else's view of the same server. */
  LodeClient client(String key) {
    return new LodeClient("http://127.0.0.1:" + server.port(), key);
  }

  /** Posts one CSV file under its own name as the key. */
  JsonNode post(Path file) throws Exception {
    return client.post(
        "/v1/ingest/retail/invoice_line",
        BodyPublishers.ofFile(file),
        Map.of("Content-Type", "text/csv", "Idempotency-Key", file.getFileName().toString()));
  }

  /** Something that can be asked again and again. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Asks until it holds; fails with {@code what} when it does not in time. */
  static void await(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Waited " + PATIENCE.toSeconds() + " s for: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  long count(String sql) throws InterruptedException {
    return count(client, sql);
  }

  /** The one number that {@code sql} asks for; -1 while what it asks is not there yet. */
  static long count(LodeClient client, String sql) throws InterruptedException {
    try {
      return client.sql(sql).get(0).get(0).asLong();
    } catch (IOException notThere) {
      return -1;
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
