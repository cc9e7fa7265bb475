package dev.lode.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Online features of random customers of the retail example, over HTTP, at a steady rate: five
 * features of one customer. The baseline in the same run is a request that reads nothing, {@code
 * /health/live}. The same requests come first for as long, uncounted: both sides compile, and the
 * server ends what it is about.
 *
 * <p>System properties: {@code lode.url}, {@code lode.rate} (requests a second), {@code
 * lode.seconds}.
 */
public final class FeatureReadSimulation extends Simulation {
  private static final String URL = System.getProperty("lode.url", "http://127.0.0.1:8420");
  private static final int RATE = Integer.getInteger("lode.rate", 500);
  private static final int SECONDS = Integer.getInteger("lode.seconds", 30);

  private static Iterator<Map<String, Object>> customers() {
    var random = new Random(7);
    return Stream.generate(() -> Map.<String, Object>of("customer", 12346 + random.nextInt(5_942)))
        .iterator();
  }

  private static ScenarioBuilder reads(String name, String prefix) {
    return scenario(name)
        .feed(customers())
        .exec(
            http(prefix + "get_customer_features")
                .post("/v1/tools/get_customer_features")
                .body(StringBody("{\"customer_id\":\"#{customer}\"}"))
                .check(status().is(200)),
            http(prefix + "get-online-features")
                .post("/get-online-features")
                .body(
                    StringBody(
                        "{\"features\":[\"customer_features:total_orders\","
                            + "\"customer_features:total_spent\","
                            + "\"customer_features:avg_order_value\","
                            + "\"customer_features:last_order_date\","
                            + "\"customer_features:last_order_days_ago\"],"
                            + "\"entities\":{\"customer_id\":[\"#{customer}\"]}}"))
                .check(status().is(200)));
  }

  private final ScenarioBuilder warmUp = reads("warm up", "warm up: ");
  private final ScenarioBuilder reads = reads("online features", "");
  private final ScenarioBuilder baseline =
      scenario("baseline").exec(exec(http("health").get("/health/live").check(status().is(200))));

  public FeatureReadSimulation() {
    setUp(
            warmUp
                .injectOpen(constantUsersPerSec(RATE).during(SECONDS))
                .andThen(
                    reads.injectOpen(constantUsersPerSec(RATE).during(SECONDS)),
                    baseline.injectOpen(constantUsersPerSec(RATE).during(SECONDS))))
        .protocols(http.baseUrl(URL).contentTypeHeader("application/json").shareConnections())
        .assertions(
            details("health").responseTime().percentile(99).lt(5),
            details("get_customer_features").responseTime().percentile(99).lt(5),
            details("get-online-features").responseTime().percentile(99).lt(5));
  }
}
