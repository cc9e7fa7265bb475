import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Spark in local mode over the REST catalog at the first argument, called {@code lode}, and one of
 * its own below the working directory, called {@code scratch}: runs each line of standard input as
 * SQL, and answers each by one line of JSON: columns and rows, or error.
 */
public final class SparkSql {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SparkSql() {}

  /** Run from source, by a JVM with Spark's class path. */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err);
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (SparkSession spark = session(args.length > 0 ? args[0] : "none")) {
      for (String sql = lines.readLine(); sql != null; sql = lines.readLine()) {
        answers.println(JSON.writeValueAsString(answer(spark, sql)));
        answers.flush();
      }
    }
  }

  private static SparkSession session(String uri) {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.datetime.java8API.enabled", true)
        .config("spark.sql.catalog.lode", "org.apache.iceberg.spark.SparkCatalog")
        .config("spark.sql.catalog.lode.type", "rest")
        .config("spark.sql.catalog.lode.uri", uri)
        .config("spark.sql.catalog.lode.cache-enabled", false)
        .config("spark.sql.catalog.scratch", "org.apache.iceberg.spark.SparkCatalog")
        .config("spark.sql.catalog.scratch.type", "hadoop")
        .config("spark.sql.catalog.scratch.warehouse", Path.of("scratch").toUri().toString())
        .getOrCreate();
  }

  /** An error is an answer too: what Spark makes of a refusal is tested. */
  private static Map<String, Object> answer(SparkSession spark, String sql) {
    try {
      var rows = spark.sql(sql);
      var values = rows.collectAsList().stream().map(SparkSql::values).toList();
      return Map.of("columns", List.of(rows.columns()), "rows", values);
    } catch (Exception e) {
      return Map.of("error", e.toString());
    }
  }

  private static List<Object> values(Row row) {
    var values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(value(row.get(i)));
    }
    return values;
  }

  private static Object value(Object value) {
    return switch (value) {
      case Instant _, LocalDate _, LocalDateTime _ -> value.toString();
      case scala.collection.Seq<?> list ->
          CollectionConverters.asJava(list).stream().map(SparkSql::value).toList();
      case null, default -> value;
    };
  }
}
