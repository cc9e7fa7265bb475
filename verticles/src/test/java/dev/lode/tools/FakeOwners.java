package dev.lode.tools;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.lode.codecs.Address;
import dev.lode.codecs.Bus;
import dev.lode.codecs.Column;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.codecs.Lineage;
import dev.lode.codecs.Message;
import dev.lode.codecs.Query;
import dev.lode.codecs.Status;
import dev.lode.codecs.Vectors;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Layers that know two products and one customer, and remember what they were asked. */
public final class FakeOwners {
  public static final Instant COMMITTED = Instant.parse("2011-01-31T00:00:00Z");
  public static final String LINEAGE_ID = "01890a5d-ac96-774b-bcce-b302099a8057";

  public final Queue<Message> asked = new ConcurrentLinkedQueue<>();
  private final Map<String, Failure> down = new ConcurrentHashMap<>();
  private final Bus bus;
  private volatile boolean hidden;

  public FakeOwners(Bus bus) {
    this.bus = bus;
  }

  /** Serves everything that tools ask; vectors from one shard. */
  public void serve() throws Exception {
    Future.all(
            List.of(
                answer(Vectors.SEARCH.owner(0), this::found),
                answer(Features.READ, this::online),
                answer(Features.TRAIN, this::trained),
                answer(Lineage.TRACE, this::traced),
                answer(Query.RUN, this::ran),
                answer(Query.LIST, this::listed),
                answer(
                    Query.ASSESS,
                    ask -> new Query.Assessed(ask.tenantId(), COMMITTED, 0.75, List.of())),
                answer(Status.of("features"), this::features)))
        .await(5, SECONDS);
  }

  public <Q extends Message, R extends Message> Future<Void> answer(
      Address<Q, R> address, Function<Q, R> handler) {
    return bus.serve(
        address,
        request -> {
          asked.add(request);
          if (down.containsKey(address.name())) {
            throw down.get(address.name());
          }
          return handler.apply(request);
        });
  }

  public void fail(Address<?, ?> address, ErrorCode code, String message) {
    down.put(address.name(), new Failure(code, message));
  }

  public <T extends Message> T lastAsked(Class<T> type) {
    return asked.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  private Vectors.Found found(Vectors.Search search) {
    if (!search.namespace().equals("products")) {
      throw new Failure(
          ErrorCode.NAMESPACE_NOT_FOUND, "Cannot search " + search.namespace() + ": unknown");
    }
    return new Vectors.Found(
        search.tenantId(),
        "products",
        "gold.product_performance",
        7,
        List.of(
            new Vectors.Hit(
                "85123A",
                "85123A",
                "85123A#1",
                0.9,
                "T-LIGHT HOLDER",
                Map.of("price", 2.55),
                LINEAGE_ID),
            new Vectors.Hit(
                "22423",
                "22423",
                "22423",
                0.8,
                "CAKESTAND of " + search.tenantId(),
                Map.of(),
                null)),
        search.mode().equals("keyword") ? List.of("no word can be searched for") : List.of());
  }

  private Features.Online online(Features.Read read) {
    var names = read.features();
    if (names.equals(List.of("customer_features"))) {
      names = List.of("customer_features:total_orders", "customer_features:total_spent");
    }
    var rows = new ArrayList<Features.Row>();
    for (Map<String, Object> entity : read.entities()) {
      boolean known = !"0".equals(String.valueOf(entity.get("entity_id")));
      var values = new ArrayList<Object>();
      names.forEach(name -> values.add(known ? new BigDecimal("12.50") : null));
      var times = new Instant[names.size()];
      Arrays.fill(times, known ? COMMITTED : null);
      rows.add(
          new Features.Row(
              entity,
              values,
              names.stream().map(name -> known ? "PRESENT" : "NOT_FOUND").toList(),
              Arrays.asList(times)));
    }
    String view = names.getFirst().replaceFirst(":.*", "");
    return new Features.Online(read.tenantId(), names, rows, Map.of(view, 9L));
  }

  private Features.Dataset trained(Features.Train train) {
    return new Features.Dataset(
        train.tenantId(),
        List.of(new Column("customer_id", "VARCHAR"), new Column("total_spent", "DECIMAL(18,2)")),
        train.parquet() ? List.of() : List.of(List.of("17850", new BigDecimal("9.99"))),
        1,
        train.parquet() ? "/tmp/training.parquet" : null,
        Map.of("customer_features", 9L));
  }

  private Lineage.Traced traced(Lineage.Trace trace) {
    return new Lineage.Traced(
        trace.tenantId(),
        List.of(
            new Lineage.Node(
                "b",
                "bronze",
                "bronze.retail_invoice_line",
                3,
                Map.of("lineage_id", LINEAGE_ID, "payload", "secret@example.com", "op", "c")),
            new Lineage.Node("s", "silver", "silver.invoice_line", 4, Map.of("country", "France"))),
        List.of(new Lineage.Edge("b", "s")),
        false);
  }

  private Query.Result ran(Query.Run run) {
    if (run.sql().contains("read_csv")) {
      throw new Failure(ErrorCode.SQL_REFUSED, "Cannot run the SQL: read_csv");
    }
    return new Query.Result(
        run.tenantId(),
        List.of(new Column("lineage_id", "UUID"), new Column("revenue", "DECIMAL(18,2)")),
        List.of(List.of(LINEAGE_ID, new BigDecimal("12.50"))),
        true,
        Map.of("gold.daily_revenue", 5L));
  }

  private Query.Datasets listed(Query.ListDatasets ask) {
    var all =
        List.of(
            dataset("gold.product_performance", "gold", "stock_code"),
            dataset("silver.invoice_line", "silver", "invoice_no"));
    return new Query.Datasets(
        ask.tenantId(),
        all.stream().filter(each -> ask.name() == null || each.name().equals(ask.name())).toList());
  }

  private static Query.Dataset dataset(String name, String layer, String key) {
    return new Query.Dataset(
        name,
        layer,
        "What it holds.",
        3,
        7,
        COMMITTED.toString(),
        List.of(new Query.Field(key, "VARCHAR", true, "The key.")),
        List.of(key),
        Map.of("bronze.retail_invoice_line", "3"));
  }

  /** As if no feature view were declared. */
  public void hideViews() {
    hidden = true;
  }

  private Status.Report features(Status.Ask ask) {
    if (hidden) {
      return new Status.Report(ask.tenantId(), "features", true, Map.of("views", List.of()));
    }
    return new Status.Report(
        ask.tenantId(),
        "features",
        true,
        Map.of(
            "services",
            Map.of("scoring", List.of("customer_features:total_spent")),
            "views",
            List.of(
                view("product_features", "stock_code", "sales_last_30d"),
                view("customer_features", "customer_id", "total_spent"))));
  }

  private static Map<String, Object> view(String name, String key, String feature) {
    var schema = Map.of("name", feature, "type", "DECIMAL(18,2)", "description", "How much.");
    return Answer.fields(
        "name",
        name,
        "description",
        null,
        "keys",
        List.of(key),
        "features",
        List.of(feature),
        "schema",
        List.of(schema),
        "source",
        "silver.invoice_line",
        "owner",
        null,
        "tags",
        List.of(),
        "ttl_ms",
        0L,
        "rows",
        12L);
  }

  public static Status.Report vectors(Status.Ask ask) {
    var products =
        Answer.fields(
            "namespace",
            "products",
            "description",
            null,
            "tables",
            List.of("silver.invoice_line"),
            "key",
            List.of("stock_code"),
            "language",
            "en",
            "documents",
            2L,
            "vectors",
            3L,
            "fields",
            Map.of("price", "DECIMAL(18,4)"),
            "snapshot_ids",
            Map.of("silver.invoice_line", 7L));
    return new Status.Report(
        ask.tenantId(), "vectors", true, Map.of("namespaces", List.of(products)));
  }
}
