package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lakes on one Postgres: env LODE_TEST_POSTGRES, else one of our own. */
class PostgresCatalogIT {
  private static final TableName TABLE = TableName.of("silver.shared");
  private static final TableName UPSTREAM = TableName.of("bronze.shared");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(required("tenant_id", "VARCHAR", "tenant"), required("id", "BIGINT", "number")),
          List.of("tenant_id", "id"),
          List.of("tenant_id"),
          "Shared.");

  private static String url = System.getenv("LODE_TEST_POSTGRES");
  private static EmbeddedPostgres postgres;

  /** One for all tests: they share a catalog, whose tables lie in one warehouse. */
  @TempDir static Path folder;

  @BeforeAll
  static void start() {
    if (url != null) {
      return;
    }
    try {
      postgres = EmbeddedPostgres.builder().start();
      url = postgres.getJdbcUrl("postgres", "postgres");
    } catch (IOException | RuntimeException e) {
      Assumptions.abort("No Postgres starts here (" + e + "); set LODE_TEST_POSTGRES to one");
    }
  }

  @AfterAll
  static void stop() throws IOException {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Test
  void showsEveryLakeWhatAnotherCommits() {
    try (var one = open();
        var other = open()) {
      one.ensure(SPEC);
      other.ensure(SPEC);
      var first = one.append(TABLE, rows(1), Progress.of(UPSTREAM, null, 5));

      assertThat(other.head(TABLE)).contains(first);
      assertThatThrownBy(() -> other.append(TABLE, rows(1), Progress.of(UPSTREAM, null, 5)))
          .isInstanceOf(Failure.class)
          .hasMessage(
              "Cannot commit to silver.shared: lode.watermark.bronze.shared is 5, expected null");
      var second = other.append(TABLE, rows(2), Progress.of(UPSTREAM, 5L, 6));
      try (var session = one.session()) {
        assertThat(session.bind("shared", Slice.now(TABLE))).isEqualTo(second);
        String select = "SELECT 'a' AS tenant_id, 2 AS id";
        session.upsert(TABLE, new Upsert(SPEC.key(), select, null), Progress.NONE);
        session.bind("shared", Slice.now(TABLE));
        assertThat(session.query("SELECT count(*) FROM shared", 1).count()).isEqualTo(2);
      }
      assertThat(other.tables()).contains(TABLE);
    }
  }

  @Test
  void refusesWhatWasUnderWayWhenAnotherProcessTookOver() {
    EpochTest.takeOver(TestLake.options(folder, url));
  }

  private Lake open() {
    return Lake.open(TestLake.options(folder, url));
  }

  private static List<Object[]> rows(long id) {
    return List.<Object[]>of(new Object[] {"a", id});
  }
}
