package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentChangesTest {
  private static final TableName TABLE = TableName.of("silver.sale");

  @TempDir Path folder;
  private Engine engine;
  private Workspace workspace;
  private RecentChanges changes;

  @BeforeEach
  void open() {
    engine = Engine.open(TestLake.options(folder));
    workspace = engine.workspace();
    changes = new RecentChanges(engine.shelf(), 20_000);
  }

  @AfterEach
  void close() {
    workspace.close();
    engine.close();
  }

  private static RecentChanges.Change change(long from) {
    return new RecentChanges.Change(TABLE, 0, from, from + 1);
  }

  private String hold(long from, Supplier<String> select) {
    return changes.hold(workspace, change(from), select).orElse(null);
  }

  @Test
  void readsOnceForAllSessions() {
    String first = hold(1, () -> "SELECT 7 AS n, 1 AS _change");
    try (Workspace other = engine.workspace()) {
      String again = changes.hold(other, change(1), () -> "SELECT 8 AS n, 1 AS _change").get();
      assertThat(again).isEqualTo(first);
      assertThat(other.all("FROM " + again)).hasToString("[[7, 1]]");
    }
  }

  @Test
  void leavesManyRowsToTheirFiles() {
    assertThat(hold(1, () -> "SELECT * FROM range(20001)")).isNull();
    assertThat(hold(2, () -> "SELECT * FROM range(20000)")).isNotNull();
    assertThat(tables()).isEqualTo(1);
  }

  @Test
  void forgetsTheOldestThatNobodyReads() {
    String read = hold(0, () -> "SELECT 1 AS _change");
    for (long from = 1; from < 100; from++) {
      hold(from, () -> "SELECT 1 AS _change");
      changes.release(change(from));
    }
    assertThat(workspace.all("FROM " + read)).hasSize(1);
    assertThat(tables()).isEqualTo(16);
  }

  private long tables() {
    String sql = "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'changes%'";
    return workspace.query(sql, 1).count();
  }
}
