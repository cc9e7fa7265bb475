package dev.lode.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * The work of {@link SilverLoad} as one writes it for Spark, {@code silver/spark.sql}: reads Bronze
 * over Lode's catalog, writes Iceberg tables of its own. It has all records at once and needs no
 * fsync.
 */
final class SilverSpark implements SilverWork, AutoCloseable {
  private static final Path SQL = Folders.HOME.resolve("load-tests/silver/spark.sql");

  private final EngineProcess spark;
  private final String[] statements;

  SilverSpark(Path folder, String lode) throws IOException {
    this.statements = Files.readString(SQL).replaceAll("--.*", "").split(";\n", -1);
    this.spark = EngineProcess.spark(folder, lode);
    spark.rows("SELECT count(*) FROM lode.bronze.shop_sale");
  }

  @Override
  public void warmUp() throws IOException {
    refine(0);
  }

  @Override
  public double refine(int run) throws IOException {
    spark.rows("CREATE NAMESPACE scratch." + name(run));
    long start = System.nanoTime();
    for (String statement : statements) {
      spark.rows(statement.replace("${run}", name(run)).replace('\n', ' '));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public Outcome outcome(int run) throws IOException {
    var failed = new TreeMap<String, Long>();
    for (JsonNode row : spark.rows("SELECT rule, failed FROM " + table(run, "quality"))) {
      failed.put(row.get(0).asText(), row.get(1).asLong());
    }
    JsonNode accepted =
        spark.rows("SELECT count(*), CAST(sum(total) AS STRING) FROM " + table(run, "sale")).get(0);
    JsonNode rejected = spark.rows("SELECT count(*) FROM " + table(run, "quarantine")).get(0);
    return new Outcome(
        accepted.get(0).asLong(),
        rejected.get(0).asLong(),
        new BigDecimal(accepted.get(1).asText()),
        failed);
  }

  private static String table(int run, String name) {
    return "scratch." + name(run) + "." + name;
  }

  private static String name(int run) {
    return "run_" + run;
  }

  @Override
  public ProcessHandle process() {
    return spark.handle();
  }

  @Override
  public void close() {
    spark.close();
  }
}
