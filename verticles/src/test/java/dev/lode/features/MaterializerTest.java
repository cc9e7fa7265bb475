package dev.lode.features;

import static dev.lode.features.Sales.sale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Features;
import dev.lode.features.Sales.Sale;
import dev.lode.features.offline.History;
import dev.lode.features.online.Reader;
import dev.lode.tables.Progress;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TableSpec.Field;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a view follows its source. */
class MaterializerTest {
  private static final Instant NOW = Instant.parse("2020-01-10T00:00:00Z");

  @TempDir Path folder;
  private TestFeatures features;
  private Sales sales;

  @AfterEach
  void close() {
    features.close();
  }

  private Materializer open(String yaml, String view) throws IOException {
    features = TestFeatures.of(folder, yaml, NOW);
    sales = new Sales(features.lake);
    return features.materializer(view);
  }

  private Features.Row read(String tenant, String feature, long shopper) {
    var store = features.store;
    var limits = new Reader.Limits(9, features.clock);
    return new Reader(store.catalog(), store.online(), store.states(), limits)
        .read(new Features.Read(tenant, List.of(feature), List.of(Map.of("shopper", shopper))))
        .result()
        .rows()
        .getFirst();
  }

  private Object value(String feature, long shopper) {
    return read("acme", feature, shopper).values().getFirst();
  }

  private long rows(String view) {
    return features.lake.head(History.table(features.view(view))).orElseThrow().rows();
  }

  private List<List<Object>> history(String view, String columns) {
    try (var session = features.lake.session()) {
      session.bind("h", dev.lode.tables.Slice.now(History.table(features.view(view))));
      return session.query("SELECT " + columns + " FROM h ORDER BY sequence", 100).rows();
    }
  }

  @Test
  void waitsForASourceThatDoesNotExist() throws IOException {
    features = TestFeatures.of(folder, Sales.YAML, NOW);
    assertThat(features.materializer("spend").catchUp()).isFalse();
  }

  @Test
  void recordsARowOnceHoweverOftenItIsNudged() throws IOException {
    Materializer materializer = open(Sales.YAML, "spend");
    sales.put(sale(1, "7", "2020-01-01T00:00:00Z", "10"));
    assertThat(materializer.catchUp()).isTrue();
    long rows = rows("spend");
    assertThat(materializer.catchUp()).isFalse();
    sales.put(sale(1, "7", "2020-01-01T00:00:00Z", "10"));
    materializer.catchUp();
    assertThat(rows("spend")).isEqualTo(rows);
    assertThat(value("spend:total", 7)).isEqualTo(new BigDecimal("10.00"));
  }

  @Test
  void putsAViewOnlineAgainAndRecordsNothingTwice() throws IOException {
    Materializer materializer = open(Sales.YAML, "spend");
    sales.put(sale(1, "7", "2020-01-01T00:00:00Z", "10"));
    materializer.catchUp();
    long rows = rows("spend");
    features.store.online().clear("spend");
    assertThat(materializer.catchUp()).as("no table has moved").isFalse();
    assertThat(value("spend:total", 7)).isNull();

    var rebuilt = materializer.rebuild("acme");
    assertThat(rebuilt.rows()).isZero();
    assertThat(rebuilt.snapshotId())
        .isEqualTo(features.lake.head(History.table(features.view("spend"))).orElseThrow().id());
    assertThat(value("spend:total", 7)).isEqualTo(new BigDecimal("10.00"));
    assertThat(rows("spend")).isEqualTo(rows);
    assertThat(materializer.catchUp()).isFalse();
  }

  @Test
  void refusesToRebuildAViewOutOfNothing() throws IOException {
    features = TestFeatures.of(folder, Sales.YAML, NOW);
    assertThatThrownBy(() -> features.materializer("spend").rebuild("acme"))
        .hasMessage("Cannot rebuild spend: nothing is there yet of [" + Sales.TABLE + "]");
  }

  @Test
  void anotherWriterOfTheSameViewChangesNothing() throws IOException {
    Materializer mine = open(Sales.YAML, "spend");
    Materializer other = features.materializer("spend");
    sales.put(sale(1, "7", "2020-01-01T00:00:00Z", "10"));
    mine.catchUp();
    long rows = rows("spend");
    assertThat(other.catchUp()).isFalse();
    sales.put(sale(2, "7", "2020-01-02T00:00:00Z", "5"));
    other.catchUp();
    assertThat(mine.catchUp()).isFalse();
    assertThat(history("spend", "DISTINCT sequence")).hasSize((int) rows("spend"));
    assertThat(rows("spend")).isGreaterThan(rows);
  }

  @Test
  void fallsBackToTheEarlierRowWhereTheNewestIsDeleted() throws IOException {
    Materializer materializer = open(Sales.YAML, "basket");
    sales.put(
        sale(1, "7", "2020-01-09T23:59:57Z", "10"), sale(2, "7", "2020-01-09T23:59:58Z", "20"));
    materializer.catchUp();
    assertThat(value("basket:amount", 7)).isEqualTo(new BigDecimal("20.00"));
    sales.remove(2);
    materializer.catchUp();
    assertThat(value("basket:amount", 7)).isEqualTo(new BigDecimal("10.00"));
    assertThat(history("basket", "deleted, lineage_id"))
        .containsExactlyInAnyOrder(
            List.of(false, new UUID(7, 1)),
            List.of(false, new UUID(7, 2)),
            java.util.Arrays.asList(true, null));
    sales.remove(1);
    materializer.catchUp();
    assertThat(read("acme", "basket:amount", 7).statuses()).containsExactly("NOT_FOUND");
    new Loader(features.store).load(features.view("basket"));
    assertThat(read("acme", "basket:amount", 7).statuses()).containsExactly("NOT_FOUND");
    sales.put(sale(3, "7", "2020-01-09T23:59:58Z", "30"));
    materializer.catchUp();
    assertThat(value("basket:amount", 7)).isEqualTo(new BigDecimal("30.00"));
  }

  @Test
  void exactDuplicatesAndRowsOfOneTimeAreOneAnswer() throws IOException {
    Materializer materializer = open(Sales.YAML, "basket");
    sales.put(
        sale(1, "7", "2020-01-09T23:59:58Z", "10"),
        sale(2, "7", "2020-01-09T23:59:58Z", "10"),
        sale(3, "7", "2020-01-09T23:59:58Z", "40"),
        sale(4, null, "2020-01-09T23:59:58Z", "50"));
    materializer.catchUp();
    assertThat(rows("basket")).isEqualTo(1);
    assertThat(value("basket:double_amount", 7)).isEqualTo(80.0);
  }

  @Test
  void keepsTenantsApart() throws IOException {
    Materializer materializer = open(Sales.YAML, "spend");
    Instant at = Instant.parse("2020-01-01T00:00:00Z");
    sales.put(
        new Sale("acme", 1, "7", at, "tea", "10"), new Sale("o'hara", 1, "7", at, "tea", "99"));
    materializer.catchUp();
    assertThat(value("spend:total", 7)).isEqualTo(new BigDecimal("10.00"));
    assertThat(read("o'hara", "spend:total", 7).values()).containsExactly(new BigDecimal("99.00"));
    assertThat(read("nobody", "spend:total", 7).statuses()).containsExactly("NOT_FOUND");
  }

  @Test
  void aPushedRowLivesBesideThoseOfTheSource() throws IOException {
    Materializer materializer = open(Sales.YAML, "basket");
    sales.put(sale(1, "7", "2020-01-09T23:59:57Z", "10"));
    materializer.catchUp();
    var pushes = new Pushes(features.store);
    Map<String, Object> row =
        Map.of("shopper", 7, "event_timestamp", "2020-01-09T23:59:57Z", "amount", "77");
    var pushed = pushes.add(new Features.Push("acme", "basket", List.of(row)));
    pushes.flush();
    assertThat(pushed.succeeded()).isTrue();
    assertThat(value("basket:amount", 7)).isEqualTo(new BigDecimal("77.00"));
    sales.put(sale(2, "8", "2020-01-09T23:59:57Z", "10"));
    sales.remove(1);
    materializer.catchUp();
    assertThat(value("basket:amount", 7)).isEqualTo(new BigDecimal("77.00"));
    assertThat(materializer.catchUp()).isFalse();
  }

  @Test
  void computesAllAgainWhereTheDefinitionChanged() throws IOException {
    Materializer materializer = open(Sales.YAML, "basket");
    sales.put(sale(1, "7", "2020-01-09T23:59:58Z", "10"));
    materializer.catchUp();
    features.close();

    materializer = open(Sales.YAML.replace("amount * 2", "amount * 3"), "basket");
    new Loader(features.store).load(features.view("basket"));
    assertThat(value("basket:double_amount", 7)).isEqualTo(20.0);
    assertThat(materializer.catchUp()).isTrue();
    assertThat(value("basket:double_amount", 7)).isEqualTo(30.0);
    assertThat(materializer.catchUp()).isFalse();
  }

  @Test
  void whatIsNotFiniteIsNoValueAndSaysSo() throws IOException {
    Materializer materializer =
        open(
            Sales.YAML.replace(
                "amount * 2", "CASE WHEN amount > 15 THEN CAST('NaN' AS DOUBLE) ELSE 1 END"),
            "basket");
    sales.put(
        sale(1, "7", "2020-01-09T23:59:57Z", "10"), sale(2, "7", "2020-01-09T23:59:58Z", "20"));
    materializer.catchUp();
    assertThat(value("basket:amount", 7)).isEqualTo(new BigDecimal("20.00"));
    assertThat(read("acme", "basket:double_amount", 7).statuses()).containsExactly("INVALID");
    assertThat(history("basket", "_invalid")).last().asString().contains("it is not finite");
    assertThat(features.store.states().of("basket").refused()).isEqualTo(1);
  }

  @Test
  void saysWhichColumnTheSourceLacks() throws IOException {
    Materializer materializer =
        open(Sales.YAML.replace("timestamp: sold_at", "timestamp: sold_ta"), "spend");
    sales.put(sale(1, "7", "2020-01-01T00:00:00Z", "10"));
    assertThatThrownBy(materializer::catchUp)
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessage(
            "Cannot compute spend: its source has no column sold_ta (did you mean sold_at?)");
    assertThat(features.store.states().of("spend").error()).contains("sold_ta");
  }

  @Test
  void remembersWhyARebuildFailed() throws IOException {
    Materializer materializer =
        open(Sales.YAML.replace("timestamp: sold_at", "timestamp: sold_ta"), "spend");
    sales.put(sale(1, "7", "2020-01-01T00:00:00Z", "10"));
    assertThatThrownBy(() -> materializer.rebuild("default")).isInstanceOf(Failure.class);
    assertThat(features.store.states().of("spend").error()).contains("sold_ta");
  }

  @Test
  void evaluatesSqlForWhatItsTablesTouch() throws IOException {
    Materializer materializer =
        open(
            """
            entities:
              - {name: shopper, keys: [{name: shopper, type: BIGINT}]}
            views:
              - name: best
                entities: [shopper]
                source:
                  sql: >-
                    SELECT shopper, max(sold_at) AS at, max(amount) AS amount
                    FROM silver.sale GROUP BY shopper
                  touched: {silver.sale: [shopper]}
                  keeps: latest
                timestamp: at
                features: [{name: amount, type: 'DECIMAL(10,2)'}]
            """,
            "best");
    sales.put(
        sale(1, "7", "2020-01-01T00:00:00Z", "10"), sale(2, "8", "2020-01-01T00:00:00Z", "11"));
    materializer.catchUp();
    sales.put(sale(3, "7", "2020-01-02T00:00:00Z", "30"));
    materializer.catchUp();
    assertThat(value("best:amount", 7)).isEqualTo(new BigDecimal("30.00"));
    assertThat(rows("best")).as("a replaced row stays as history").isEqualTo(3);
    sales.remove(3);
    materializer.catchUp();
    assertThat(value("best:amount", 7)).isEqualTo(new BigDecimal("10.00"));
    sales.remove(1);
    materializer.catchUp();
    assertThat(read("acme", "best:amount", 7).statuses()).containsExactly("NOT_FOUND");
    assertThat(value("best:amount", 8)).isEqualTo(new BigDecimal("11.00"));
  }

  @Test
  void keepsEveryVersionThatTheSourceSaysWasCreated() throws IOException {
    TableName table = TableName.of("silver.rate");
    Materializer materializer =
        open(
            """
            entities:
              - {name: shopper, keys: [{name: shopper, type: BIGINT}]}
            views:
              - name: rate
                entities: [shopper]
                source: {table: silver.rate}
                timestamp: at
                created: told
                features: [{name: rate, type: BIGINT}]
            """,
            "rate");
    features.lake.ensure(
        new TableSpec(
            table,
            List.of(
                Field.required("tenant_id", "VARCHAR", "d"),
                Field.required("shopper", "BIGINT", "d"),
                Field.required("at", "TIMESTAMP WITH TIME ZONE", "d"),
                Field.required("told", "TIMESTAMP WITH TIME ZONE", "d"),
                Field.required("rate", "BIGINT", "d")),
            List.of(),
            List.of("tenant_id"),
            "Rates."));
    Instant at = Instant.parse("2020-01-01T00:00:00Z");
    rate(table, at, at.plusSeconds(20), 2);
    rate(table, at, at.plusSeconds(10), 1);
    materializer.catchUp();
    assertThat(value("rate:rate", 7)).isEqualTo(2L);
    assertThat(known(at.plusSeconds(10), at.plusSeconds(19), at.plusSeconds(20)))
        .containsExactly(1L, 1L, 2L);

    try (var session = features.lake.session()) {
      session.replace(
          table,
          "SELECT 'acme' tenant_id, 7::BIGINT shopper, TIMESTAMPTZ '2020-01-01' AS at,"
              + " TIMESTAMPTZ '2020-01-01 00:00:10' told, 1::BIGINT rate",
          Progress.NONE);
    }
    materializer.catchUp();
    assertThat(value("rate:rate", 7)).isEqualTo(1L);
    assertThat(known(at.plusSeconds(10), at.plusSeconds(20))).containsExactly(1L, 1L);
  }

  private void rate(TableName table, Instant at, Instant told, long rate) {
    List<Object[]> rows = List.<Object[]>of(new Object[] {"acme", 7L, at, told, rate});
    features.lake.append(table, rows, Progress.NONE);
  }

  private List<Object> known(Instant... times) {
    var rows =
        java.util.Arrays.stream(times)
            .map(time -> Map.<String, Object>of("shopper", 7, "event_timestamp", time))
            .toList();
    return new Training(features.store)
            .dataset(
                new Features.Train("acme", List.of("rate:rate"), rows, null, true, null, false))
            .rows()
            .stream()
            .map(List::getLast)
            .toList();
  }
}
