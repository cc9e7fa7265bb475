package dev.lode.tables;

import static dev.lode.tables.Customers.KEY;
import static dev.lode.tables.Customers.TABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.exceptions.ValidationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RewriteTest {
  private static final TableName UPSTREAM = TableName.of("bronze.shop_customer");
  @TempDir Path folder;
  private Lake lake;
  private Session session;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(Customers.SPEC);
    session = lake.session();
  }

  @AfterEach
  void close() {
    session.close();
    lake.close();
  }

  @Test
  void makesOneFileOfTheLiveRowsOfMany() {
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('a', 3, 'z')");
    upsert("('a', 2, 'Y')");
    upsert("('a', 4, 'w')");
    var rows = rows(Slice.now(TABLE));

    assertThat(compact()).isTrue();

    assertThat(lake.upkeep().files(TABLE))
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.records()).isEqualTo(4);
              assertThat(file.deleted()).isZero();
            });
    assertThat(rows(Slice.now(TABLE))).isEqualTo(rows);
  }

  @Test
  void keepsRowIdsAndSequenceNumbersForEveryEngine() throws Exception {
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('a', 3, 'z')");
    upsert("('a', 2, 'Y')");
    upsert("('a', 4, 'w')");
    var before = RowIds.lineage(folder, TABLE);

    compact();
    assertThat(RowIds.lineage(folder, TABLE)).isEqualTo(before).hasSize(4);

    upsert("('a', 3, 'Z')");
    compact();
    assertThat(RowIds.lineage(folder, TABLE))
        .containsEntry(1L, before.get(1L))
        .containsEntry(2L, before.get(2L))
        .satisfies(
            lineage -> {
              assertThat(lineage.get(3L).getFirst()).isEqualTo(before.get(3L).getFirst());
              assertThat(lineage.get(3L).getLast()).isGreaterThan(before.get(3L).getLast());
            });
  }

  @Test
  void isNoNewsToReaders() {
    upsert("('a', 1, 'x'), ('a', 2, 'y')");
    var head = upsert("('a', 2, 'Y')");
    var history = lake.history(TABLE);

    compact();

    assertThat(lake.head(TABLE)).contains(head);
    assertThat(lake.history(TABLE)).isEqualTo(history);
    assertThat(session.bind("seen", Slice.now(TABLE))).isEqualTo(head);
    assertThat(lake.upkeep().history(TABLE).entries()).hasSize(3);
  }

  @Test
  void readsTheHeadWhereItsRowsWereMovedTo() {
    upsert("('a', 1, 'x'), ('a', 2, 'y')");
    var head = upsert("('a', 2, 'Y')");
    compact();

    assertThat(rows(Slice.at(TABLE, head.id()))).hasToString("[[a, 1, x], [a, 2, Y]]");
    session.bind("seen", Slice.at(TABLE, head.id()));
    assertThat(session.query("EXPLAIN SELECT * FROM seen", 10).rows().toString())
        .doesNotContain("JOIN");
  }

  @Test
  void showsNoMovedRowAsAdded() {
    var first = upsert("('a', 1, 'x')");
    var second = upsert("('a', 2, 'y')");
    upsert("('a', 3, 'z')");
    compact();
    var last = upsert("('a', 4, 'w')");

    assertThat(rows(Slice.added(TABLE, first.id(), last.id())))
        .hasToString("[[a, 2, y], [a, 3, z], [a, 4, w]]");
    assertThat(rows(Slice.added(TABLE, second.id(), last.id())))
        .hasToString("[[a, 3, z], [a, 4, w]]");
    assertThat(rows(Slice.changed(TABLE, second.id(), last.id())))
        .hasToString("[[a, 3, z, 1], [a, 4, w, 1]]");
  }

  @Test
  void showsNoMovedRowAsChanged() {
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('a', 3, 'z')");
    var from = upsert("('a', 4, 'w')");
    upsert("('a', 2, 'Y')");
    compact();
    var to = upsert("('a', 3, 'Z')");
    compact();

    assertThat(rows(Slice.changed(TABLE, from.id(), to.id())))
        .hasToString("[[a, 2, Y, 1], [a, 2, y, -1], [a, 3, Z, 1], [a, 3, z, -1]]");
  }

  @Test
  void findsTheOldRowsOfAnUpsertInCompactedFiles() {
    upsert("('a', 1, 'x'), ('a', 2, 'y')");
    upsert("('a', 3, 'z')");
    compact();
    upsert("('a', 2, 'Y'), ('a', 3, 'Z')");

    assertThat(rows(Slice.now(TABLE))).hasToString("[[a, 1, x], [a, 2, Y], [a, 3, Z]]");
  }

  @Test
  void carriesWatermarksForward() {
    String select = "SELECT 'a' AS tenant_id, 1 AS id, 'x' AS name";
    session.upsert(TABLE, new Upsert(KEY, select, null), Progress.of(UPSTREAM, null, 5));
    upsert("('a', 2, 'y')");
    compact();
    upsert("('a', 3, 'z')");

    assertThat(lake.head(TABLE).orElseThrow().watermark(UPSTREAM)).isEqualTo(5);
  }

  @Test
  void deletesInTheNewFileWhatWasDeletedMeanwhile() throws Exception {
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('a', 3, 'z')");
    upsert("('a', 4, 'v'), ('a', 5, 'w')");
    upsert("('a', 6, 'u'), ('a', 7, 't')");
    upsert("('a', 2, 'Y')");

    meanwhile(() -> upsert("('a', 3, 'Z'), ('a', 4, 'V'), ('a', 6, 'U')"));

    assertThat(rows(Slice.now(TABLE)))
        .hasToString(
            "[[a, 1, x], [a, 2, Y], [a, 3, Z], [a, 4, V], [a, 5, w], [a, 6, U], [a, 7, t]]");
    assertThat(RowIds.of(folder, TABLE)).hasSize(7).containsEntry(3L, 2L).containsEntry(6L, 5L);
    assertThat(lake.upkeep().files(TABLE)).hasSize(2);
  }

  @Test
  void givesWayWhereAFileWasEmptiedMeanwhile() {
    upsert("('a', 1, 'x'), ('a', 2, 'y')");
    upsert("('a', 3, 'z')");

    assertThatThrownBy(() -> meanwhile(() -> upsert("('a', 3, 'Z')")))
        .isInstanceOf(ValidationException.class);
    assertThat(rows(Slice.now(TABLE))).hasToString("[[a, 1, x], [a, 2, y], [a, 3, Z]]");
  }

  @Test
  void givesWayToAnotherCompaction() {
    upsert("('a', 1, 'x')");
    upsert("('a', 2, 'y')");

    assertThatThrownBy(() -> meanwhile(this::compact)).isInstanceOf(ValidationException.class);
    assertThat(rows(Slice.now(TABLE))).hasToString("[[a, 1, x], [a, 2, y]]");
  }

  /** A compaction of all files, with {@code other} between its reading and its commit. */
  private void meanwhile(Runnable other) {
    var options = TestLake.options(folder);
    try (var catalog = Catalog.open(options);
        var engine = Engine.open(options);
        var workspace = engine.workspace()) {
      var planner = new Planner();
      LakeTable table = catalog.table(TABLE);
      var state = table.state();
      long start = state.metadata().currentSnapshot().snapshotId();
      var rewrite = new Rewrite(state, planner.live(state.table(), List.of(), start));
      var written = rewrite.write(workspace, planner, TABLE);
      other.run();
      Commits.commit(table, Progress.NONE, written, now -> rewrite.on(now, planner, written));
    }
    session.close();
    lake.close();
    open();
  }

  @Test
  void refusesFilesThatAreGone() {
    upsert("('a', 1, 'x')");
    upsert("('a', 2, 'y')");
    Set<String> files = locations();
    compact();

    assertThat(lake.upkeep().rewrite(TABLE, files)).isFalse();
  }

  private boolean compact() {
    return lake.upkeep().rewrite(TABLE, locations());
  }

  private Set<String> locations() {
    return lake.upkeep().files(TABLE).stream().map(TableFile::location).collect(Collectors.toSet());
  }

  private Snapshot upsert(String values) {
    String select = Customers.select(values);
    return session.upsert(TABLE, new Upsert(KEY, select, null), Progress.NONE).orElseThrow();
  }

  private List<List<Object>> rows(Slice slice) {
    session.bind("shown", slice);
    return session.query("SELECT * FROM shown ORDER BY ALL", 1000).rows();
  }
}
