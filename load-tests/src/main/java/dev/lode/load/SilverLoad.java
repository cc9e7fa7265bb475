package dev.lode.load;

import dev.lode.codecs.Bronze;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.Shards;
import dev.lode.codecs.Silver;
import dev.lode.config.LodeConfig;
import dev.lode.silver.HmacKey;
import dev.lode.silver.SilverVerticle;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.Lake;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Bronze to Silver through a contract of twenty rules, as the server does it: the verticle of
 * Silver takes its batches until it has consumed all of Bronze, with fsync. The baseline is Spark,
 * see {@link SilverSpark}. Both must find what the generator knows.
 */
public final class SilverLoad implements SilverWork, AutoCloseable {
  private static final String SOURCE = "shop";
  private static final String ENTITY = "sale";
  private static final TableName UPSTREAM = TableName.of(Bronze.table(SOURCE, ENTITY));
  private static final Path CONTRACT = Folders.HOME.resolve("load-tests/silver/shop_sale.yaml");
  private static final long SEED = 20;
  private static final int CHUNK = 8192;
  private static final int WARM_UP_RECORDS = 50_000;
  private static final int WARM_UP_BATCH = 500;

  private final Ground ground = new Ground();
  private final Sales sales = new Sales(SEED);
  private final int records;
  private final LodeConfig.Silver config;

  /** Fills Bronze with as many at once as it commits at once. */
  SilverLoad(int records) throws IOException {
    this.records = records;
    this.config = ground.config.silver();
    fill(ground.config.bronze().groupRecords());
  }

  /** So that Silver takes {@code batch} records at a time. */
  private SilverLoad(int records, int batch) throws IOException {
    var shipped = ground.config.silver();
    this.records = records;
    this.config =
        new LodeConfig.Silver(
            batch,
            shipped.bulkRecords(),
            shipped.catchUp(),
            shipped.hmacKey(),
            shipped.qualityAlertBelow());
    fill(batch);
  }

  private void fill(int together) throws IOException {
    ground.deployBronze();
    for (int from = 0; from < records; from += together) {
      append(Math.min(together, records - from));
    }
  }

  /** Arguments: records (1000000). */
  public static void main(String[] arguments) throws Exception {
    int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    try (var load = new SilverLoad(records)) {
      load.compare();
    }
  }

  private void append(int count) {
    var appended = new ArrayList<Future<?>>();
    int owner = new Shards(ground.config.deploy().bronze()).owner(UPSTREAM.toString());
    for (int from = 0; from < count; from += CHUNK) {
      var chunk = new ArrayList<Bronze.Raw>();
      for (int i = from; i < Math.min(count, from + CHUNK); i++) {
        chunk.add(new Bronze.Raw(i + 1L, Bytes.utf8(sales.next()), null));
      }
      appended.add(
          ground.bus.request(
              Bronze.APPEND.owner(owner),
              new Bronze.Append(
                  "default", SOURCE, ENTITY, UUID.randomUUID(), "json", null, chunk)));
    }
    Future.all(appended).await();
  }

  private void compare() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "%,d records in Bronze, of which %,d are to be rejected; %s%n",
        records,
        expected().rejected(),
        Fsync.beside(ground.folder));
    double lode = measure("Lode", this);
    try (var spark = new SilverSpark(ground.folder, ground.serveCatalog())) {
      double baseline = measure("Spark local[2] with Iceberg, without fsync", spark);
      System.out.printf(Locale.ROOT, "Lode is %.1f times as fast as Spark%n", lode / baseline);
    }
  }

  private double measure(String who, SilverWork work) throws Exception {
    work.warmUp();
    double rate = Runs.median(who + ", records", run -> records / checked(work, run));
    System.out.println("  " + LodeProcess.memory(work.process().pid()));
    return rate;
  }

  private double checked(SilverWork work, int run) throws IOException {
    Duration before = processor(work);
    double seconds = work.refine(run);
    Duration spent = processor(work).minus(before);
    var outcome = work.outcome(run);
    if (!outcome.equals(expected())) {
      throw new AssertionError("Found " + outcome + ", expected " + expected());
    }
    System.out.printf(
        Locale.ROOT,
        "  run %d: %.1f s, %.1f s of processor time; %,d accepted, %,d rejected, each rule and the"
            + " money as expected%n",
        run,
        seconds,
        spent.toMillis() / 1000.0,
        outcome.accepted(),
        outcome.rejected());
    return seconds;
  }

  private static Duration processor(SilverWork work) {
    return work.process().info().totalCpuDuration().orElseThrow();
  }

  /** What the generator knows. */
  Outcome expected() {
    return sales.outcome();
  }

  String serveCatalog() {
    return ground.serveCatalog();
  }

  Path folder() {
    return ground.folder;
  }

  @Override
  public void warmUp() throws IOException {
    try (var small = new SilverLoad(WARM_UP_RECORDS, WARM_UP_BATCH)) {
      small.refine(0);
    }
  }

  @Override
  public double refine(int run) throws IOException {
    var contract = contract(run);
    var done = Promise.<Void>promise();
    ground
        .bus
        .listen(
            Silver.COMMITTED,
            fact -> {
              if (fact.table().equals(contract.table().toString()) && isComplete(contract)) {
                done.tryComplete();
              }
            })
        .await();
    var parts =
        new SilverVerticle.Parts(
            ground.bus,
            ground.lake,
            List.of(contract),
            config,
            HmacKey.load(config.hmacKey(), ground.folder),
            Clock.systemUTC());
    long start = System.nanoTime();
    String silver = ground.deployWorker(new SilverVerticle(parts, new Shards(1), 0));
    done.future().await();
    double seconds = (System.nanoTime() - start) / 1e9;
    ground.vertx.undeploy(silver).await();
    return seconds;
  }

  /** The contract that is in the checkout, with another name. */
  private Contract contract(int run) throws IOException {
    Path conf = Files.createDirectories(ground.folder.resolve("conf-" + run));
    String yaml =
        Files.readString(CONTRACT).replace("- name: sale\n", "- name: " + name(run) + "\n");
    Files.writeString(conf.resolve("sale.yaml"), yaml);
    var contract = Contracts.read(conf).getFirst();
    // Beside its own, every contract asks that names of columns are known and told once.
    var rules =
        contract.rules().stream()
            .map(rule -> rule.id())
            .filter(rule -> !rule.equals("ambiguous_name") && !rule.equals("no_known_field"))
            .toList();
    if (rules.size() != Sales.RULES.size() || !Set.copyOf(rules).equals(Set.copyOf(Sales.RULES))) {
      throw new AssertionError("The contract's rules are " + rules);
    }
    return contract;
  }

  private static String name(int run) {
    return "sale_" + run;
  }

  private boolean isComplete(Contract contract) {
    Lake lake = ground.lake;
    Long consumed =
        lake.head(contract.table()).map(silver -> silver.watermark(UPSTREAM)).orElse(null);
    return lake.head(UPSTREAM).map(Snapshot::id).orElseThrow().equals(consumed);
  }

  @Override
  public Outcome outcome(int run) {
    try (var session = ground.lake.session()) {
      session.bind("accepted", Slice.now(new TableName("silver", name(run))));
      session.bind("rejected", Slice.now(new TableName("quarantine", name(run))));
      session.bind("results", Slice.now(TableName.of("system.quality_results")));
      var failed = new TreeMap<String, Long>();
      var rules =
          session.query(
              "SELECT rule, CAST(sum(failed) AS BIGINT) FROM results"
                  + " WHERE rule <> '*' AND failed > 0"
                  + " AND entity = '%s' GROUP BY rule".formatted(name(run)),
              Sales.RULES.size());
      rules.rows().forEach(row -> failed.put((String) row.get(0), (Long) row.get(1)));
      return new Outcome(
          session.query("SELECT count(*) FROM accepted", 1).count(),
          session.query("SELECT count(*) FROM rejected", 1).count(),
          (BigDecimal) session.query("SELECT sum(total) FROM accepted", 1).single(),
          failed);
    }
  }

  @Override
  public ProcessHandle process() {
    return ProcessHandle.current();
  }

  @Override
  public void close() throws IOException {
    ground.close();
  }
}
