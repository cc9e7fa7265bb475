package dev.lode.maintenance;

import static dev.lode.tables.Customers.KEY;
import static dev.lode.tables.Customers.TABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.config.TestConfig;
import dev.lode.tables.Customers;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.RowIds;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import dev.lode.tables.Upsert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenderTest {
  private static final TableName CONSUMER = TableName.of("gold.customers");

  @TempDir Path folder;
  private Lake lake;
  private Tender tender;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(Customers.SPEC);
    lake.ensure(Customers.spec(CONSUMER));
    tender = tender(Clock.systemUTC(), "0s");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Tender tender(Clock clock, String removeAfter) {
    var config =
        TestConfig.with(
            "maintenance.files-min", 4,
            "maintenance.snapshots-min", 1,
            "maintenance.snapshots-max", 5,
            "maintenance.snapshots-batch", 10,
            "maintenance.remove-after", removeAfter);
    var consumers = new Consumers(lake, CONSUMER::equals);
    return new Tender(lake.upkeep(), consumers, config.maintenance(), clock);
  }

  @Test
  void keepsRowsAndRowIdsAndHistoryWhileAWriterGoesOn() throws Exception {
    Map<Long, Map<Long, String>> history = new LinkedHashMap<>();
    var writer = CompletableFuture.runAsync(() -> write(history));
    do {
      tender.tend(TABLE);
    } while (!writer.isDone());
    writer.join();
    tender.tend(TABLE);

    var last = List.copyOf(history.values()).getLast();
    assertThat(lake.upkeep().files(TABLE)).hasSizeLessThan(20);
    assertThat(lake.upkeep().history(TABLE).entries()).hasSizeLessThan(30);
    assertThat(lake.upkeep().history(TABLE).entries()).anyMatch(entry -> entry.compaction());
    assertThat(lake.history(TABLE))
        .isNotEmpty()
        .allSatisfy(kept -> assertThat(rows(kept.id())).isEqualTo(history.get(kept.id())));
    var rowIds = new TreeMap<>(RowIds.of(folder, TABLE));
    assertThat(rowIds.keySet()).isEqualTo(last.keySet());
    assertThat(List.copyOf(rowIds.values())).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void leavesNoDeletesWhereReadersKnowNone() {
    try (Session session = lake.session()) {
      var rows = new TreeMap<Long, String>();
      for (long id = 0; id < 100; id++) {
        rows.put(id, "first");
      }
      upsert(session, TABLE, rows, Progress.NONE);
      upsert(session, TABLE, Map.of(7L, "second"), Progress.NONE);
    }
    tender(Clock.systemUTC(), "1h").tend(TABLE);
    assertThat(lake.upkeep().size(TABLE).deleted()).as("too few to be worth it").isEqualTo(1);
    var config = TestConfig.with("maintenance.serve-without-deletes", List.of(TABLE.toString()));
    var consumers = new Consumers(lake, CONSUMER::equals);
    new Tender(lake.upkeep(), consumers, config.maintenance(), Clock.systemUTC()).tend(TABLE);
    assertThat(lake.upkeep().size(TABLE).deleted()).isZero();
  }

  /** Row ids grow with the keys as long as each row keeps the one that it came with. */
  private void write(Map<Long, Map<Long, String>> history) {
    var random = new Random(7);
    var rows = new TreeMap<Long, String>();
    try (Session session = lake.session()) {
      for (int commit = 0; commit < 80; commit++) {
        var batch = new TreeMap<Long, String>();
        batch.put((long) rows.size(), "new in " + commit);
        for (int i = 0; i < 3 && rows.size() > 3; i++) {
          batch.put((long) random.nextInt(rows.size()), "again in " + commit);
        }
        rows.putAll(batch);
        var snapshot = upsert(session, TABLE, batch, Progress.NONE);
        history.put(snapshot.id(), new TreeMap<>(rows));
      }
    }
  }

  @Test
  void keepsWhatASlowConsumerNeeds() {
    var commits = new ArrayList<Snapshot>();
    try (Session session = lake.session()) {
      for (long id = 0; id < 30; id++) {
        commits.add(upsert(session, TABLE, Map.of(id, "x"), Progress.NONE));
      }
      upsert(session, CONSUMER, Map.of(0L, "x"), Progress.of(TABLE, null, commits.get(2).id()));
    }

    var done = tender.run(TABLE);

    assertThat(done.snapshotsExpired()).isEqualTo(2);
    assertThat(lake.remembers(TABLE, commits.get(2).id())).isTrue();
    assertThat(added(commits.get(2).id())).isEqualTo(27);

    try (Session session = lake.session()) {
      var progress = Progress.of(TABLE, commits.get(2).id(), commits.get(29).id());
      upsert(session, CONSUMER, Map.of(0L, "y"), progress);
    }
    assertThat(tender.run(TABLE).snapshotsExpired()).isGreaterThan(20);
    assertThat(lake.remembers(TABLE, commits.get(2).id())).isFalse();
    assertThat(lake.remembers(TABLE, commits.get(29).id())).isTrue();
    assertThat(rows(commits.get(29).id())).hasSize(30);
  }

  @Test
  void keepsWhatAnIndexNeedsThatToldTheLakeWhereItStands() {
    var commits = commits(30);
    lake.positions().put("vectors products", Map.of(TABLE, commits.get(9).id()));

    assertThat(tender.run(TABLE).snapshotsExpired()).isEqualTo(9);
  }

  @Test
  void losesNoWatermarkWithTheSnapshotsThatItForgets() {
    TableName upstream = TableName.of("bronze.shop_customer");
    try (Session session = lake.session()) {
      upsert(session, TABLE, Map.of(0L, "x"), Progress.of(upstream, null, 4711));
    }
    commits(20);

    assertThat(tender.run(TABLE).snapshotsExpired()).isPositive();
    assertThat(lake.head(TABLE).orElseThrow().watermark(upstream)).isEqualTo(4711);
  }

  @Test
  void removesNothingThatIsStillRead() throws IOException {
    var commits = commits(20);
    try (Session reader = lake.session()) {
      reader.bind("old", Slice.at(TABLE, commits.get(3).id()));
      var done = tender.run(TABLE);

      assertThat(done.filesRemoved()).isZero();
      assertThat(done.filesWaiting()).isPositive();
      assertThat(reader.query("SELECT count(*) FROM old", 1).count()).isEqualTo(4);
    }
    long before = files();

    assertThat(tender.run(TABLE).filesRemoved()).isPositive();
    assertThat(files()).isLessThan(before);
    assertThat(rows(commits.getLast().id())).hasSize(20);
  }

  @Test
  void removesNothingWhileABackupHoldsTheLake() {
    commits(20);
    var hold = lake.hold();
    assertThat(tender.run(TABLE).filesRemoved()).isZero();
    hold.close();
    assertThat(tender.run(TABLE).filesRemoved()).isPositive();
  }

  @Test
  void leavesReadersInOtherProcessesTheirTime() {
    var clock = new SetClock(Instant.now());
    var patient = tender(clock, "10m");
    commits(20);

    assertThat(patient.run(TABLE).filesRemoved()).isZero();
    clock.now = clock.now.plus(Duration.ofMinutes(10));
    assertThat(patient.run(TABLE).filesRemoved()).isPositive();
  }

  @Test
  void removesWhatACrashLeftBehindOnceItIsOld() throws IOException {
    var commits = commits(3);
    Path table = folder.resolve("warehouse/silver/customer");
    Path draft = leftover(table.resolve("data/.half.parquet.1"), Duration.ofDays(2));
    Path unnamed = leftover(table.resolve("data/unnamed.parquet"), Duration.ofDays(2));
    Path metadata =
        leftover(table.resolve("metadata/00009-lost.metadata.json"), Duration.ofDays(2));
    Path young = leftover(table.resolve("data/in-the-making.parquet"), Duration.ofHours(1));

    assertThat(tender.run(TABLE).filesRemoved()).isEqualTo(3);
    assertThat(List.of(draft, unnamed, metadata)).noneMatch(Files::exists);
    assertThat(young).exists();
    assertThat(rows(commits.getLast().id())).hasSize(3);
  }

  @Test
  void keepsOldFilesThatASnapshotNames() throws IOException {
    var commits = commits(6);
    try (var files = Files.walk(folder.resolve("warehouse"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(9))));
      }
    }

    assertThat(tender.run(TABLE).filesRemoved()).isPositive();
    assertThat(lake.history(TABLE))
        .allSatisfy(kept -> assertThat(rows(kept.id())).hasSize((int) kept.rows()));
    assertThat(rows(commits.getLast().id())).hasSize(6);
  }

  private static Path leftover(Path file, Duration age) throws IOException {
    Files.writeString(file, "not all of it");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    return file;
  }

  private static final class SetClock extends Clock {
    private Instant now;

    SetClock(Instant now) {
      this.now = now;
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private List<Snapshot> commits(int count) {
    var commits = new ArrayList<Snapshot>();
    try (Session session = lake.session()) {
      for (long id = 0; id < count; id++) {
        commits.add(upsert(session, TABLE, Map.of(id, "x"), Progress.NONE));
      }
    }
    return commits;
  }

  private static Snapshot upsert(
      Session session, TableName table, Map<Long, String> rows, Progress progress) {
    String values =
        rows.entrySet().stream()
            .map(row -> "('a', %d, '%s')".formatted(row.getKey(), row.getValue()))
            .collect(Collectors.joining(", "));
    String select = Customers.select(values);
    return session.upsert(table, new Upsert(KEY, select, null), progress).orElseThrow();
  }

  private Map<Long, String> rows(long snapshot) {
    try (Session session = lake.session()) {
      session.bind("shown", Slice.at(TABLE, snapshot));
      var rows = new TreeMap<Long, String>();
      session
          .query("SELECT id, name FROM shown", 1000)
          .rows()
          .forEach(row -> rows.put((Long) row.get(0), (String) row.get(1)));
      return rows;
    }
  }

  private long added(long from) {
    try (Session session = lake.session()) {
      session.bind("fresh", Slice.added(TABLE, from, lake.head(TABLE).orElseThrow().id()));
      return session.query("SELECT count(*) FROM fresh", 1).count();
    }
  }

  private long files() throws IOException {
    try (var files = Files.walk(folder.resolve("warehouse/silver/customer"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
