package dev.lode.load;

import com.sun.management.OperatingSystemMXBean;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TableSpec.Field;
import dev.lode.tables.Upsert;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Batches of 10,000 keys into a large table, fsync on: nine in ten are keys that it has, drawn from
 * all of it, one in ten is new. The baseline finds the rows of the same keys by reading the key
 * columns of every file, and does no more than that; another is {@link UpsertSpark}.
 */
public final class UpsertLoad {
  private static final TableName TABLE = TableName.of("silver.account");
  private static final List<String> KEY = List.of("tenant_id", "id");
  private static final int BATCH = 10_000;
  private static final int FILE = 1_000_000;
  private static final int WARM_UP = 5;

  private final Lake lake;
  private final Session session;
  private final long rows;
  private long fresh;

  private UpsertLoad(Lake lake, long rows) {
    this.lake = lake;
    this.session = lake.session();
    this.rows = rows;
    this.fresh = rows;
  }

  /** Arguments: rows of the table (10000000), batches measured (30). */
  public static void main(String[] arguments) throws IOException {
    long rows = arguments.length > 0 ? Long.parseLong(arguments[0]) : 10_000_000;
    int batches = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30;
    Path folder = Files.createTempDirectory("lode-upsert");
    try {
      double rate;
      try (Lake lake = Lake.open(Folders.lake(folder))) {
        var load = new UpsertLoad(lake, rows);
        load.fill();
        rate = load.measure(folder, batches);
      }
      try (Lake lake = Lake.open(Folders.lake(folder))) {
        var load = new UpsertLoad(lake, rows);
        load.fresh += (batches + WARM_UP + 1L) * BATCH;
        print("first batch after a restart, from the checkpoint", millis(() -> load.upsert(-1)));
      }
      try (var spark = new UpsertSpark(folder, rows, BATCH, FILE)) {
        System.out.printf(
            Locale.ROOT, "Lode is %.1f times as fast as Spark%n", rate / spark.rate());
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private void fill() {
    lake.ensure(
        new TableSpec(
            TABLE,
            List.of(
                Field.required("tenant_id", "VARCHAR", "tenant"),
                Field.required("id", "VARCHAR", "key"),
                Field.required("amount", "DECIMAL(18,2)", "money"),
                Field.required("status", "VARCHAR", "state"),
                Field.required("_ordering", "BIGINT[]", "order")),
            KEY,
            List.of("tenant_id"),
            "Accounts."));
    for (long from = 0; from < rows; from += FILE) {
      long to = Math.min(rows, from + FILE);
      session.append(TABLE, select("range(%d, %d) AS t(i)".formatted(from, to)), Progress.NONE);
    }
  }

  private static String select(String source) {
    return """
        SELECT 'acme' AS tenant_id, 'A' || lpad(CAST(i * 7919 %% 100000007 AS VARCHAR), 10, '0')
          AS id, CAST(i %% 1000000 AS DECIMAL(18,2)) AS amount,
          CASE i %% 3 WHEN 0 THEN 'open' WHEN 1 THEN 'paid' ELSE 'void' END AS status,
          [i, i + 1] AS _ordering
        FROM %s"""
        .formatted(source);
  }

  private double measure(Path folder, int batches) throws IOException {
    print("first batch, making the index", millis(() -> upsert(-1)));
    for (int i = 0; i < WARM_UP; i++) {
      upsert(i);
    }
    var upserts = new ArrayList<Double>();
    var scans = new ArrayList<Double>();
    double busy = 0;
    for (int i = 0; i < batches; i++) {
      int batch = WARM_UP + i;
      stage(batch);
      if (i % 5 == 0) {
        scans.add(millis(this::scan));
      }
      double before = processor();
      upserts.add(millis(this::upsertStaged));
      busy += processor() - before;
    }
    double seconds = upserts.stream().mapToDouble(Double::doubleValue).sum() / 1000;
    System.out.printf(
        Locale.ROOT,
        "%d batches of %d keys into %d rows: %.0f rows/s, batch p50 %.0f ms, p99 %.0f ms,"
            + " %.0f ms of processor time%n",
        batches,
        BATCH,
        rows,
        batches * BATCH / seconds,
        at(upserts, 0.5),
        at(upserts, 0.99),
        busy / batches);
    System.out.printf(
        Locale.ROOT,
        "baseline, finding the rows by reading the keys: p50 %.0f ms, so at most %.0f rows/s%n",
        at(scans, 0.5),
        BATCH * 1000 / at(scans, 0.5));
    System.out.printf(
        Locale.ROOT,
        "index %.1f bytes a row%n",
        (double) lake.keyIndexBytes() / lake.head(TABLE).orElseThrow().rows());
    System.out.println(Fsync.beside(folder));
    return batches * BATCH / seconds;
  }

  private void upsert(int batch) {
    stage(batch);
    upsertStaged();
  }

  private void stage(int batch) {
    String known = "(floor(random() * %d))::BIGINT".formatted(rows);
    session.execute("SELECT setseed(%s)".formatted((batch + 2) / 10_000.0));
    session.execute(
        "CREATE OR REPLACE TEMP TABLE batch AS "
            + select(
                """
                (SELECT DISTINCT CASE WHEN n %% 10 = 0 THEN %d + n // 10 ELSE %s END AS i
                 FROM range(%d) AS r(n))"""
                    .formatted(fresh, known, BATCH)));
    fresh += BATCH / 10;
  }

  private void upsertStaged() {
    session.upsert(TABLE, new Upsert(KEY, "SELECT * FROM batch", null), Progress.NONE);
  }

  private void scan() {
    session.bind("everything", Slice.now(TABLE));
    session.query("SELECT count(*) FROM everything SEMI JOIN batch USING (tenant_id, id)", 1);
  }

  /**
   * What this process has used of the processors, in milliseconds: the load of others is not in it.
   */
  private static double processor() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getProcessCpuTime() / 1e6;
  }

  private static double at(List<Double> times, double share) {
    return times.stream().sorted().toList().get((int) Math.ceil(times.size() * share) - 1);
  }

  private static double millis(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static void print(String what, double millis) {
    System.out.printf(Locale.ROOT, "%s: %.0f ms%n", what, millis);
  }
}
