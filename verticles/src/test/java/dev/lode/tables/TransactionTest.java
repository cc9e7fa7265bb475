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
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionTest {
  private static final TableName FIRST = TableName.of("silver.first");
  private static final TableName SECOND = TableName.of("silver.second");
  private static final List<String> KEY = List.of("id");

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(spec(FIRST));
    lake.ensure(spec(SECOND));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void showsItsWritesToItselfAloneUntilItCommits() throws Exception {
    try (var session = lake.session();
        var reader = Executors.newSingleThreadExecutor()) {
      session.begin();
      session.upsert(FIRST, upsert(1), Progress.NONE);
      session.upsert(FIRST, upsert(1), Progress.NONE);
      session.append(SECOND, rows(2), Progress.NONE);

      session.bind("own", Slice.now(FIRST));
      assertThat(session.query("SELECT count(*) FROM own", 1).count()).isEqualTo(1);
      assertThat(reader.submit(() -> lake.head(FIRST)).get()).isEmpty();

      session.commit();
    }
    assertThat(lake.head(FIRST).orElseThrow().rows()).isEqualTo(1);
    assertThat(lake.head(SECOND).orElseThrow().rows()).isEqualTo(1);
  }

  @Test
  void isNotSeenInPartByWhoHasPinnedItsTables() {
    try (var reader = lake.session();
        var writer = lake.session()) {
      reader.pin(List.of(FIRST, SECOND));
      reader.bind("first", Slice.now(FIRST));
      write(writer);
      writer.commit();
      reader.bind("second", Slice.now(SECOND));
      assertThat(reader.query("FROM first", 1).rows()).isEmpty();
      assertThat(reader.query("FROM second", 1).rows()).isEmpty();

      reader.pin(List.of(FIRST, SECOND));
      reader.bind("first", Slice.now(FIRST));
      reader.bind("second", Slice.now(SECOND));
      assertThat(reader.query("FROM first", 1).rows()).hasSize(1);
      assertThat(reader.query("FROM second", 1).rows()).hasSize(1);
    }
  }

  @Test
  void leavesNoFileOfWhatIsNotCommitted() throws IOException {
    long before = files();
    try (var session = lake.session()) {
      write(session);
    }

    assertThat(files()).isEqualTo(before);
    try (var session = lake.session()) {
      session.upsert(FIRST, upsert(1), Progress.NONE);
    }
    assertThat(lake.head(FIRST).orElseThrow().rows()).isEqualTo(1);
    assertThat(lake.head(SECOND)).isEmpty();
  }

  @Test
  void commitsNothingWhereOneOfTheTablesWasChangedByAnother() throws IOException {
    try (var other = TestLake.open(folder)) {
      long before;
      try (var session = lake.session()) {
        before = files();
        write(session);
        other.append(SECOND, rows(3), Progress.NONE);

        assertThatThrownBy(session::commit)
            .isInstanceOfSatisfying(
                Failure.class,
                failure -> assertThat(failure.code()).isEqualTo(ErrorCode.COMMIT_CONFLICT))
            .hasMessageStartingWith("Cannot commit silver.second: its metadata is no longer file:");
      }
      assertThat(files()).as("what the other wrote").isEqualTo(before + 4);
      assertThat(other.head(FIRST)).isEmpty();
    }
    try (var session = lake.session()) {
      write(session);
      session.commit();
    }
    assertThat(lake.head(FIRST).orElseThrow().rows()).isEqualTo(1);
    assertThat(lake.head(SECOND).orElseThrow().rows()).isEqualTo(2);
  }

  @Test
  void takesTablesInTheOrderOfTheirNamesAlone() {
    try (var session = lake.session()) {
      session.begin();
      session.append(SECOND, rows(1), Progress.NONE);

      assertThatThrownBy(() -> session.append(FIRST, rows(1), Progress.NONE))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Cannot write to silver.first after silver.second in one transaction (must be in the"
                  + " order of names)");
    }
  }

  private static void write(Session session) {
    session.begin();
    session.upsert(FIRST, upsert(1), Progress.NONE);
    session.append(SECOND, rows(2), Progress.NONE);
  }

  private long files() throws IOException {
    try (var files = Files.walk(folder.resolve("warehouse"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static Upsert upsert(long id) {
    return new Upsert(KEY, "SELECT 'a' AS tenant_id, " + id + " AS id", null);
  }

  private static TableSpec spec(TableName table) {
    return new TableSpec(
        table,
        List.of(required("tenant_id", "VARCHAR", "tenant"), required("id", "BIGINT", "number")),
        KEY,
        List.of(),
        "Together.");
  }

  private static List<Object[]> rows(long id) {
    return List.<Object[]>of(new Object[] {"a", id});
  }
}
