package dev.lode.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.Ingest;
import dev.lode.codecs.Shards;
import dev.lode.config.LodeConfig;
import dev.lode.ingest.IngestVerticle;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Records a second, in process: bodies in pieces of 64 KB until every record is committed with
 * fsync; and appends made beforehand until they are committed. With {@code bronze=file} Bronze's
 * place is taken by what any durable store must do at least: the same records' bytes are written to
 * one plain file, in groups of the size that Bronze gathers at most, one fsync per group. Records
 * of about 210 bytes (JSON) and 100 (CSV).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
public class IngestBenchmark {
  private static final int BODIES = 4;
  private static final int LINES = 50_000;
  private static final int CHUNK = 8192;
  private static final int CHUNKS = 16;
  private static final int PIECE = 1 << 16;
  private static final String NDJSON =
      "{\"invoice_no\":\"%d\",\"stock_code\":\"85123A\",\"description\":\"WHITE HANGING HEART"
          + " T-LIGHT HOLDER\",\"quantity\":6,\"invoice_date\":\"2010-12-01T08:26:00Z\","
          + "\"unit_price\":2.55,\"customer_id\":17850,\"country\":\"United Kingdom\"}";
  private static final String CSV =
      "%d,85123A,\"HEART, T-LIGHT HOLDER\",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom";

  @Param({"real", "file"})
  public String bronze;

  private Ground ground;
  private Bus bus;
  private byte[] ndjson;
  private byte[] csv;
  private List<Bronze.Append> appends;

  @Setup
  public void start() throws IOException {
    ground = new Ground();
    bus = ground.bus;
    LodeConfig config = ground.config;
    if (bronze.equals("real")) {
      ground.deployBronze();
    } else {
      for (int shard = 0; shard < config.deploy().bronze(); shard++) {
        var file = new PlainFile(bus, config.bronze(), ground.folder, shard);
        ground.vertx.deployVerticle(file).await();
      }
    }
    for (int shard = 0; shard < config.deploy().ingest(); shard++) {
      var ingest = new IngestVerticle(bus, config, shard, Clock.systemUTC());
      ground.vertx.deployVerticle(ingest).await();
    }
    ndjson = body("", NDJSON);
    csv = body("invoice_no,stock_code,description,quantity,date,price,customer,country\n", CSV);
    appends = IntStream.range(0, CHUNKS).mapToObj(IngestBenchmark::append).toList();
  }

  private static byte[] body(String header, String line) {
    return IntStream.range(536_365, 536_365 + LINES)
        .mapToObj(line::formatted)
        .collect(Collectors.joining("\n", header, "\n"))
        .getBytes(UTF_8);
  }

  private static Bronze.Append append(int chunk) {
    List<Bronze.Raw> records =
        LongStream.rangeClosed(1, CHUNK)
            .mapToObj(i -> new Bronze.Raw(i, Bytes.utf8(NDJSON.formatted(536_365L + chunk)), null))
            .toList();
    return new Bronze.Append(
        "default", "bench", "append", UUID.randomUUID(), "json", null, records);
  }

  @TearDown
  public void stop() throws IOException {
    ground.close();
  }

  @Benchmark
  @OperationsPerInvocation(CHUNK * CHUNKS)
  public void append() {
    int owner = new Shards(2).owner("bronze.bench_append");
    Future.all(appends.stream().map(one -> bus.request(Bronze.APPEND.owner(owner), one)).toList())
        .await();
  }

  @Benchmark
  @OperationsPerInvocation(BODIES * LINES)
  public void ndjson() {
    post("ndjson", ndjson);
  }

  @Benchmark
  @OperationsPerInvocation(BODIES * LINES)
  public void csv() {
    post("csv", csv);
  }

  private void post(String format, byte[] body) {
    var bodies = new ArrayList<Future<Ingest.Ingested>>();
    for (int i = 0; i < BODIES; i++) {
      var open = new Ingest.Open("default", "bench", format, format, null);
      bodies.add(bus.request(Ingest.OPEN, open).compose(opened -> send(opened, body, 0)));
    }
    for (Ingest.Ingested ingested : Future.all(bodies).await().<Ingest.Ingested>list()) {
      if (ingested.accepted() != LINES) {
        throw new IllegalStateException("Lines were lost: " + ingested);
      }
    }
  }

  private Future<Ingest.Ingested> send(Ingest.Opened opened, byte[] body, int from) {
    if (from >= body.length) {
      return bus.request(
          Ingest.CLOSE.owner(opened.owner()),
          new Ingest.Close(opened.tenantId(), opened.streamId(), false));
    }
    byte[] piece = Arrays.copyOfRange(body, from, Math.min(body.length, from + PIECE));
    return bus.request(
            Ingest.CHUNK.owner(opened.owner()),
            new Ingest.Chunk(opened.tenantId(), opened.streamId(), Bytes.of(piece)))
        .compose(taken -> send(opened, body, from + PIECE));
  }
}
