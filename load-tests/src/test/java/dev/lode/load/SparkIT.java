package dev.lode.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark, which nobody here wrote, over the REST catalog of a Lode of its own process. */
class SparkIT {
  @TempDir Path folder;

  @Test
  void readsEveryLayerRowForRowAndWritesOnlyBesideThem() throws Exception {
    try (var shop = EvolvingShop.open(folder);
        var spark = EngineProcess.spark(folder, shop.url())) {
      var tables = new TreeSet<String>();
      for (JsonNode namespace : spark.ask("SHOW NAMESPACES IN lode").get("rows")) {
        for (JsonNode table :
            spark.ask("SHOW TABLES IN lode." + namespace.get(0).asText()).get("rows")) {
          tables.add(namespace.get(0).asText() + "." + table.get(1).asText());
        }
      }
      assertThat(tables).containsExactlyInAnyOrderElementsOf(shop.tables());
      var full = new TreeSet<String>();
      for (String table : tables) {
        if (readsTheSame(shop, spark, table) > 0) {
          full.add(table);
        }
      }
      assertThat(full)
          .contains(
              "bronze.crm_customer",
              "silver.customer",
              "silver.invoice",
              "quarantine.invoice",
              "gold.customer_360",
              "platinum.features_customer_features",
              "system.quality_results");
      seesRunsOfNoTenant(spark);
      seesWhatMakesItHard(spark);
      leavesLodesTablesAlone(spark);
      writesBesideThem(spark);
    }
  }

  /** How many rows, at the snapshot that Lode read: the system tables never rest for long. */
  private static int readsTheSame(EvolvingShop shop, EngineProcess spark, String table)
      throws Exception {
    EvolvingShop.Read ours = shop.read(table);
    String version = ours.snapshot() == 0 ? "" : " VERSION AS OF " + ours.snapshot();
    ours.assertIs(
        spark.ask("SELECT * FROM lode." + table + version + " WHERE tenant_id = 'default'"));
    return ours.rows().size();
  }

  /** What no tenant's SQL shows: a commit may hold rows of several. */
  private static void seesRunsOfNoTenant(EngineProcess spark) throws Exception {
    JsonNode runs = spark.ask("SELECT DISTINCT tenant_id FROM lode.system.lineage_runs");
    assertThat(runs.path("rows")).as("%s", runs).hasToString("[[\"_system\"]]");
  }

  /** The rows came out right although deletion vectors and two schemas are behind them. */
  private static void seesWhatMakesItHard(EngineProcess spark) throws Exception {
    JsonNode deletes =
        spark.ask(
            "SELECT file_format, sum(record_count) FROM lode.silver.customer.delete_files"
                + " GROUP BY file_format");
    assertThat(deletes.at("/rows/0/0").asText()).as("%s", deletes).isEqualTo("PUFFIN");
    assertThat(deletes.at("/rows/0/1").asLong()).isPositive();
    JsonNode loyalty =
        spark.ask(
            "SELECT loyalty, count(*) > 0 FROM lode.silver.customer GROUP BY loyalty"
                + " ORDER BY loyalty NULLS FIRST");
    assertThat(loyalty.get("rows")).as("%s", loyalty).hasToString("[[null,true],[\"gold\",true]]");
    JsonNode kept = spark.ask("SELECT count(DISTINCT _row_id), count(*) FROM lode.silver.customer");
    assertThat(kept.at("/rows/0/0").asLong())
        .as("%s", kept)
        .isPositive()
        .isEqualTo(kept.at("/rows/0/1").asLong());
  }

  private static void leavesLodesTablesAlone(EngineProcess spark) throws Exception {
    for (String statement :
        List.of(
            "DELETE FROM lode.silver.customer",
            "INSERT INTO lode.silver.customer SELECT * FROM lode.silver.customer",
            "ALTER TABLE lode.silver.customer ADD COLUMN more STRING",
            "DROP TABLE lode.silver.customer",
            "CREATE TABLE lode.gold.mine (a INT)")) {
      assertThat(spark.ask(statement).path("error").asText())
          .as(statement)
          .contains("Lode alone writes bronze, silver, gold");
    }
  }

  private static void writesBesideThem(EngineProcess spark) throws Exception {
    for (String statement :
        List.of(
            "CREATE NAMESPACE lode.science",
            "CREATE TABLE lode.science.spenders PARTITIONED BY (country)"
                + " AS SELECT c.country, g.* EXCEPT (country) FROM lode.gold.customer_360 g"
                + " JOIN lode.silver.customer c USING (customer_id)",
            "INSERT INTO lode.science.spenders SELECT * FROM lode.science.spenders",
            "DELETE FROM lode.science.spenders WHERE total_orders = 1",
            "ALTER TABLE lode.science.spenders RENAME TO science.best")) {
      assertThat(spark.ask(statement).path("error").asText()).as(statement).isEmpty();
    }
    JsonNode left =
        spark.ask(
            "SELECT count(*), 2 * (SELECT count(*) FROM lode.gold.customer_360 WHERE"
                + " total_orders > 1) FROM lode.science.best");
    assertThat(left.at("/rows/0/0").asLong()).isPositive();
    assertThat(left.at("/rows/0/0")).isEqualTo(left.at("/rows/0/1"));
    for (String statement :
        List.of("DROP TABLE lode.science.best PURGE", "DROP NAMESPACE lode.science")) {
      assertThat(spark.ask(statement).path("error").asText()).as(statement).isEmpty();
    }
  }
}
