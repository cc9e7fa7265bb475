package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.TypeUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations against a plain map: inserts, updates, deletes, late and repeated events,
 * restarts, damaged checkpoints, and commits by others: upserts, appends, compactions, rollbacks.
 * Reads the table with Iceberg's own reader. {@code -Dlode.operations=1000000} runs more of them,
 * {@code -Dlode.seed} others.
 */
class KeyIndexTest {
  private static final System.Logger LOG = System.getLogger(KeyIndexTest.class.getName());
  private static final int OPERATIONS = Integer.getInteger("lode.operations", 20_000);
  private static final long SEED = Long.getLong("lode.seed", 11);
  private static final int BATCH = 800;
  private static final int KEYS = 3000;
  private static final TableName TABLE = TableName.of("silver.thing");
  private static final List<String> KEY = List.of("tenant_id", "id", "day");
  private static final String COLUMNS = "tenant_id VARCHAR, id BIGINT, day DATE, ord BIGINT";
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "tenant"),
              optional("id", "BIGINT", "number"),
              optional("day", "DATE", "day"),
              required("ord", "BIGINT", "order")),
          KEY,
          List.of("tenant_id"),
          "Things.");

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private final Set<Long> used = new HashSet<>();
  private Map<List<Object>, Row> model = new HashMap<>();
  private Earlier earlier;
  private Earlier mark;
  private int histories;
  private Lake lake;
  private Lake other;
  private Engine engine;
  private long order;

  /** What the map holds of a key; {@code rowId} null until it was read. */
  private record Row(long order, Long rowId) {}

  private record Earlier(long snapshot, Map<List<Object>, Row> model) {}

  private record Operation(List<Object> key, long order, boolean delete) {
    Object[] row() {
      return new Object[] {key.get(0), key.get(1), key.get(2), order, delete};
    }
  }

  @BeforeEach
  void open() {
    lake = Lake.open(options("own"));
    other = Lake.open(options("other"));
    engine = Engine.open(options("engine"));
    lake.ensure(SPEC);
  }

  @AfterEach
  void close() {
    engine.close();
    other.close();
    lake.close();
  }

  @Test
  void holdsWhatAMapWouldHoldWhateverOthersDo() throws IOException {
    for (int done = 0; done < OPERATIONS; ) {
      var batch = batch();
      upsert(random.nextInt(5) == 0 ? other : lake, batch);
      done += batch.size();
      check();
      switch (random.nextInt(12)) {
        case 0 -> restart();
        case 1 -> restartAfterKill();
        case 2 -> restartWithDamage();
        case 3 -> append();
        case 4 -> compact();
        case 5 -> rollBack();
        default -> remember();
      }
      if (random.nextInt(3) == 0) {
        checkHistory();
      }
    }
    LOG.log(
        System.Logger.Level.INFO,
        "{0} operations of seed {1}, {2} row ids, {3} histories: as the map",
        OPERATIONS,
        SEED,
        used.size(),
        histories);
    assertThat(histories).as("histories compared").isPositive();
  }

  /** As the lake that is tested, with another folder for its own indexes. */
  private LakeOptions options(String scratch) {
    LakeOptions usual = TestLake.options(folder);
    return new LakeOptions(
        usual.catalogUrl(),
        usual.warehouse(),
        folder.resolve(scratch),
        usual.memory(),
        usual.threads(),
        usual.narrowRowsMax(),
        usual.recentRowsMax(),
        usual.keyIndexBytesMax(),
        usual.sessionsMax(),
        usual.sessionWait(),
        usual.fsync(),
        usual.clock());
  }

  /** Some come late, some twice. */
  private List<Operation> batch() {
    var batch = new ArrayList<Operation>();
    int tenants = random.nextBoolean() ? 1 : 3;
    for (int i = random.nextInt(BATCH) + 1; i > 0; i--) {
      if (!batch.isEmpty() && random.nextInt(20) == 0) {
        batch.add(batch.get(random.nextInt(batch.size())));
      } else {
        order++;
        boolean late = random.nextInt(10) == 0;
        long place = late ? Math.max(0, order - random.nextInt(5000)) * 2 + 1 : order * 2;
        batch.add(new Operation(key(tenants), place, random.nextInt(5) == 0));
      }
    }
    return batch;
  }

  /** Rows of one tenant are one file. */
  private List<Object> key(int tenants) {
    int number = random.nextInt(KEYS);
    return Arrays.asList(
        "t" + number % tenants,
        number % 50 == 0 ? null : (Long) (long) (number / 4),
        number % 7 == 0 ? null : LocalDate.EPOCH.plusDays(number % 4));
  }

  private void upsert(Lake writer, List<Operation> batch) {
    try (var session = writer.session()) {
      session.load("operations", COLUMNS + ", gone BOOLEAN", rows(batch));
      session.execute(
          """
          CREATE TEMP TABLE newest AS SELECT DISTINCT * FROM operations QUALIFY
            rank() OVER (PARTITION BY tenant_id, id, day ORDER BY ord DESC, gone DESC) = 1""");
      String candidates = "SELECT tenant_id, id, day, ord FROM newest";
      session.bind("known", new KeyLookup(TABLE, KEY, candidates, List.of("ord")));
      session.execute(
          """
          CREATE TEMP TABLE winners AS SELECT n.* FROM newest AS n LEFT JOIN known AS k
            ON n.tenant_id = k.tenant_id AND n.id IS NOT DISTINCT FROM k.id
              AND n.day IS NOT DISTINCT FROM k.day
            WHERE k.ord IS NULL OR n.ord >= k.ord""");
      var upsert =
          new Upsert(
              KEY,
              "SELECT * EXCLUDE gone FROM winners WHERE NOT gone",
              "SELECT tenant_id, id, day FROM winners WHERE gone");
      session.upsert(TABLE, upsert, Progress.NONE);
    }
    apply(batch);
  }

  private static List<Object[]> rows(List<Operation> batch) {
    return batch.stream().map(Operation::row).toList();
  }

  private void apply(List<Operation> batch) {
    var newest = new HashMap<List<Object>, Operation>();
    for (var operation : batch) {
      newest.merge(operation.key, operation, KeyIndexTest::newer);
    }
    for (var operation : newest.values()) {
      Row known = model.get(operation.key);
      if (known == null || operation.order >= known.order) {
        if (operation.delete) {
          model.remove(operation.key);
        } else {
          model.put(operation.key, new Row(operation.order, known == null ? null : known.rowId));
        }
      }
    }
  }

  private static Operation newer(Operation one, Operation other) {
    if (one.order == other.order) {
      return one.delete ? one : other;
    }
    return one.order > other.order ? one : other;
  }

  /** Keys that nobody has; the index is not asked. */
  private void append() {
    var fresh = new HashSet<List<Object>>();
    for (int i = random.nextInt(50); i > 0; i--) {
      var key = key(3);
      if (!model.containsKey(key)) {
        fresh.add(key);
      }
    }
    long place = ++order * 2;
    var rows = fresh.stream().map(key -> new Operation(key, place, false)).toList();
    other.append(
        TABLE, rows.stream().map(row -> Arrays.copyOf(row.row(), 4)).toList(), Progress.NONE);
    apply(rows);
  }

  /** Some of the files become one; rows keep their ids, and what changed can still be told. */
  private void compact() throws IOException {
    try (var third = Lake.open(options("reader"))) {
      var upkeep = third.upkeep();
      var partitions = upkeep.files(TABLE).stream().collect(groupingBy(TableFile::partition));
      for (var files : partitions.values()) {
        var some = files.stream().skip(random.nextInt(files.size())).map(TableFile::location);
        assertThat(upkeep.rewrite(TABLE, some.collect(toSet()))).isTrue();
      }
    }
    check();
  }

  /** Rows come back to life, and files too. */
  private void rollBack() throws IOException {
    if (earlier == null) {
      return;
    }
    try (var catalog = Catalog.open(options("engine"))) {
      LakeTable table = catalog.table(TABLE);
      table.lock().lock();
      table.writable().manageSnapshots().rollbackTo(earlier.snapshot).commit();
    }
    model = new HashMap<>(earlier.model);
    earlier = null;
    check();
    if (random.nextBoolean()) {
      upsert(other, batch());
      check();
    }
  }

  private void remember() {
    if (earlier == null && random.nextBoolean()) {
      try (var catalog = Catalog.open(options("engine"))) {
        var head = catalog.table(TABLE).readable().currentSnapshot();
        earlier = head == null ? null : new Earlier(head.snapshotId(), new HashMap<>(model));
      }
    }
  }

  private void restart() {
    lake.close();
    lake = Lake.open(options("own"));
  }

  /** The checkpoints are as old as they were. */
  private void restartAfterKill() throws IOException {
    Map<Path, byte[]> before = new HashMap<>();
    for (Path file : checkpoints()) {
      before.put(file, Files.readAllBytes(file));
    }
    lake.close();
    for (Path file : checkpoints()) {
      Files.delete(file);
    }
    for (var file : before.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
    lake = Lake.open(options("own"));
  }

  private void restartWithDamage() throws IOException {
    lake.close();
    for (Path file : checkpoints()) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[random.nextInt(bytes.length)] ^= 1;
      Files.write(file, random.nextBoolean() ? bytes : Arrays.copyOf(bytes, bytes.length / 2));
    }
    lake = Lake.open(options("own"));
  }

  private List<Path> checkpoints() throws IOException {
    try (var files = Files.walk(folder.resolve("own/keys"))) {
      return files.filter(file -> file.toString().endsWith(".keys")).toList();
    }
  }

  private void check() throws IOException {
    var rest = new HashMap<>(model);
    try (var catalog = Catalog.open(options("engine"))) {
      read(
          catalog.table(TABLE).readable(),
          row -> {
            List<Object> key = Arrays.asList(row.get(0), row.get(1), row.get(2));
            Row expected = rest.remove(key);
            assertThat(expected).as("the row of %s", key).isNotNull();
            assertThat(row.get(3)).as("the order of %s", key).isEqualTo(expected.order);
            Long rowId = (Long) row.get(4);
            if (expected.rowId == null) {
              assertThat(used.add(rowId)).as("row id %d is new", rowId).isTrue();
              model.put(key, new Row(expected.order, rowId));
            } else {
              assertThat(rowId).as("the row id of %s", key).isEqualTo(expected.rowId);
            }
          });
    }
    assertThat(rest).as("rows that are missing").isEmpty();
  }

  /** What a lake tells of two moments is what came and went in the map between them. */
  private void checkHistory() {
    try (var reader = Lake.open(options("reader"))) {
      long head = reader.head(TABLE).orElseThrow().id();
      if (mark != null && reader.remembers(TABLE, mark.snapshot)) {
        assertThat(unlike(reader, head)).as("told wrongly since %d", mark.snapshot).isEmpty();
        histories++;
      }
      if (mark == null || random.nextInt(4) == 0) {
        mark = new Earlier(head, new HashMap<>(model));
      }
    }
  }

  private Map<List<Object>, Integer> unlike(Lake reader, long head) {
    var net = new HashMap<List<Object>, Integer>();
    model.forEach((key, row) -> net.merge(told(key, row), 1, Integer::sum));
    mark.model.forEach((key, row) -> net.merge(told(key, row), -1, Integer::sum));
    try (var session = reader.session()) {
      session.bind("changes", Slice.changed(TABLE, mark.snapshot, head));
      for (var row : session.query("SELECT * FROM changes", Integer.MAX_VALUE).rows()) {
        net.merge(row.subList(0, 4), -(Integer) row.get(4), Integer::sum);
      }
    }
    net.values().removeIf(count -> count == 0);
    return net;
  }

  private static List<Object> told(List<Object> key, Row row) {
    return Arrays.asList(key.get(0), key.get(1), key.get(2), row.order);
  }

  private static void read(Table table, Consumer<Record> reader) throws IOException {
    Schema schema = TypeUtil.join(table.schema(), new Schema(MetadataColumns.ROW_ID));
    try (var rows = IcebergGenerics.read(table).project(schema).build()) {
      rows.forEach(reader);
    }
  }
}
