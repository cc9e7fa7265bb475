package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two writers as in two processes; a file's lock cannot keep the second off inside of one. */
class EpochTest {
  private static final Disk DISK = new Disk(true);
  private static final TableName TABLE = TableName.of("silver.fenced");
  private static final TableName SECOND = TableName.of("silver.fenced_too");
  private static final TableName UPSTREAM = TableName.of("bronze.fenced");
  private static final Writer ONE = new Writer("1", "4711 on one");
  private static final Writer OTHER = new Writer("2", "4712 on other");

  @TempDir Path folder;

  @Test
  void refusesWhatWasUnderWayWhenAnotherProcessTookOver() {
    takeOver(TestLake.options(folder));
  }

  static void takeOver(LakeOptions options) {
    try (Lake zombie = Lake.open(options, ONE, DISK);
        var session = zombie.session()) {
      zombie.ensure(spec(TABLE));
      zombie.append(TABLE, rows(1), Progress.of(UPSTREAM, null, 5));
      session.begin();
      String select = "SELECT 'a' AS tenant_id, 1 AS id";
      session.upsert(TABLE, new Upsert(List.of("id"), select, null), Progress.of(UPSTREAM, 5L, 66));

      try (Lake winner = Lake.open(options, OTHER, DISK)) {
        assertFenced(session::commit);
        assertFenced(() -> zombie.append(TABLE, rows(2), Progress.NONE));
        assertFenced(() -> zombie.ensure(spec(SECOND)));
        assertFenced(zombie::checkWriter);

        winner.checkWriter();
        winner.ensure(spec(SECOND));
        assertThat(winner.head(TABLE).orElseThrow().watermark(UPSTREAM)).isEqualTo(5);
        var next = winner.append(TABLE, rows(3), Progress.of(UPSTREAM, 5L, 6));
        assertThat(next.rows()).isEqualTo(2);
        assertThat(winner.history(TABLE)).hasSize(2);
      }
    }
  }

  @Test
  void refusesATransactionThatChangedNothing() {
    LakeOptions options = TestLake.options(folder);
    try (Lake zombie = Lake.open(options, ONE, DISK);
        var session = zombie.session()) {
      zombie.ensure(spec(TABLE));
      session.begin();
      var nobody = new Upsert(List.of("id"), null, "SELECT 1 AS id");
      assertThat(session.upsert(TABLE, nobody, Progress.NONE)).isEmpty();

      try (Lake winner = Lake.open(options, OTHER, DISK)) {
        assertFenced(zombie::checkWriter);
        assertFenced(session::commit);

        assertThat(winner.head(TABLE)).isEmpty();
      }
    }
  }

  @Test
  void refusesASingleCommitThatIsReadyWhenAnotherProcessTakesOver() throws IOException {
    LakeOptions options = TestLake.options(folder);
    try (Lake lake = Lake.open(options, ONE, DISK);
        Catalog zombie = Catalog.open(options, ONE, DISK)) {
      lake.ensure(spec(TABLE));
      var table = zombie.table(TABLE);
      var files = new RowFiles(table.readable()).write(rows(1));

      assertFenced(
          () ->
              Commits.commit(
                  table,
                  Progress.NONE,
                  files,
                  writable -> {
                    Catalog.open(options, OTHER, DISK).close();
                    var append = writable.newAppend();
                    files.forEach(append::appendFile);
                    return append;
                  }));
      try (var left = Files.walk(folder.resolve("warehouse/silver/fenced"))) {
        assertThat(left.map(Path::toString))
            .noneMatch(file -> file.endsWith(".parquet"))
            .filteredOn(file -> file.endsWith(".metadata.json"))
            .hasSize(1);
      }
    }
  }

  @Test
  void takesOverAgainByBeingOpenedAgain() {
    LakeOptions options = TestLake.options(folder);
    try (Lake first = Lake.open(options, ONE, DISK)) {
      first.ensure(spec(TABLE));
      Lake.open(options, OTHER, DISK).close();
      assertFenced(() -> first.append(TABLE, rows(1), Progress.NONE));
    }
    try (Lake again = Lake.open(options, new Writer("3", "4711 on one"), DISK)) {
      assertThat(again.append(TABLE, rows(1), Progress.NONE).rows()).isEqualTo(1);
    }
  }

  @Test
  void stopsWritingWhenTheFileThatItHasLockedIsGone() throws IOException {
    LakeOptions options = TestLake.options(folder);
    try (Lake lake = Lake.open(options)) {
      lake.ensure(spec(TABLE));
      Path lock = folder.resolve("catalog.db.lock");
      Files.delete(lock);

      assertThatThrownBy(() -> lake.append(TABLE, rows(1), Progress.NONE))
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FENCED))
          .hasMessage(
              "Cannot write to the lake: %s was removed or replaced while we had it locked"
                  .formatted(lock));
    }
  }

  private static void assertFenced(ThrowingCallable write) {
    assertThatThrownBy(write)
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.FENCED))
        .hasMessageStartingWith("Cannot write to the lake: process 4712 on other took it over at 2")
        .hasMessageMatching(".* \\(epoch \\d+, ours was \\d+\\)");
  }

  private static TableSpec spec(TableName table) {
    return new TableSpec(
        table,
        List.of(required("tenant_id", "VARCHAR", "tenant"), required("id", "BIGINT", "number")),
        List.of("id"),
        List.of(),
        "Fenced.");
  }

  private static List<Object[]> rows(long id) {
    return List.<Object[]>of(new Object[] {"a", id});
  }
}
