package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random writes, with the lake closed and opened between them, against a plain map. */
class ModelTest {
  private static final TableName TABLE = TableName.of("silver.thing");
  private static final List<String> KEY = List.of("tenant_id", "id");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "tenant"),
              optional("id", "BIGINT", "number"),
              optional("value", "INTEGER", "value")),
          KEY,
          List.of("tenant_id"),
          "Things.");
  private static final int STEPS = 30;

  @TempDir Path folder;
  private Lake lake;
  private Session session;
  private Random random;

  /** Key to row, each as the engine shows it; and the same for every snapshot so far. */
  private final Map<List<Object>, List<Object>> model = new HashMap<>();

  private final Map<Long, List<List<Object>>> snapshots = new TreeMap<>();
  private final List<Long> order = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void holdsWhatAMapWouldHoldAtEverySnapshot(long seed) {
    random = new Random(seed);
    open();
    lake.ensure(SPEC);
    for (int step = 0; step < STEPS; step++) {
      step();
      check();
      if (random.nextInt(8) == 0) {
        close();
        open();
      }
    }
    for (int i = 0; i < 15; i++) {
      checkHistory(pick(order), pick(order));
    }
    close();
  }

  private void step() {
    switch (random.nextInt(10)) {
      case 0 -> appendRows();
      case 1 -> append();
      case 2 -> remember(session.replace(TABLE, values(batch(true)), Progress.NONE));
      default -> upsert();
    }
  }

  private void appendRows() {
    var fresh = fresh();
    remember(lake.append(TABLE, fresh.stream().map(List::toArray).toList(), Progress.NONE));
  }

  private void append() {
    var fresh = fresh();
    if (!fresh.isEmpty()) {
      remember(session.append(TABLE, values(fresh), Progress.NONE).orElseThrow());
    }
  }

  private void upsert() {
    var batch = batch(false);
    var deletes = new ArrayList<String>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var key = key();
      if (batch.stream().noneMatch(row -> row.subList(0, 2).equals(key))) {
        deletes.add("(%s, %s)".formatted(Sql.literal(key.getFirst()), key.getLast()));
        model.remove(key);
      }
    }
    String gone =
        deletes.isEmpty()
            ? null
            : "SELECT * FROM (VALUES %s) AS t(tenant_id, id)".formatted(String.join(",", deletes));
    session
        .upsert(TABLE, new Upsert(KEY, values(batch), gone), Progress.NONE)
        .ifPresent(this::remember);
  }

  /** Rows with a key each, now in the model; instead of all that it held if {@code alone}. */
  private List<List<Object>> batch(boolean alone) {
    if (alone) {
      model.clear();
    }
    var rows = new HashMap<List<Object>, List<Object>>();
    for (int i = random.nextInt(30); i > 0; i--) {
      var key = key();
      rows.put(key, row(key));
    }
    model.putAll(rows);
    return List.copyOf(rows.values());
  }

  /** Rows of keys that the model does not hold. */
  private List<List<Object>> fresh() {
    var rows = new ArrayList<List<Object>>();
    for (int i = random.nextInt(20); i > 0; i--) {
      var key = key();
      if (!model.containsKey(key)) {
        model.put(key, row(key));
        rows.add(model.get(key));
      }
    }
    return rows;
  }

  private List<Object> key() {
    int id = random.nextInt(60);
    return Arrays.asList("t" + random.nextInt(3), id == 0 ? null : (Object) (long) id);
  }

  private List<Object> row(List<Object> key) {
    return Arrays.asList(key.getFirst(), key.getLast(), random.nextInt(100));
  }

  private static String values(List<List<Object>> rows) {
    if (rows.isEmpty()) {
      return "SELECT 'x' AS tenant_id, 1 AS id, 1 AS value LIMIT 0";
    }
    var literals = rows.stream().map(row -> "('%s', %s, %s)".formatted(row.toArray())).toList();
    return "SELECT * FROM (VALUES %s) AS t(tenant_id, id, value)"
        .formatted(String.join(",", literals));
  }

  private void remember(Snapshot snapshot) {
    assertThat(snapshot.rows()).isEqualTo(model.size());
    snapshots.put(snapshot.id(), List.copyOf(model.values()));
    order.add(snapshot.id());
  }

  private void check() {
    assertThat(rows(Slice.now(TABLE))).containsExactlyInAnyOrderElementsOf(model.values());
    var some = Slice.now(TABLE).tenant("t1").where("id", 10L, 30L);
    assertThat(rows(some))
        .containsExactlyInAnyOrderElementsOf(
            model.values().stream()
                .filter(row -> row.getFirst().equals("t1") && row.get(1) instanceof Long)
                .filter(row -> (Long) row.get(1) >= 10 && (Long) row.get(1) <= 30)
                .toList());
  }

  private void checkHistory(Long one, Long other) {
    long from = order.indexOf(one) < order.indexOf(other) ? one : other;
    long to = from == one ? other : one;
    var before = snapshots.get(from);
    var after = snapshots.get(to);

    assertThat(rows(Slice.at(TABLE, from))).containsExactlyInAnyOrderElementsOf(before);
    var net = new HashMap<List<Object>, Integer>();
    after.forEach(row -> net.merge(row, 1, Integer::sum));
    before.forEach(row -> net.merge(row, -1, Integer::sum));
    rows(Slice.changed(TABLE, from, to))
        .forEach(row -> net.merge(row.subList(0, 3), -(Integer) row.get(3), Integer::sum));
    assertThat(net.values()).as("changes not shown, or shown wrongly").containsOnly(0);
  }

  private List<List<Object>> rows(Slice slice) {
    session.bind("shown", slice);
    return session.query("SELECT * FROM shown", 10_000).rows();
  }

  private Long pick(List<Long> from) {
    return from.get(random.nextInt(from.size()));
  }

  private void open() {
    lake = TestLake.open(folder);
    session = lake.session();
  }

  private void close() {
    session.close();
    lake.close();
  }
}
