package dev.lode.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLedgerTest {
  private static final TableName RAW = TableName.of("bronze.shop_line");
  private static final TableName LINE = TableName.of("silver.line");
  private static final TableName OWN = TableName.of("system.other");

  @TempDir Path folder;
  private Lake lake;
  private RunLedger ledger;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    ledger = new RunLedger(lake, table -> true);
    List.of(RAW, LINE, OWN).forEach(table -> lake.ensure(spec(table)));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void recordsEachCommitOnceAndNoneOfTheSystemsOwn() {
    Snapshot raw = commit(RAW, Progress.NONE);
    Snapshot line = commit(LINE, Progress.of(RAW, null, raw.id()));
    commit(OWN, Progress.NONE);

    assertThat(ledger.behind()).isEqualTo(2);
    assertThat(ledger.record(null)).isEqualTo(2);
    assertThat(ledger.record(null)).isZero();
    assertThat(new RunLedger(lake, table -> true).record(null)).isZero();

    assertThat(runs())
        .hasToString(
            "[[a, bronze.shop_line, %d, 1, []], [a, silver.line, %d, 1, [%s@%d]]]"
                .formatted(raw.id(), line.id(), RAW, raw.id()));
    assertThat(ledger.behind()).isZero();
  }

  @Test
  void splitsACommitByTenant() {
    Snapshot first = lake.append(RAW, rows("a", "b", "b"), Progress.NONE);
    Snapshot second = replace(rows("c"));
    Snapshot empty = lake.append(LINE, List.of(), Progress.of(RAW, null, second.id()));

    assertThat(ledger.record(null)).isEqualTo(3);

    assertThat(runs().stream().map(run -> List.of(run.get(0), run.get(2), run.get(3))))
        .containsExactlyInAnyOrder(
            List.of("a", first.id(), 1L),
            List.of("b", first.id(), 2L),
            List.of("a", second.id(), 0L),
            List.of("b", second.id(), 0L),
            List.of("c", second.id(), 1L),
            List.of("_system", empty.id(), 0L));
    assertThat(ledger.next(null).orElseThrow().events()).hasSize(6).doesNotHaveDuplicates();
  }

  private static List<Object[]> rows(String... tenants) {
    return Stream.of(tenants).map(tenant -> new Object[] {tenant}).toList();
  }

  private Snapshot replace(List<Object[]> rows) {
    try (Session session = lake.session()) {
      session.load("fresh", "tenant_id VARCHAR", rows);
      return session.replace(RAW, "SELECT * FROM fresh", Progress.NONE);
    }
  }

  @Test
  void findsWhatWasCommittedWhileNobodyLooked() {
    commit(RAW, Progress.NONE);
    ledger.record(null);
    var missed = new ArrayList<Long>();
    for (int i = 0; i < 5; i++) {
      missed.add(commit(RAW, Progress.NONE).id());
    }

    assertThat(new RunLedger(lake, table -> true).record(null)).isEqualTo(5);
    assertThat(runs().stream().skip(1).map(run -> run.get(2))).containsExactlyElementsOf(missed);
  }

  @Test
  void leavesTablesOfOtherShardsAlone() {
    commit(RAW, Progress.NONE);
    commit(LINE, Progress.NONE);
    var mine = new RunLedger(lake, table -> table.equals(RAW));
    var theirs = new RunLedger(lake, table -> !table.equals(RAW));

    assertThat(mine.record(null)).isEqualTo(1);
    assertThat(theirs.record(null)).isEqualTo(1);
    assertThat(ledger.record(null)).isZero();
  }

  @Test
  void givesRecordedEventsOnInOrderAndRemembersHowFar() {
    commit(RAW, Progress.NONE);
    ledger.record(null);
    commit(LINE, Progress.NONE);
    ledger.record(null);

    var first = ledger.next(null).orElseThrow();
    var second = ledger.next(first.snapshotId()).orElseThrow();

    assertThat(first.events()).singleElement().asString().contains("bronze.shop_line");
    assertThat(second.events()).singleElement().asString().contains("silver.line");
    assertThat(ledger.next(second.snapshotId())).isEmpty();
    assertThat(ledger.posted()).isNull();

    commit(RAW, Progress.NONE);
    ledger.record(second.snapshotId());
    assertThat(ledger.posted()).isEqualTo(second.snapshotId());
  }

  private Snapshot commit(TableName table, Progress progress) {
    return lake.append(table, List.<Object[]>of(new Object[] {"a"}), progress);
  }

  private static TableSpec spec(TableName table) {
    return new TableSpec(
        table,
        List.of(TableSpec.Field.required("tenant_id", "VARCHAR", "")),
        List.of(),
        List.of("tenant_id"),
        "A table.");
  }

  private List<List<Object>> runs() {
    try (Session session = lake.session()) {
      session.bind("runs", Slice.now(RunLedger.TABLE));
      return session
          .query(
              "SELECT tenant_id, job, snapshot_id, rows_added, inputs"
                  + " FROM runs ORDER BY event_time",
              100)
          .rows();
    }
  }
}
