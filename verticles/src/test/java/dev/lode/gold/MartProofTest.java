package dev.lode.gold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.codecs.Failure;
import dev.lode.proof.Proof;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is proven of a mart holds, whatever the mart and whatever comes, changes, moves and goes.
 */
class MartProofTest {
  private static final int MARTS = 2000;
  private static final Map<String, String> TABLES =
      Map.of(
          "sale", "tenant_id, id, region, shop, units, hap",
          "gone", "tenant_id, id, region, shop, units, hap",
          "shop", "tenant_id, shop, region, tax");

  /** As the lake would say. */
  private static final Proof.Tables KNOWN =
      new Proof.Tables() {
        @Override
        public Optional<List<String>> columns(TableName table) {
          return Optional.of(List.of(TABLES.get(table.name()).split(", ")));
        }

        @Override
        public List<String> rowKey(TableName table) {
          return table.name().equals("shop") ? List.of() : List.of("tenant_id", "id");
        }
      };

  @TempDir Path folder;
  private final Random random = new Random(11);
  private Lake lake;
  private Session session;
  private MartProof proof;
  private MartProof proofOfStrangers;
  private int drawn;
  private int accepted;
  private int refused;

  /** Of each eighth that was refused: those that would have shown something else. */
  private int lies;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    session = lake.session();
    session.execute("CREATE SCHEMA silver");
    proof = new MartProof(session, KNOWN);
    proofOfStrangers = new MartProof(session, Proof.Tables.UNKNOWN);
  }

  @AfterEach
  void close() {
    session.close();
    lake.close();
  }

  @Test
  void whatIsProvenShowsWhatAWholeBuildWould() {
    RandomCases.check(MARTS, RandomMarts::draw, this::holds);

    assertThat(accepted).as("accepted of %d, refused %d", drawn, refused).isGreaterThan(drawn / 6);
    assertThat(lies).isGreaterThan(refused / 8 / 4);
  }

  private void holds(String text) {
    if (drawn++ % 20 == 0) {
      change();
    }
    var reader = new MartReader("drawn.sql", "drawn", text, session::parse);
    Mart mart = reader.read().orElseThrow(() -> new AssertionError(reader.problems()));
    var verdict = proof.judge(mart);
    if (proofOfStrangers.judge(mart).doubt().isEmpty()) {
      assertThat(verdict.doubt()).as("known tables prove no less").isEmpty();
    }
    if (verdict.doubt().isPresent()) {
      refused++;
      lies += refused % 8 == 0 && differs(mart) ? 1 : 0;
      return;
    }
    accepted++;
    if (differs(mart.with(new Mart.Nature(true, true, verdict.isKeyPresent())))) {
      throw new AssertionError(session.query("FROM lode_differs", 20).rows());
    }
  }

  private boolean differs(Mart mart) {
    for (String table : TABLES.keySet()) {
      show(mart, table, "after", null);
    }
    try {
      session.execute("CREATE OR REPLACE TEMP TABLE lode_after AS " + mart.sql());
    } catch (Failure e) {
      return false;
    }
    for (String table : TABLES.keySet()) {
      show(mart, table, "before", null);
    }
    session.execute("CREATE OR REPLACE TEMP TABLE lode_before AS " + mart.sql());
    var views = new LinkedHashMap<TableName, String>();
    mart.touches().keySet().forEach(table -> views.put(table, "changed_" + table.name()));
    session.execute("DROP TABLE IF EXISTS temp.lode_touched");
    var touched = TouchedKeys.of(session, mart, views, 1000);
    for (String table : TABLES.keySet()) {
      show(mart, table, "after", touched);
    }
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE lode_shown AS
        SELECT * FROM lode_before WHERE (%1$s) IS NOT TRUE
        UNION ALL SELECT * FROM (%2$s) WHERE %1$s\
        """
            .formatted(touched.wanted(), mart.sql()));
    session.execute(
        """
        CREATE OR REPLACE TEMP TABLE lode_differs AS
        SELECT 'too much', * FROM (FROM lode_shown EXCEPT ALL FROM lode_after)
        UNION ALL SELECT 'lacks', * FROM (FROM lode_after EXCEPT ALL FROM lode_shown)\
        """);
    return session.query("SELECT count(*) FROM lode_differs", 1).count() > 0;
  }

  /** A table that is not touched stays as it is; its moves are built whole. */
  private void show(Mart mart, String table, String state, TouchedKeys touched) {
    var touch = mart.touches().get(TableName.of("silver." + table));
    String at = touch == null ? "after" : state;
    String where = touch == null || touched == null ? "" : " WHERE " + touched.condition(touch);
    session.execute(
        "CREATE OR REPLACE VIEW silver.%1$s AS SELECT * FROM %2$s_%1$s%3$s"
            .formatted(table, at, where));
  }

  private void change() {
    for (String table : TABLES.keySet()) {
      String columns = TABLES.get(table);
      session.execute(
          "CREATE OR REPLACE TABLE before_%s AS %s".formatted(table, rows(columns, 0, 24)));
      session.execute(
          """
          CREATE OR REPLACE TABLE after_%1$s AS
          SELECT * FROM before_%1$s WHERE id %% 5 <> 0 AND id %% 7 <> 1
          UNION ALL SELECT * FROM (%2$s) WHERE id %% 7 = 1 UNION ALL %3$s\
          """
              .formatted(table, rows(columns, 0, 24), rows(columns, 24, 4))
              .replace("WHERE id %", table.equals("shop") ? "WHERE tax * 3 + 1 %" : "WHERE id %")
              .replace("AND id %", table.equals("shop") ? "AND tax * 3 + 1 %" : "AND id %"));
      session.execute(
          """
          CREATE OR REPLACE VIEW changed_%1$s AS
          (FROM before_%1$s EXCEPT ALL FROM after_%1$s)
          UNION ALL (FROM after_%1$s EXCEPT ALL FROM before_%1$s)\
          """
              .formatted(table));
    }
  }

  private String rows(String columns, int from, int count) {
    return """
    SELECT %s FROM (
      SELECT CASE i %% 2 WHEN 0 THEN 'a' ELSE 'b' END AS tenant_id, i AS id,
        nullif(['EU', 'eu', 'US', 'none', '-'][(1 + hash(i, %d) %% 5)::BIGINT], '-') AS region,
        nullif(['s1', 's2', 's3', '-'][(1 + hash(i, %d) %% 4)::BIGINT], '-') AS shop,
        (hash(i, %d) %% 9)::INTEGER AS units, (hash(i, %d) %% 4)::INTEGER AS tax,
        TIMESTAMPTZ '2026-01-01 22:00:00+00' + to_hours((hash(i, %d) %% 4)::INTEGER) AS hap
      FROM range(%d, %d) r(i))\
    """
        .formatted(
            columns,
            random.nextInt(),
            random.nextInt(),
            random.nextInt(),
            random.nextInt(),
            random.nextInt(),
            from,
            from + count);
  }
}
