package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParseTest {
  @TempDir static Path folder;
  private static Lake lake;
  private static Session session;

  @BeforeAll
  static void open() {
    lake = TestLake.open(folder);
    session = lake.session();
  }

  @AfterAll
  static void close() {
    session.close();
    lake.close();
  }

  @Test
  void namesEveryTableAndFunctionWhereverItHides() {
    var statement =
        session.parse(
            """
            SELECT upper(a), sum(b) OVER (PARTITION BY c), (SELECT max(x) FROM silver.one)
            FROM silver.two JOIN Three USING (k), read_csv('f')
            WHERE a IN (SELECT y FROM db.silver.four) AND b LIKE 'x%'
            GROUP BY ALL HAVING count(*) > (SELECT 1 FROM five) ORDER BY (SELECT 1 FROM six)
            """);

    assertThat(statement.tables())
        .containsExactly("Three", "db.silver.four", "five", "silver.one", "silver.two", "six");
    assertThat(statement.functions())
        .contains("upper", "sum", "max", "read_csv", "count_star", "~~");
    assertThat(statement.tree()).containsKey("node");
  }

  @Test
  void leavesOutOnlyCtesThatAreInScope() {
    assertThat(tables("WITH a AS (SELECT * FROM t), b AS (SELECT * FROM A) SELECT * FROM b"))
        .isEqualTo("[t]");
    assertThat(tables("WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a"))
        .isEqualTo("[b]");
    assertThat(tables("WITH t AS (SELECT * FROM t) SELECT * FROM t")).isEqualTo("[t]");
    assertThat(tables("SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x), x")).isEqualTo("[x]");
    assertThat(tables("WITH x AS (SELECT 1) SELECT (SELECT 1 FROM x), 1 FROM main.x"))
        .isEqualTo("[main.x]");
    assertThat(
            tables(
                "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r WHERE x < 5)"
                    + " SELECT * FROM r"))
        .isEqualTo("[]");
  }

  @Test
  void refusesWhatIsNotOneSelect() {
    refuses("INSERT INTO x VALUES (1)", "it is no SELECT");
    refuses("SELECT 1; SELECT 2", "it holds 2 statements (must be one SELECT)");
    refuses("", "it holds 0 statements (must be one SELECT)");
    refuses("SELEC 1", "syntax error at or near \"SELEC\" (line 1, column 1)");
  }

  @Test
  void guardsTheMachineFromASessionForStrangers() {
    try (var guarded = lake.guardedSession()) {
      assertThat(guarded.query("SELECT 1", 1).count()).isEqualTo(1);
      assertThatThrownBy(() -> guarded.query("SELECT * FROM read_text('/etc/hostname')", 1))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("file system operations are disabled by");
      assertThatThrownBy(() -> guarded.query("SET threads = 8", 1))
          .isInstanceOf(Failure.class)
          .hasMessageStartingWith("Cannot run the SQL: ");
      assertThatThrownBy(() -> guarded.execute("CREATE TABLE t AS SELECT 1"))
          .isInstanceOf(Failure.class)
          .hasMessage("Cannot write in a guarded session");
      assertThatThrownBy(() -> guarded.replace(TableName.of("silver.x"), "SELECT 1", Progress.NONE))
          .isInstanceOf(Failure.class)
          .hasMessage("Cannot write in a guarded session");
    }
  }

  private static String tables(String sql) {
    return session.parse(sql).tables().toString();
  }

  private static void refuses(String sql, String why) {
    assertThatThrownBy(() -> session.parse(sql))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot run the SQL: " + why);
  }
}
