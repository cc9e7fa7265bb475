package dev.lode.load;

import static dev.lode.tables.TableSpec.Field.required;

import dev.lode.codecs.Shards;
import dev.lode.maintenance.MaintenanceVerticle;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.Upsert;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a small commit costs as they become many: with fsync, to a table that is appended to and to
 * one that is upserted into, in turn, while maintenance runs as it is shipped. One line for each
 * twentieth of the commits.
 *
 * <p>Arguments: commits to each table (default 100000), {@code off} for no maintenance.
 */
public final class CommitCurve {
  private static final int LINES = 20;
  private static final int ROWS = 10;
  private static final int KEYS = 10_000;
  private static final TableName LOG = TableName.of("system.log");
  private static final TableName STATE = TableName.of("silver.state");
  private static final List<String> KEY = List.of("tenant_id", "id");

  private final Lake lake;
  private final int commits;

  private CommitCurve(Lake lake, int commits) {
    this.lake = lake;
    this.commits = commits;
  }

  public static void main(String[] arguments) throws IOException {
    int commits = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
    boolean maintained = arguments.length < 2 || !arguments[1].equals("off");
    try (var ground = new Ground()) {
      if (maintained) {
        maintain(ground);
      }
      new CommitCurve(ground.lake, commits).run();
      System.out.println(Fsync.beside(ground.folder));
    }
  }

  private static void maintain(Ground ground) {
    var parts =
        new MaintenanceVerticle.Parts(
            ground.bus, ground.lake, table -> true, ground.config.maintenance(), Clock.systemUTC());
    ground.deployWorker(new MaintenanceVerticle(parts, new Shards(1), 0));
  }

  private void run() {
    List.of(LOG, STATE).forEach(table -> lake.ensure(spec(table)));
    System.out.println("commits  append p50   p99 ms  upsert p50   p99 ms");
    double[] first = null;
    for (int line = 1; line <= LINES; line++) {
      double[] now = measure(commits / LINES, line);
      first = first == null ? now : first;
      System.out.printf(
          "%7d  %10.1f %8.1f  %10.1f %8.1f   x%.2f x%.2f  %s  %s%n",
          commits / LINES * line,
          now[0],
          now[1],
          now[2],
          now[3],
          now[0] / first[0],
          now[2] / first[2],
          size(LOG),
          size(STATE));
    }
  }

  private double[] measure(int count, int line) {
    long[] appends = new long[count];
    long[] upserts = new long[count];
    try (Session session = lake.session()) {
      for (int i = 0; i < count; i++) {
        int commit = line * count + i;
        long start = System.nanoTime();
        lake.append(LOG, rows(commit), Progress.NONE);
        long middle = System.nanoTime();
        session.upsert(STATE, new Upsert(KEY, select(commit), null), Progress.NONE);
        appends[i] = middle - start;
        upserts[i] = System.nanoTime() - middle;
      }
    }
    var append = new Percentiles(appends);
    var upsert = new Percentiles(upserts);
    return new double[] {
      append.millis(.5), append.millis(.99), upsert.millis(.5), upsert.millis(.99)
    };
  }

  private String size(TableName table) {
    var size = lake.upkeep().size(table);
    int snapshots = lake.upkeep().history(table).entries().size();
    return "%s: %d files, %d snapshots, %d manifests, %d KB"
        .formatted(table, size.files(), snapshots, size.manifests(), size.metadataBytes() >> 10);
  }

  private static TableSpec spec(TableName table) {
    return new TableSpec(
        table,
        List.of(
            required("tenant_id", "VARCHAR", "tenant"),
            required("id", "BIGINT", "number"),
            required("value", "VARCHAR", "value")),
        table.equals(STATE) ? KEY : List.of(),
        List.of("tenant_id"),
        "Of the benchmark.");
  }

  private static List<Object[]> rows(int commit) {
    return IntStream.range(0, ROWS)
        .mapToObj(i -> new Object[] {"default", id(commit, i), "value " + commit})
        .toList();
  }

  private static String select(int commit) {
    return IntStream.range(0, ROWS)
        .mapToObj(i -> "('default', %d, 'value %d')".formatted(id(commit, i), commit))
        .collect(
            Collectors.joining(", ", "SELECT * FROM (VALUES ", ") AS t(tenant_id, id, value)"));
  }

  /** Scattered over the keys, each at most once in a commit. */
  private static long id(int commit, int row) {
    return (commit * 7919L + row * 1009L) % KEYS;
  }
}
