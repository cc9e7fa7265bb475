package dev.lode.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More instances of each verticle, or facts that are lost, mean the same tables. */
class ScalingIT {
  private static final List<String> VERTICLES =
      List.of("http", "ingest", "bronze", "silver", "gold", "vectors", "features", "tools");

  @TempDir Path data;

  @Test
  void neitherInstancesNorLostFactsChangeATable() throws Exception {
    List<Path> days = TestLode.days(2);
    var one = load(days, 1, vertx -> {});
    assertThat(load(days, 4, vertx -> {})).isEqualTo(one);
    assertThat(load(days, 2, ScalingIT::loseFacts)).isEqualTo(one);
  }

  /** Of what is told to all, half is lost, and of the rest some comes twice, or late. */
  private static void loseFacts(Vertx vertx) {
    var chance = new Random(20_261_121);
    vertx
        .eventBus()
        .addInboundInterceptor(
            delivery -> {
              int fate = delivery.send() ? 9 : chance.nextInt(10);
              if (fate == 5) {
                var message = delivery.message();
                var headers = new DeliveryOptions().setHeaders(message.headers());
                vertx.eventBus().publish(message.address(), message.body(), headers);
              }
              if (fate == 6) {
                vertx.setTimer(1 + chance.nextInt(1000), late -> delivery.next());
              } else if (fate >= 5) {
                delivery.next();
              }
            });
  }

  private Map<String, String> load(List<Path> days, int instances, Consumer<Vertx> tap)
      throws Exception {
    var changes = new TreeMap<>(Map.of("fsync: true", "fsync: false"));
    for (String verticle : VERTICLES) {
      int shipped = List.of("gold", "tools").contains(verticle) ? 4 : 2;
      changes.put(
          "  " + verticle + ": " + shipped + "\n", "  " + verticle + ": " + instances + "\n");
    }
    var oracle = new RetailOracle();
    for (Path day : days) {
      oracle.read(day);
    }
    try (var lode = new TestLode(data.resolve("x" + instances), changes, tap)) {
      for (Path day : days) {
        lode.post(day);
      }
      var tables = new TreeMap<String, String>();
      String silver = "SELECT sum(quantity) FROM silver.invoice_line";
      TestLode.await("silver is complete", () -> lode.count(silver) == oracle.quantity());
      for (var question : complete(oracle.quantity()).entrySet()) {
        TestLode.await(
            question.getKey() + " is complete", () -> lode.count(question.getValue()) == 1);
      }
      TestLode.await(
          "each product has its vector", () -> vectors(lode) == oracle.described().size());
      for (String table : contents()) {
        tables.put(table, lode.client().sql(table).toString());
      }
      return tables;
    }
  }

  private static int vectors(TestLode lode) throws Exception {
    return lode.client().get("/v1/dashboard").at("/vector_store/total_vectors").asInt();
  }

  /** What is true once Silver, and then the layer, has all {@code pieces} that were sold. */
  private static Map<String, String> complete(long pieces) {
    String all = " = " + pieces + " FROM ";
    return Map.of(
        "days", "SELECT sum(units)" + all + "gold.daily_revenue",
        "products", "SELECT sum(quantity)" + all + "gold.product_performance",
        "customers",
            "SELECT sum(units) = (SELECT sum(quantity) FROM silver.invoice_line"
                + " WHERE customer_id IS NOT NULL) FROM gold.customer_360",
        "cohorts",
            "SELECT sum(customers) = (SELECT count(DISTINCT (customer_id, date_trunc('month',"
                + " CAST(invoice_date AS DATE)))) FROM silver.invoice_line"
                + " WHERE customer_id IS NOT NULL) FROM gold.cohort_retention",
        "features",
            "SELECT sum(q)"
                + all
                + "(SELECT arg_max(total_quantity, (event_timestamp, created, sequence)) AS q"
                + " FROM platinum.features_product_features GROUP BY stock_code)");
  }

  /** Everything that does not depend on when it was made. */
  private static List<String> contents() {
    return List.of(
        "SELECT position, CAST(payload AS VARCHAR) AS p FROM bronze.retail_invoice_line"
            + " ORDER BY p, position",
        "SELECT * EXCLUDE (lineage_id, _event_time, _ingest_time, _flags), len(_flags)"
            + " FROM silver.invoice_line ORDER BY ALL",
        "SELECT * FROM gold.daily_revenue ORDER BY ALL",
        "SELECT * FROM gold.customer_360 ORDER BY ALL",
        "SELECT * FROM gold.product_performance ORDER BY ALL",
        "SELECT * FROM gold.cohort_retention ORDER BY ALL");
  }
}
