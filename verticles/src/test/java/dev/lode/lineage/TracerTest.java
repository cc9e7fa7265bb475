package dev.lode.lineage;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.uuid.Generators;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Lineage;
import dev.lode.tables.BronzeTable;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three records of tenant a and one of b, on their way through all layers. */
class TracerTest {
  private static final TableSpec RAW = BronzeTable.spec("shop", "line");
  private static final TableName LINE = TableName.of("silver.line");
  private static final TableName REFUSED = TableName.of("quarantine.line");
  private static final TableName DAILY = TableName.of("gold.daily");
  private static final TableName COHORT = TableName.of("gold.cohort");
  private static final TableName HISTORY = TableName.of("platinum.features_buyer");
  private static final Instant TIME = Instant.parse("2011-01-04T10:00:00Z");
  private static final List<Link> LINKS =
      List.of(
          new Link(
              "gold", "gold.daily", DAILY, LINE, Map.of("day", "CAST(sold AS DATE)"), List.of()),
          new Link("gold", "gold.cohort", COHORT, LINE, Map.of(), List.of()),
          new Link(
              "features", "buyer", HISTORY, LINE, Map.of("customer", "customer"), List.of("ts")),
          new Link("vectors", "articles", null, LINE, Map.of("id", "article"), List.of()));

  @TempDir Path folder;
  private Lake lake;
  private Tracer tracer;
  private final Map<String, UUID> ids = new HashMap<>();

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    tracer = new Tracer(lake, LINKS, 100);
    var raw = bronze();
    var consumed = Progress.of(RAW.name(), null, raw);
    fill(
        LINE,
        List.of(
            optional("article", "VARCHAR", ""),
            optional("customer", "VARCHAR", ""),
            optional("price", "DECIMAL(18,2)", ""),
            optional("sold", "TIMESTAMP WITH TIME ZONE", ""),
            required("lineage_id", "UUID", "")),
        consumed,
        line("a", "hat", "c1", "one"),
        line("a", "pin", "c2", "two"),
        line("b", "hat", "c1", "foreign"));
    fill(
        REFUSED,
        List.of(required("lineage_id", "UUID", ""), optional("reason", "VARCHAR", "")),
        consumed,
        new Object[] {"a", ids.get("bad"), "price is missing"});
    made();
  }

  private long bronze() {
    lake.ensure(RAW);
    var rows = new ArrayList<Object[]>();
    for (String name : List.of("one", "two", "bad", "foreign")) {
      UUID id = Generators.timeBasedEpochGenerator().generate();
      ids.put(name, id);
      rows.add(
          new Object[] {
            name.equals("foreign") ? "b" : "a",
            id,
            "shop",
            "line",
            UUID.randomUUID(),
            1L,
            Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16),
            null,
            "c",
            "json",
            null,
            ("{\"name\":\"" + name + "é\"}").getBytes(UTF_8),
            new byte[] {1},
            null
          });
    }
    return lake.append(RAW.name(), rows, Progress.NONE).id();
  }

  private void made() {
    long line = lake.head(LINE).orElseThrow().id();
    var consumed = Progress.of(LINE, null, line);
    fill(
        DAILY,
        List.of(optional("day", "DATE", ""), optional("revenue", "DECIMAL(18,2)", "")),
        consumed,
        new Object[] {"a", LocalDate.parse("2011-01-04"), new BigDecimal("3.00")},
        new Object[] {"b", LocalDate.parse("2011-01-04"), new BigDecimal("1.50")});
    fill(COHORT, List.of(optional("cohort", "VARCHAR", "")), consumed, new Object[] {"a", "x"});
    fill(
        HISTORY,
        List.of(
            optional("customer", "VARCHAR", ""),
            optional("ts", "TIMESTAMP WITH TIME ZONE", ""),
            optional("spent", "DECIMAL(18,2)", "")),
        consumed,
        new Object[] {"a", "c1", TIME.minusSeconds(9), new BigDecimal("0.10")},
        new Object[] {"a", "c1", TIME, new BigDecimal("1.50")},
        new Object[] {"b", "c1", TIME, new BigDecimal("1.50")});
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void followsARecordToAllThatWasMadeOfIt() {
    var traced = trace("record", null, Map.of("lineage_id", ids.get("one").toString()));

    String raw = "bronze.shop_line/" + ids.get("one");
    String line = "silver.line/" + ids.get("one");
    assertThat(traced.nodes())
        .extracting(Lineage.Node::id)
        .containsExactlyInAnyOrder(
            raw,
            line,
            "gold.daily/2011-01-04",
            "gold.cohort",
            "features.buyer/c1",
            "vectors.articles/hat");
    assertThat(traced.edges())
        .containsExactlyInAnyOrder(
            new Lineage.Edge(raw, line),
            new Lineage.Edge(line, "gold.daily/2011-01-04"),
            new Lineage.Edge(line, "gold.cohort"),
            new Lineage.Edge(line, "features.buyer/c1"),
            new Lineage.Edge(line, "vectors.articles/hat"));
    assertThat(traced.truncated()).isFalse();
    assertThat(node(traced, raw).values())
        .containsEntry("payload", "{\"name\":\"oneé\"}")
        .containsEntry("payload_base64", "eyJuYW1lIjoib25lw6kifQ==")
        .containsEntry("source", "shop");
    assertThat(node(traced, "features.buyer/c1").values())
        .containsEntry("spent", new BigDecimal("1.50"));
    assertThat(node(traced, line).snapshotId()).isEqualTo(lake.head(LINE).orElseThrow().id());
  }

  @Test
  void followsARefusedRecordIntoQuarantine() {
    var traced = trace("record", null, Map.of("lineage_id", ids.get("bad").toString()));

    assertThat(traced.nodes())
        .extracting(Lineage.Node::id)
        .containsExactly("bronze.shop_line/" + ids.get("bad"), "quarantine.line/" + ids.get("bad"));
  }

  @Test
  void leadsASilverKeyBackToItsBytesAndOnToItsMarts() {
    var traced = trace("row", "silver.line", Map.of("article", "hat", "price", 1.5));

    assertThat(traced.nodes())
        .extracting(Lineage.Node::id)
        .contains("bronze.shop_line/" + ids.get("one"), "gold.daily/2011-01-04")
        .noneMatch(id -> id.contains(ids.get("foreign").toString()));
  }

  @Test
  void leadsAGoldKeyBackToEveryRowAndItsBytes() {
    var traced = trace("row", "gold.daily", Map.of("day", "2011-01-04"));

    String day = "gold.daily/2011-01-04";
    String one = "silver.line/" + ids.get("one");
    String two = "silver.line/" + ids.get("two");
    assertThat(traced.edges())
        .containsExactlyInAnyOrder(
            new Lineage.Edge(one, day),
            new Lineage.Edge(two, day),
            new Lineage.Edge("bronze.shop_line/" + ids.get("one"), one),
            new Lineage.Edge("bronze.shop_line/" + ids.get("two"), two));
  }

  @Test
  void leadsAWholeMartBackToItsTable() {
    var traced = trace("row", "gold.cohort", Map.of("cohort", "x"));

    assertThat(traced.edges()).containsExactly(new Lineage.Edge("silver.line", "gold.cohort/x"));
  }

  @Test
  void knowsNoVectorOfARowThatIsNotThere() {
    for (String id : List.of("hut", "hut#2", "hat#x", "", "'")) {
      assertThatThrownBy(() -> trace("vector", "articles", Map.of("id", id)))
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessage("Cannot trace vector of articles {id=%s}: there is none".formatted(id));
    }
  }

  @Test
  void leadsAVectorAndAFeatureBackToTheirBytes() {
    assertThat(trace("vector", "articles", Map.of("id", "hat#0")).edges())
        .contains(
            new Lineage.Edge("silver.line/" + ids.get("one"), "vectors.articles/hat"),
            new Lineage.Edge(
                "bronze.shop_line/" + ids.get("one"), "silver.line/" + ids.get("one")));
    assertThat(trace("feature", "buyer", Map.of("customer", "c1")).edges())
        .contains(
            new Lineage.Edge("silver.line/" + ids.get("one"), "features.buyer/c1"),
            new Lineage.Edge(
                "bronze.shop_line/" + ids.get("one"), "silver.line/" + ids.get("one")));
  }

  @Test
  void leadsAVectorOfAWholeTableToThatTable() {
    var whole = new Link("vectors", "articles", null, LINE, Map.of(), List.of());
    tracer = new Tracer(lake, List.of(whole), 100);

    assertThat(trace("vector", "articles", Map.of("id", "hat")).edges())
        .containsExactly(new Lineage.Edge("silver.line", "vectors.articles/hat"));
    assertThat(trace("row", "silver.line", Map.of("article", "hat")).edges())
        .contains(new Lineage.Edge("silver.line/" + ids.get("one"), "vectors.articles"));
  }

  @Test
  void showsAPushedFeatureThatIsMadeFromNoTable() {
    fill(
        TableName.of("platinum.features_mood"),
        List.of(
            optional("customer", "VARCHAR", ""),
            optional("event_timestamp", "TIMESTAMP WITH TIME ZONE", ""),
            optional("created", "TIMESTAMP WITH TIME ZONE", ""),
            optional("sequence", "BIGINT", ""),
            optional("mood", "VARCHAR", "")),
        Progress.NONE,
        new Object[] {"a", "c1", TIME, TIME, 1L, "low"},
        new Object[] {"a", "c1", TIME, TIME, 2L, "high"});

    assertThat(trace("feature", "mood", Map.of("customer", "c1")).nodes())
        .singleElement()
        .satisfies(node -> assertThat(node.values()).containsEntry("mood", "high"));
  }

  @Test
  void showsNoTenantWhatIsAnothers() {
    assertThatThrownBy(
            () -> trace("record", null, Map.of("lineage_id", ids.get("foreign").toString())))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessage("Cannot trace record {lineage_id=%s}: there is none", ids.get("foreign"));
  }

  @Test
  void stopsAtTheBoundAndSaysSo() {
    var traced =
        new Tracer(lake, LINKS, 3)
            .trace(new Lineage.Trace("a", "row", "gold.daily", Map.of("day", "2011-01-04")));

    assertThat(traced.nodes())
        .extracting(Lineage.Node::layer)
        .containsExactly("gold", "silver", "bronze");
    assertThat(traced.edges()).hasSize(2);
    assertThat(traced.truncated()).isTrue();
  }

  @Test
  void saysWhatIsWrongWithAQuestion() {
    refuses("row", "silver.lin", Map.of("article", "hat"), "silver.line");
    refuses(
        "row",
        "silver.line",
        Map.of("artikle", "hat"),
        "Cannot trace a row of silver.line: no column artikle (did you mean article?)");
    refuses("record", null, Map.of("lineage_id", "17"), "Invalid lineage_id: 17 (must be a UUID)");
    refuses(
        "vector",
        "article",
        Map.of("id", "x"),
        "Cannot trace a vector of article: no such namespace (did you mean articles?)");
    refuses(
        "feature",
        "buyers",
        Map.of("customer", "x"),
        "Cannot trace a feature of buyers: no such feature view (did you mean buyer?)");
    refuses(
        "feature",
        "buyer",
        Map.of("customer", "c9"),
        "Cannot trace feature of buyer {customer=c9}: there is none");
    refuses("table", "x", Map.of("a", 1), "Invalid kind: table (record, row, vector or feature)");
    refuses("row", "silver.line", Map.of(), "Cannot trace a row: its key is empty");
    refuses("row", null, Map.of("a", 1), "Cannot trace a row: its name is missing");
    refuses("row", "gold.daily", Map.of("day", "someday"), "invalid date field format: \"…\"");
  }

  private void refuses(String kind, String name, Map<String, Object> key, String reason) {
    assertThatThrownBy(() -> trace(kind, name, key))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(reason);
  }

  private Lineage.Traced trace(String kind, String name, Map<String, Object> key) {
    return tracer.trace(new Lineage.Trace("a", kind, name, key));
  }

  private static Lineage.Node node(Lineage.Traced traced, String id) {
    return traced.nodes().stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
  }

  private Object[] line(String tenant, String article, String customer, String record) {
    return new Object[] {tenant, article, customer, new BigDecimal("1.50"), TIME, ids.get(record)};
  }

  private void fill(
      TableName table, List<TableSpec.Field> fields, Progress progress, Object[]... rows) {
    var all = new ArrayList<TableSpec.Field>();
    all.add(required("tenant_id", "VARCHAR", ""));
    all.addAll(fields);
    lake.ensure(new TableSpec(table, all, List.of(), List.of("tenant_id"), "Rows."));
    lake.append(table, List.of(rows), progress);
  }
}
