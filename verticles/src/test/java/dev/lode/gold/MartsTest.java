package dev.lode.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MartsTest {
  private static final String HEAD =
      """
      -- description: Per day.
      -- materialization: table
      -- key: day
      """;
  private static final String SELECT = "SELECT tenant_id, day FROM silver.line";

  @TempDir static Path home;
  private static Lake lake;
  private static Session session;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    lake = TestLake.open(home);
    session = lake.session();
  }

  @AfterAll
  static void close() {
    session.close();
    lake.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"conf/marts", "conf/demo/marts"})
  void findsNothingWrongWithTheMartsThatShip(String shipped) {
    var marts =
        Marts.read(
            InvoiceLines.repository(shipped),
            session,
            KnownTables.of(Map.of("silver.product", List.of("tenant_id", "product_id"))));

    assertThat(marts.problems()).isEmpty();
    assertThat(marts.marts()).hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void readsHeaderAndSql() throws IOException {
    write(
        "daily",
        """
        -- description: Lines per day
        --   and country.
        -- materialization: incremental
        -- key: day, country
        -- incremental: silver.line by day = CAST(sold_at AS DATE), country
        -- schedule: every 10m
        -- tests: unique(total), accepted_values(country, France, 'United Kingdom'),
        --   relationships(country, silver.country.name)
        SELECT tenant_id, CAST(sold_at AS DATE) AS day, country, sum(x) AS total -- all of them
        FROM silver.line GROUP BY ALL;
        """);

    Mart mart = read().orThrow().getFirst();

    assertThat(mart.description()).isEqualTo("Lines per day and country.");
    assertThat(mart.incremental()).isTrue();
    assertThat(mart.tableKey()).containsExactly("tenant_id", "day", "country");
    assertThat(mart.every()).isEqualTo(Duration.ofMinutes(10));
    assertThat(mart.inputs()).containsExactly(TableName.of("silver.line"));
    assertThat(mart.touch(TableName.of("silver.line")).orElseThrow().expressions())
        .hasToString("{day=CAST(sold_at AS DATE), country=country}");
    assertThat(mart.expectations())
        .hasToString(
            "[unique(total), accepted_values(country, France, United Kingdom),"
                + " relationships(country, silver.country.name)]");
    assertThat(mart.sql()).startsWith("SELECT tenant_id").endsWith("GROUP BY ALL");
  }

  @Test
  void putsMartsAfterThoseThatTheyRead() throws IOException {
    write("a", HEAD + "SELECT tenant_id, day FROM gold.c JOIN silver.line USING (tenant_id, day)");
    write("b", HEAD + SELECT);
    write("c", HEAD + "WITH x AS (SELECT * FROM gold.b) SELECT tenant_id, day FROM x");

    assertThat(read().orThrow()).extracting(Mart::name).containsExactly("b", "c", "a");
  }

  @Test
  void namesTheCycle() throws IOException {
    write("a", HEAD + "SELECT tenant_id, day FROM gold.b");
    write("b", HEAD + "SELECT tenant_id, day FROM gold.c");
    write("c", HEAD + "SELECT tenant_id, day FROM gold.a");

    assertThatThrownBy(() -> read().orThrow())
        .isInstanceOf(Failure.class)
        .hasMessageContaining("the marts form a cycle: gold.a -> gold.b -> gold.c -> gold.a");
  }

  @Test
  void listsAllProblemsOfADirectory() throws IOException {
    write("one", HEAD + "-- test: unique(day)\n-- oops\n" + SELECT);
    write("two", HEAD.replace("table", "view") + "SELECT tenant_id, count(*) FROM silver.line");
    write("three", HEAD + "SELECT FROM");
    write(
        "four",
        HEAD
            + """
            -- incremental: silver.lines by day
            -- schedule: hourly
            -- tests: uniq(day), unique(month), relationships(day, silver.x), not_null()
            """
            + SELECT);
    write("five", "-- key: day\n" + SELECT);

    assertThat(read().problems().stream().map(line -> line.replace(folder + "/", "")))
        .containsExactly(
            "five.sql: lacks -- description: ...",
            "five.sql: lacks -- materialization: ...",
            "four.sql:4: the SELECT does not read silver.lines (did you mean silver.line?)",
            "four.sql:5: invalid schedule: hourly (on-commit, or every 10m)",
            "four.sql:6: invalid test: uniq(day) (one of [unique, not_null, accepted_values,"
                + " relationships]: did you mean unique?)",
            "four.sql:6: unique(month): the SELECT has no column month",
            "four.sql:6: invalid test: relationships(day, silver.x)"
                + " (takes a column and layer.table.column)",
            "four.sql:6: invalid test: not_null() (takes one column)",
            "one.sql:5: write -- key: value, or go on with --   text",
            "one.sql:4: unknown key test (did you mean tests?)",
            "three.sql: " + refusal("SELECT FROM"),
            "two.sql:2: invalid materialization: view (table or incremental)",
            "two.sql: column 2 needs a name: write AS name (a-z, 0-9, _)",
            "two.sql: the SELECT lacks day");
  }

  private static String refusal(String sql) {
    try {
      return String.valueOf(session.parse(sql));
    } catch (Failure e) {
      return e.getMessage();
    }
  }

  @Test
  void wantsTenantLayersAndIncrementalKeys() throws IOException {
    write("one", HEAD + "SELECT day FROM line");
    write("two", HEAD.replace("table", "incremental") + SELECT);
    write(
        "three",
        HEAD.replace("table", "incremental") + "-- incremental: silver.line by x = a +\n" + SELECT);
    write("four", HEAD + "SELECT tenant_id, day FROM gold.dayly");
    write("daily", HEAD + SELECT);

    List<String> problems = read().problems();

    assertThat(problems.stream().map(line -> line.replace(folder + "/", "")))
        .contains(
            "one.sql: reads line: name it with its layer, silver.line",
            "one.sql: the SELECT lacks tenant_id",
            "two.sql: incremental needs -- incremental: <table> by <key> = <expression>",
            "three.sql:4: gives [x], but the key is [day]");
  }

  @Test
  void knowsTheMartThatWasMeant() throws IOException {
    write("weekly", HEAD + "SELECT tenant_id, day FROM gold.dayly");
    write("daily", HEAD + SELECT);

    assertThat(read().problems())
        .containsExactly(
            folder.resolve("weekly.sql")
                + ": reads gold.dayly, which is no mart (did you mean gold.daily?)");
  }

  @Test
  void oneThatIsBrokenStopsNoOther() throws IOException {
    write("bad", HEAD + "SELECT tenant_id,\n  day, FROM silver.line WHERE");
    write("good", HEAD + SELECT);

    Marts sound = read().sound();

    assertThat(sound.marts()).extracting(Mart::name).containsExactly("good");
    assertThat(sound.broken()).containsOnlyKeys("bad");
  }

  private Marts read() {
    return Marts.read(folder, session);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name + ".sql"), text);
  }
}
