package dev.lode.tools;

import static dev.lode.tools.FakeOwners.LINEAGE_ID;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Bus;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.codecs.Lineage;
import dev.lode.codecs.Query;
import dev.lode.codecs.Status;
import dev.lode.codecs.Tools;
import dev.lode.codecs.Vectors;
import dev.lode.config.LodeConfig;
import dev.lode.openapi.OpenApi;
import dev.lode.openapi.Operation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ToolsVerticleTest {
  private static final LodeConfig CONFIG = oneShard();
  private static final Clock LATER =
      Clock.fixed(FakeOwners.COMMITTED.plusMillis(250), ZoneOffset.UTC);
  private static final Map<String, Operation> CONTRACT = contract();

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Bus bus = new Bus(vertx, new Bus.Limits(100, Duration.ofSeconds(5)), LATER);
  private final FakeOwners owners = new FakeOwners(bus);

  private static LodeConfig oneShard() {
    var shipped = LodeConfig.read(Path.of("../conf/lode.yaml"));
    return new LodeConfig(
        shipped.http(),
        shipped.tenants(),
        shipped.keys(),
        new LodeConfig.Deploy(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
        shipped.bus(),
        shipped.catalog(),
        shipped.warehouse(),
        shipped.disk(),
        shipped.engine(),
        shipped.keyIndex(),
        shipped.ingest(),
        shipped.bronze(),
        shipped.silver(),
        shipped.gold(),
        shipped.vectors(),
        shipped.features(),
        shipped.lineage(),
        shipped.maintenance(),
        shipped.tools(),
        shipped.backup(),
        shipped.replay());
  }

  private static Map<String, Operation> contract() {
    return OpenApi.load(CONFIG).operations().stream()
        .filter(Operation::isTool)
        .collect(java.util.stream.Collectors.toMap(Operation::id, each -> each));
  }

  @BeforeEach
  void deploy() throws Exception {
    Bus.registerCodecs(vertx);
    owners.serve();
    owners.answer(Status.of("vectors"), FakeOwners::vectors).await(5, SECONDS);
    vertx.deployVerticle(new ToolsVerticle(bus, CONFIG, meters, LATER)).await(5, SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(5, SECONDS);
  }

  static final List<Tools.Call> CALLS =
      List.of(
          call("vector_search", Map.of("namespace", "products", "query", "mug")),
          call("search_and_retrieve", Map.of("namespace", "products", "query", "mug")),
          call("get_customer_features", Map.of("customer_id", 17850)),
          call("get_product_features", Map.of("product_ids", List.of("85123A", "0"))),
          call(
              "get_features",
              Map.of(
                  "features", List.of("customer_features"),
                  "entities", List.of(Map.of("customer_id", "17850")))),
          call("get_training_dataset", Map.of("features", List.of("customer_features"))),
          call("trace_lineage", Map.of("lineage_id", LINEAGE_ID)),
          call("run_sql", Map.of("sql", "SELECT 1")),
          call("list_namespaces", Map.of()),
          call("list_feature_views", Map.of()),
          call("list_datasets", Map.of()),
          call("describe_dataset", Map.of("name", "silver.invoice_line")));

  @ParameterizedTest
  @FieldSource("CALLS")
  void answersInTheShapeThatTheContractPromises(Tools.Call call) throws Exception {
    Tools.Result result =
        result(new Tools.Call("acme", "boss", "admin", call.name(), call.arguments()));
    var envelope =
        Answer.fields(
            "data", result.data(),
            "lineage", result.lineage(),
            "freshness_ms", result.freshnessMs(),
            "quality_score", result.qualityScore(),
            "truncated", result.truncated(),
            "degraded", result.degraded());
    assertThat(CONTRACT.get(call.name()).answer().checked(envelope)).isEqualTo(envelope);
    assertThat(result.degraded()).isEmpty();
  }

  @Test
  void saysWhatAnAnswerIsWorth() throws Exception {
    Tools.Result result = call("vector_search", "namespace", "products", "query", "mug");
    assertThat(result.freshnessMs()).isEqualTo(250);
    assertThat(result.qualityScore()).isEqualTo(0.75);
    assertThat(result.lineage())
        .containsEntry("snapshots", Map.of("gold.product_performance", 7L))
        .containsEntry("lineage_ids", List.of(LINEAGE_ID));
  }

  @Test
  void answersWithoutItsWorthWhereThatCannotBeHad() throws Exception {
    owners.fail(Query.ASSESS, ErrorCode.BACKEND_DOWN, "Cannot read the lake");
    Tools.Result result = call("vector_search", "namespace", "products", "query", "mug");
    assertThat(result.freshnessMs()).isEqualTo(-1);
    assertThat(result.qualityScore()).isNull();
    assertThat(result.degraded())
        .containsExactly("freshness and quality are missing: Cannot read the lake");
  }

  @Test
  void asksTheOwnerOfTheNamespaceWithDefaults() throws Exception {
    call("vector_search", "namespace", "products", "query", "mug");
    assertThat(owners.lastAsked(Vectors.Search.class))
        .isEqualTo(
            new Vectors.Search(
                "acme", "products", "mug", null, 10, Map.of(), "vector", "sum", "document"));
    call("vector_search", "namespace", "products", "vector", List.of(1, new BigDecimal("0.5")));
    assertThat(owners.lastAsked(Vectors.Search.class).vector()).containsExactly(1f, 0.5f);
  }

  @Test
  void addsToHitsTheFeaturesOfViewsThatShareTheirKey() throws Exception {
    var data = data(call("search_and_retrieve", "namespace", "products", "query", "mug"));
    assertThat(owners.lastAsked(Features.Read.class).features())
        .containsExactly("product_features:sales_last_30d");
    assertThat(owners.lastAsked(Features.Read.class).entities().getFirst())
        .containsEntry("stock_code", "85123A")
        .containsEntry("entity_id", "85123A");
    assertThat(list(data, "results").getFirst())
        .containsEntry("id", "85123A")
        .containsEntry("chunk_id", "85123A#1")
        .containsEntry(
            "features", Map.of("product_features:sales_last_30d", new BigDecimal("12.50")));
  }

  @Test
  void answersHitsAloneWhereFeaturesAreDown() throws Exception {
    owners.fail(Features.READ, ErrorCode.BACKEND_DOWN, "Cannot read features: no store");
    var result = call("search_and_retrieve", "namespace", "products", "query", "mug");
    assertThat(list(data(result), "results")).hasSize(2);
    assertThat(list(data(result), "results").getFirst()).containsEntry("features", null);
    assertThat(result.degraded())
        .containsExactly("features are missing: Cannot read features: no store");
  }

  @Test
  void leavesFeaturesOutWhereTheyAreNotWanted() throws Exception {
    var result =
        call(
            "search_and_retrieve",
            "namespace",
            "products",
            "query",
            "mug",
            "include_features",
            false);
    assertThat(list(data(result), "results").getFirst()).containsEntry("features", null);
    assertThat(result.degraded()).isEmpty();
    assertThat(owners.asked).noneMatch(Features.Read.class::isInstance);
  }

  @Test
  void failsForAFeatureThatIsMisspelt() {
    owners.fail(Features.READ, ErrorCode.FEATURE_NOT_FOUND, "Cannot read x:y: unknown");
    assertFails(
        call(
            "search_and_retrieve",
            Map.of("namespace", "products", "query", "m", "features", List.of("x:y"))),
        ErrorCode.FEATURE_NOT_FOUND,
        "Cannot read x:y: unknown");
  }

  @Test
  void givesFeaturesOfOneViewByTheirBareNames() throws Exception {
    var rows =
        list(data(call("get_customer_features", "customer_ids", List.of(17850, "0"))), "rows");
    assertThat(rows.getFirst())
        .containsEntry("entity", Map.of("customer_id", 17850))
        .containsEntry("statuses", Map.of("total_orders", "PRESENT", "total_spent", "PRESENT"));
    assertThat(rows.getLast())
        .containsEntry("statuses", Map.of("total_orders", "NOT_FOUND", "total_spent", "NOT_FOUND"));
    call("get_customer_features", "customer_id", "17850", "features", List.of("total_spent"));
    assertThat(owners.lastAsked(Features.Read.class))
        .isEqualTo(
            new Features.Read(
                "acme",
                List.of("customer_features:total_spent"),
                List.of(Map.of("entity_id", "17850"))));
  }

  @Test
  void judgesTheSqlOfATrainingSetBeforeFeaturesSeeIt() throws Exception {
    call("get_training_dataset", "features", List.of("f"), "entity_sql", "SELECT 1");
    assertThat(owners.lastAsked(Query.Run.class))
        .isEqualTo(new Query.Run("acme", "reader", "SELECT 1", 0));
    assertThat(owners.lastAsked(Features.Train.class).entitySql()).isEqualTo("SELECT 1");
    owners.asked.clear();
    assertFails(
        call(
            "get_training_dataset",
            Map.of("features", List.of("f"), "entity_sql", "FROM read_csv('x')")),
        ErrorCode.SQL_REFUSED,
        "Cannot run the SQL: read_csv");
    assertThat(owners.asked).noneMatch(Features.Train.class::isInstance);
  }

  @Test
  void trainsAsOfATime() throws Exception {
    call(
        "get_training_dataset",
        "features",
        List.of("f"),
        "end",
        "2011-01-31T01:00:00+01:00",
        "format",
        "parquet");
    var train = owners.lastAsked(Features.Train.class);
    assertThat(train.end()).isEqualTo(Instant.parse("2011-01-31T00:00:00Z"));
    assertThat(train.parquet()).isTrue();
  }

  @Test
  void tracesEachKindOfSubject() throws Exception {
    Map<String, Object> key = Map.of("k", "v");
    call("trace_lineage", "table", "gold.x", "key", key);
    assertTraced("row", "gold.x", key);
    call("trace_lineage", "view", "customer_features", "key", key);
    assertTraced("feature", "customer_features", key);
    call("trace_lineage", "namespace", "products", "vector_id", "85123A");
    assertTraced("vector", "products", Map.of("id", "85123A"));
    call("trace_lineage", "lineage_id", LINEAGE_ID);
    assertTraced("record", null, Map.of("lineage_id", LINEAGE_ID));
  }

  private void assertTraced(String kind, String name, Map<String, Object> key) {
    assertThat(owners.lastAsked(Lineage.Trace.class))
        .isEqualTo(new Lineage.Trace("acme", kind, name, key));
  }

  @Test
  void showsRawBytesToAnAdminAlone() throws Exception {
    var reader = call("trace_lineage", "lineage_id", LINEAGE_ID);
    assertThat(list(data(reader), "nodes").getFirst().get("values"))
        .isEqualTo(Map.of("lineage_id", LINEAGE_ID, "op", "c"));
    assertThat(reader.degraded())
        .containsExactly("raw bytes are withheld: they are shown to role admin");
    var admin =
        result(
            new Tools.Call(
                "acme", "boss", "admin", "trace_lineage", Map.of("lineage_id", LINEAGE_ID)));
    assertThat(list(data(admin), "nodes").getFirst().get("values"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .containsEntry("payload", "secret@example.com");
    assertThat(admin.degraded()).isEmpty();
  }

  @Test
  void marksWhatWasCutAndWhereRowsCameFrom() throws Exception {
    var result = call("run_sql", "sql", "SELECT 1", "max_rows", 1);
    assertThat(result.truncated()).isTrue();
    assertThat(result.lineage()).containsEntry("lineage_ids", List.of(LINEAGE_ID));
    assertThat(owners.lastAsked(Query.Run.class))
        .isEqualTo(new Query.Run("acme", "reader", "SELECT 1", 1));
  }

  @Test
  void listsOneLayer() throws Exception {
    assertThat(list(data(call("list_datasets", "layer", "gold")), "datasets"))
        .extracting(dataset -> dataset.get("name"))
        .containsExactly("gold.product_performance");
  }

  @Test
  void refusesCallsThatAreNotForThisTool() {
    assertFails(
        call("vectr_search", Map.of()),
        ErrorCode.TOOL_NOT_FOUND,
        "Cannot call vectr_search: there is no such tool (did you mean vector_search?)");
    assertFails(
        new Tools.Call("acme", "x", "guest", "run_sql", Map.of("sql", "SELECT 1")),
        ErrorCode.FORBIDDEN,
        "Cannot call run_sql: role guest may not (roles: reader, writer, admin)");
    assertFails(
        call("vector_search", Map.of("namespace", "products", "query", "x", "top_k", 0)),
        ErrorCode.INVALID_REQUEST,
        "Invalid top_k: 0 (must be 1..1000)");
    assertFails(
        call("vector_search", Map.of("namespace", "products")),
        ErrorCode.INVALID_REQUEST,
        "Cannot call with none of them: give exactly one of query, vector");
    assertFails(
        call("trace_lineage", Map.of("lineage_id", LINEAGE_ID, "table", "gold.x")),
        ErrorCode.INVALID_REQUEST,
        "Cannot call with lineage_id and table: give exactly one of lineage_id, table, namespace,"
            + " view");
    assertFails(
        call("trace_lineage", Map.of("table", "gold.x")),
        ErrorCode.INVALID_REQUEST,
        "Missing key (it goes with table)");
  }

  @Test
  void countsCallsByToolAndOutcome() throws Exception {
    call("list_datasets");
    assertFails(
        call("run_sql", Map.of()),
        ErrorCode.INVALID_REQUEST,
        "Missing sql (must be a string of 1..65536 characters)");
    assertFails(call("x".repeat(50), Map.of()), ErrorCode.TOOL_NOT_FOUND, null);
    assertThat(count("list_datasets", "ok")).isEqualTo(1);
    assertThat(count("run_sql", "invalid_request")).isEqualTo(1);
    assertThat(count("unknown", "tool_not_found")).isEqualTo(1);
  }

  private double count(String tool, String outcome) {
    return meters.get("lode.tool.calls").tags("tool", tool, "outcome", outcome).counter().count();
  }

  @Test
  void describesEveryTool() throws Exception {
    var manifest = bus.request(Tools.DESCRIBE, new Tools.Describe("acme")).await(5, SECONDS);
    assertThat(manifest.tools())
        .extracting(Tools.Tool::name)
        .containsExactlyInAnyOrderElementsOf(CONTRACT.keySet());
  }

  private Tools.Result call(String tool, Object... arguments) throws Exception {
    return result(call(tool, Answer.fields(arguments)));
  }

  private static Tools.Call call(String tool, Map<String, Object> arguments) {
    return new Tools.Call("acme", "agent", "reader", tool, arguments);
  }

  private Tools.Result result(Tools.Call call) throws Exception {
    return bus.request(Tools.CALL, call).await(5, SECONDS);
  }

  private void assertFails(Tools.Call call, ErrorCode code, String message) {
    assertThatThrownBy(() -> result(call))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(code);
              if (message != null) {
                assertThat(failure).hasMessage(message);
              }
            });
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> data(Tools.Result result) {
    return (Map<String, Object>) result.data();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> data, String name) {
    return (List<Map<String, Object>>) data.get(name);
  }
}
