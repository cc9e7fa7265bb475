package dev.lode.gold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Incremental marts whose keys are not proven to depend on their own rows are refused. */
class RefusedMartsTest {
  private static final String HEAD =
      """
      -- description: An example.
      -- materialization: incremental
      -- key: region
      -- incremental: silver.sale by region
      """;

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

  @Test
  void saysWhereWhyAndWhatToWriteInstead() throws IOException {
    assertThat(
            problems(
                HEAD + "SELECT tenant_id,\n  upper(region) AS region, 1 AS n\nFROM silver.sale"))
        .containsExactly(
            "mart.sql:6:3: region is made as upper(region), but the rows that changed are found by"
                + " region: write the same in both places, -- incremental: <table> by region ="
                + " upper(region), or compute it from all rows, materialization: table");
  }

  @Test
  void countsColumnsInCharacters() throws IOException {
    assertThat(
            problems(HEAD + "SELECT tenant_id, region, 'é€' AS e, now() AS at\nFROM silver.sale"))
        .singleElement()
        .asString()
        .startsWith("mart.sql:5:38: now() may give something else each time");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "coalesce(region, 'unknown') AS region, count(*) AS n FROM silver.sale GROUP BY 1, 2"
            + "| region is made as COALESCE(region, 'unknown')",
        "CAST(hap AT TIME ZONE 'Europe/Berlin' AS DATE) AS region, count(*) AS n FROM silver.sale"
            + " GROUP BY ALL| region is made as CAST(timezone('Europe/Berlin', hap) AS DATE)",
        "region, rank() OVER (ORDER BY sum(n)) AS r FROM silver.sale GROUP BY ALL"
            + "| a window looks at rows of other keys",
        "region, sum(n) OVER (PARTITION BY region) AS r FROM silver.sale"
            + "| a window looks at rows of other keys",
        "region, n FROM silver.sale ORDER BY n LIMIT 10| a LIMIT keeps rows",
        "region, n FROM silver.sale QUALIFY row_number() OVER (ORDER BY n) < 3| a window looks at",
        "region, (SELECT max(n) FROM silver.sale) AS m FROM silver.sale| the subquery reads rows",
        "region, n FROM silver.sale AS s WHERE n = (SELECT max(n) FROM silver.sale AS o"
            + " WHERE o.tenant_id = s.tenant_id)| the subquery reads rows of other keys",
        "s.region, count(*) AS n FROM silver.sale AS s JOIN silver.sale AS o ON o.id = s.id - 1"
            + " GROUP BY s.tenant_id, s.region| it joins rows of different keys",
        "region, count(*) AS n FROM silver.sale WHERE hap > now() GROUP BY ALL| now() may give",
        "region, current_date AS day FROM silver.sale| current_date may give",
        "region, random() AS n FROM silver.sale| random() may give",
        "region, age(hap) AS n FROM silver.sale| age() may give",
        "region, any_value(n) AS n FROM silver.sale GROUP BY ALL| any_value() gives any one",
        "region, arg_max(n, hap) AS n FROM silver.sale GROUP BY ALL| arg_max() gives any one",
        "region, stddev(n) AS n FROM silver.sale GROUP BY ALL| stddev() is not known",
        "region, count(*) AS n FROM silver.sale GROUP BY CUBE (tenant_id, region)| a total is over",
        "region, n FROM silver.sale USING SAMPLE 10%| a sample is of all rows",
        "max(region) AS region, count(*) AS n FROM silver.sale GROUP BY tenant_id| region is made",
        "region, n FROM silver.sale AS s ASOF JOIN silver.rate AS r ON s.hap >= r.hap| a ASOF",
        "region, n FROM silver.sale NATURAL JOIN silver.rate| a NATURAL",
        "DISTINCT ON (region) region, n FROM silver.sale| DISTINCT ON keeps any one",
      })
  void refusesWhatIsNotProven(String select, String why) throws IOException {
    String sql = "SELECT tenant_id, " + select;
    if (select.startsWith("DISTINCT")) {
      sql = "SELECT DISTINCT ON (region) tenant_id, " + select.substring(21);
    }
    if (select.startsWith("s.region")) {
      sql = "SELECT s.tenant_id, " + select;
    }
    assertThat(problems(HEAD + sql)).singleElement().asString().contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "region, count(*) AS n FROM silver.sale GROUP BY tenant_id, region",
        "region, count(*) AS n FROM silver.sale WHERE n > 3 GROUP BY ALL HAVING sum(n) > 2",
        "region, sum(n) AS n, max(hap) AS last FROM (FROM silver.sale WHERE n > 0) GROUP BY 1, 2",
        "region, id, sum(n) OVER (PARTITION BY tenant_id, region, n) AS r FROM silver.sale",
        "region, id FROM silver.sale QUALIFY row_number()"
            + " OVER (PARTITION BY tenant_id, region ORDER BY hap, id) = 1",
        "region, arg_max(n, (hap, n)) AS n FROM silver.sale GROUP BY ALL",
        "region, string_agg(name, ', ' ORDER BY name) AS names FROM silver.sale GROUP BY ALL",
        "region, any_value(rate ORDER BY rate) AS rate, count(*) AS n FROM silver.sale"
            + " JOIN silver.rate USING (tenant_id, region) GROUP BY ALL",
        "region, n FROM silver.sale WHERE shop IN (SELECT shop FROM silver.shop)",
        "DISTINCT region FROM silver.sale",
        "region, tag FROM silver.sale, unnest(tags) AS t(tag)",
        "region, list_transform(tags, lambda x: upper(x))[1] AS tag FROM silver.sale",
      })
  void acceptsWhatIsProven(String select) throws IOException {
    String sql =
        select.startsWith("DISTINCT")
            ? "SELECT DISTINCT tenant_id, region FROM silver.sale"
            : "SELECT tenant_id, " + select;
    assertThat(problems(HEAD + sql)).isEmpty();
  }

  private List<String> problems(String text) throws IOException {
    Files.writeString(folder.resolve("mart.sql"), text);
    var known = KnownTables.of(Map.of("silver.sale", List.of("tenant_id", "id")));
    return Marts.read(folder, session, known).problems().stream()
        .map(problem -> problem.replace(folder + "/", ""))
        .toList();
  }
}
