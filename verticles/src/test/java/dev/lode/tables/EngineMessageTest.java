package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Failure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What engine messages show to whom; the messages are the engine's own. */
class EngineMessageTest {
  @TempDir static Path folder;
  private static Lake lake;

  @BeforeAll
  static void open() {
    lake = TestLake.open(folder);
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  private static final String SECRETS =
      """
      CREATE TEMP TABLE secrets AS SELECT * FROM (VALUES
        ('Maria Souza', 9007199254740993, DATE '1987-03-05', '{"name": "Maria"', 'single'),
        ('it''s a ''quoted'' "name"', 77077, DATE '1990-01-01', 'Maria [', 'cannot open')
      ) AS t(name, number, day, json, status)
      """;

  /** Statements of the house over values that no reader of an error may see. */
  static final List<String> FAILING =
      List.of(
          "SELECT CAST(name AS INTEGER) FROM secrets",
          "SELECT CAST(name AS DATE) FROM secrets",
          "SELECT CAST(name AS DECIMAL(5,2)) FROM secrets",
          "SELECT CAST(status AS INTEGER) FROM secrets",
          "SELECT CAST(name AS UUID) FROM secrets",
          "SELECT CAST(name AS BOOLEAN) FROM secrets",
          "SELECT CAST(name AS BLOB)::INTEGER FROM secrets",
          "SELECT CAST(name AS INTEGER[]) FROM secrets",
          "SELECT number::TINYINT FROM secrets",
          "SELECT number::DECIMAL(3,1) FROM secrets",
          "SELECT number * 9000000000000 FROM secrets",
          "SELECT (number * 9000)::BIGINT * number FROM secrets",
          "SELECT strptime(name, '%Y') FROM secrets",
          "SELECT json::JSON FROM secrets",
          "SELECT json_extract(json, '$.a') FROM secrets",
          "SELECT error(name) FROM secrets",
          "SELECT regexp_matches('x', name || '(') FROM secrets",
          "SELECT date_trunc(name, day) FROM secrets",
          "SELECT day + INTERVAL (number) YEAR FROM secrets",
          "SELECT from_hex(name) FROM secrets",
          "SELECT CAST(name AS ENUM('a', 'b')) FROM secrets",
          "SELECT make_date(number, 1, 1) FROM secrets",
          "SELECT chr(number::INTEGER) FROM secrets",
          "SELECT decode(name::BLOB || '\\xff'::BLOB) FROM secrets",
          "SELECT day AT TIME ZONE name FROM secrets");

  @ParameterizedTest
  @FieldSource("FAILING")
  void showsNoValueThatTheReaderDidNotWrite(String sql) {
    try (Session session = lake.session()) {
      session.execute(SECRETS);
      String message = message(session, sql);
      assertThat(message)
          .matches("(?s)Cannot run SQL: [A-Z][A-Za-z ]+ Error: .*")
          .doesNotContain("Invalid result set")
          .doesNotContainPattern("Maria|Souza|9007|77077|1987|quoted|single|open");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "SELECT CAST('abc' AS INTEGER)|Conversion Error: Could not convert string 'abc' to INT32"
            + " (line 1, column 8: CAST('abc' AS INTEGER))",
        "SELECT 9223372036854775807 + 1|Out of Range Error: Overflow in addition of INT64"
            + " (9223372036854775807 + 1)!",
        "SELECT error('x')|Invalid Input Error: x",
        "SELECT error('No stock of A-17 in Sao Paulo!')|Invalid Input Error: No stock of A-17 in"
            + " Sao Paulo!",
        "SELECT (SELECT unnest([1, 2]))|Invalid Input Error: More than one row returned by a"
            + " subquery used as an expression - scalar subqueries can only return a single row.",
        "SELECT DATE '2020-13-01'|Conversion Error: date field value out of range: \"2020-13-01\""
            + " (line 1, column 8: DATE '2020-13-01')",
        "SELECT CAST(c AS DOUBLE) FROM (SELECT concat(chr(97), 'bc') AS c)|Conversion Error: Could"
            + " not convert string '…' to DOUBLE when casting from source column c (line 1, column"
            + " 8: CAST(c AS DOUBLE))"
      })
  void tellsTheAuthorWhatIsWrongAndWhere(String sql, String reason) {
    try (Session session = lake.guardedSession()) {
      session.author(sql);
      assertThat(message(session, sql)).isEqualTo("Cannot run SQL: " + reason);
    }
  }

  @Test
  void namesWhatIsUnknownToWhoeverWroteTheStatement() {
    try (Session session = lake.session()) {
      session.execute("CREATE TABLE sale (region VARCHAR)");
      assertThat(message(session, "SELECT nosuch FROM sale"))
          .isEqualTo(
              "Cannot run SQL: Binder Error: Referenced column \"nosuch\" not found in FROM clause!"
                  + " Candidate bindings: \"region\"");
    }
  }

  @Test
  void hidesNamesOfTheHouse() {
    String message =
        "Catalog Error: Table with name t does not exist!\nDid you mean \"s17.silver.sale\"?";
    assertThat(EngineMessage.of(message, "FROM t").reason())
        .isEqualTo("Table with name t does not exist! Did you mean \"silver.sale\"?");
    assertThat(
            EngineMessage.of("IO Error: Cannot open file \"/srv/data/x.parquet\": x", "").reason())
        .isEqualTo("Cannot open file \"…\": …");
    assertThat(EngineMessage.of("Invalid Input Error: of a word alone\nsecret", "").reason())
        .isEqualTo("of a … …");
  }

  @Test
  void findsThePlaceOfLongStatements() {
    String sql =
        "SELECT 1,\n  'a' AS b, " + "'x' || ".repeat(60) + "CAST('abc' AS INTEGER)::VARCHAR";
    try (Session session = lake.guardedSession()) {
      session.author(sql);
      assertThat(message(session, sql)).endsWith("(line 2, column 433: CAST('abc' AS INTEGER))");
    }
  }

  private static String message(Session session, String sql) {
    try {
      session.query(sql, 10);
    } catch (Failure failure) {
      return failure.getMessage();
    }
    throw new AssertionError("It runs: " + sql);
  }
}
