package dev.lode.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The work of {@link UpsertLoad} by Spark: MERGE INTO an Iceberg table of the same rows, which
 * writes deletion vectors too. It is not asked for fsync.
 */
final class UpsertSpark implements AutoCloseable {
  private static final String TABLE = "scratch.upsert.account";
  private static final int WARM_UP = 2;
  private static final int BATCHES = 5;

  private final EngineProcess spark;
  private final long rows;
  private final int batch;
  private long fresh;

  /** Fills the table, {@code file} rows at a time. */
  UpsertSpark(Path folder, long rows, int batch, int file) throws IOException {
    this.rows = rows;
    this.batch = batch;
    this.fresh = rows;
    this.spark = EngineProcess.spark(folder);
    spark.rows("CREATE NAMESPACE scratch.upsert");
    spark.rows(
        "CREATE TABLE "
            + TABLE
            + " (tenant_id STRING, id STRING, amount DECIMAL(18,2), status STRING,"
            + " _ordering ARRAY<BIGINT>) USING iceberg PARTITIONED BY (tenant_id)"
            + " TBLPROPERTIES ('format-version' = '3',"
            + " 'write.merge.mode' = 'merge-on-read', 'write.distribution-mode' = 'none')");
    for (long from = 0; from < rows; from += file) {
      long to = Math.min(rows, from + file);
      spark.rows(
          "INSERT INTO " + TABLE + " " + select("id AS i FROM range(%d, %d)".formatted(from, to)));
    }
  }

  private static String select(String source) {
    return """
        SELECT 'acme' AS tenant_id,
          concat('A', lpad(CAST(i * 7919 % 100000007 AS STRING), 10, '0')) AS id,
          CAST(i % 1000000 AS DECIMAL(18,2)) AS amount,
          CASE i % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'paid' ELSE 'void' END AS status,
          array(i, i + 1) AS _ordering
        FROM (SELECT\s"""
            .replace('\n', ' ')
        + source
        + ")";
  }

  /** Rows a second; as there, the making of a batch does not count. */
  double rate() throws IOException {
    for (int i = 0; i < WARM_UP; i++) {
      merge(i);
    }
    double seconds = 0;
    for (int i = 0; i < BATCHES; i++) {
      seconds += merge(WARM_UP + i);
    }
    long found = spark.rows("SELECT count(*) FROM " + TABLE).get(0).get(0).asLong();
    if (found != fresh) {
      throw new AssertionError("Spark has %d rows, expected %d".formatted(found, fresh));
    }
    System.out.printf(
        Locale.ROOT,
        "Spark local[2], MERGE INTO, merge-on-read, without fsync: %d batches of %d keys into %d"
            + " rows: %.0f rows/s, %.0f ms a batch%n",
        BATCHES,
        batch,
        rows,
        BATCHES * batch / seconds,
        seconds * 1000 / BATCHES);
    return BATCHES * batch / seconds;
  }

  private double merge(int seed) throws IOException {
    spark.rows(
        "CACHE TABLE batch AS "
            + select(
                """
                DISTINCT CASE WHEN id %% 10 = 0 THEN %d + id DIV 10
                  ELSE CAST(floor(rand(%d) * %d) AS BIGINT) END AS i FROM range(%d)"""
                    .formatted(fresh, seed, rows, batch)
                    .replace('\n', ' ')));
    fresh += batch / 10;
    long start = System.nanoTime();
    spark.rows(
        "MERGE INTO "
            + TABLE
            + " AS t USING batch AS s ON t.tenant_id = s.tenant_id AND t.id = s.id"
            + " WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *");
    double seconds = (System.nanoTime() - start) / 1e9;
    spark.rows("DROP VIEW batch");
    return seconds;
  }

  @Override
  public void close() {
    spark.close();
  }
}
