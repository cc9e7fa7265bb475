package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Column;
import dev.lode.codecs.Features;
import dev.lode.codecs.Features.Dataset;
import dev.lode.codecs.Features.Train;
import dev.lode.features.Sales.Sale;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training sets as a caller asks for them. */
class TrainingTest {
  private static final Instant NOW = Instant.parse("2020-01-10T00:00:00Z");

  @TempDir Path folder;
  private TestFeatures features;

  @BeforeEach
  void open() throws IOException {
    features = TestFeatures.of(folder, Sales.YAML, NOW);
    var sales = new Sales(features.lake);
    sales.put(
        Sales.sale(1, "7", "2020-01-01T00:00:00Z", "10"),
        Sales.sale(2, "7", "2020-01-03T00:00:00Z", "20"),
        Sales.sale(3, "8", "2020-01-02T00:00:00Z", "30"),
        new Sale("other", 4, "9", Instant.parse("2020-01-01T00:00:00Z"), "tea", "40"));
    features.materializer("spend").catchUp();
    features.materializer("basket").catchUp();
  }

  @AfterEach
  void close() {
    features.close();
  }

  private Dataset train(List<String> names, List<Map<String, Object>> rows) {
    return train(new Train("acme", names, rows, null, false, null, false));
  }

  private Dataset train(Train train) {
    return new Training(features.store).dataset(train);
  }

  private static Map<String, Object> row(Object shopper, Object time, Object... more) {
    var row = new LinkedHashMap<String, Object>();
    row.put("shopper", shopper);
    row.put("event_timestamp", time);
    for (int i = 0; i < more.length; i += 2) {
      row.put((String) more[i], more[i + 1]);
    }
    return row;
  }

  @Test
  void keepsEveryDigitOfLabels() {
    var big = new java.math.BigInteger("12345678901234567890123");
    Dataset set =
        train(
            List.of("spend:total"),
            List.of(
                row(7, "2020-01-02", "a", 9007199254740993L, "b", new BigDecimal("0.1"), "c", big),
                row(7, "2020-01-02", "a", new BigDecimal("0.5"), "b", 2, "c", 1)));
    assertThat(set.rows().getFirst().subList(2, 5))
        .containsExactly(new BigDecimal("9007199254740993.0"), 0.1, new BigDecimal(big));
  }

  @Test
  void keepsEveryRowItsOrderAndItsColumns() {
    var again = row("7", "2020-01-02T00:00:00+00:00", "label", 1, "weight", 0.5, "why", "x");
    Dataset set =
        train(
            List.of("spend:total", "basket:amount"),
            List.of(
                row(8, "2020-01-02 01:00:00", "label", 2, "weight", 1, "tags", List.of("a", 1)),
                again,
                again,
                row(null, "2020-01-05", "label", null),
                row(404, "2020-01-05", "why", "y"),
                row(7, "2020-01-03T00:00:04Z")));
    assertThat(set.columns())
        .containsExactly(
            new Column("shopper", "BIGINT"),
            new Column("event_timestamp", "TIMESTAMP WITH TIME ZONE"),
            new Column("label", "BIGINT"),
            new Column("weight", "DOUBLE"),
            new Column("tags", "VARCHAR"),
            new Column("why", "VARCHAR"),
            new Column("total", "DECIMAL(18,2)"),
            new Column("amount", "DECIMAL(10,2)"));
    var ten = new BigDecimal("10.00");
    assertThat(set.rows())
        .containsExactly(
            Arrays.asList(
                8L,
                "2020-01-02T01:00:00Z",
                2L,
                1.0,
                "[\"a\",1]",
                null,
                new BigDecimal("30.00"),
                null),
            Arrays.asList(7L, "2020-01-02T00:00:00Z", 1L, 0.5, null, "x", ten, null),
            Arrays.asList(7L, "2020-01-02T00:00:00Z", 1L, 0.5, null, "x", ten, null),
            Arrays.asList(null, "2020-01-05T00:00:00Z", null, null, null, null, null, null),
            Arrays.asList(404L, "2020-01-05T00:00:00Z", null, null, null, "y", null, null),
            Arrays.asList(
                7L,
                "2020-01-03T00:00:04Z",
                null,
                null,
                null,
                null,
                new BigDecimal("30.00"),
                new BigDecimal("20.00")));
    assertThat(set.snapshots()).containsOnlyKeys("spend", "basket");
    assertThat(set.rowCount()).isEqualTo(6);
  }

  @Test
  void withoutRowsItIsTheSnapshotAsOfTheEnd() {
    var end = Instant.parse("2020-01-02T12:00:00Z");
    var names = List.of("spend:total", "basket:item", "spend:days_ago");
    Dataset set = train(new Train("acme", names, List.of(), null, false, end, false));
    assertThat(set.rows())
        .containsExactly(
            Arrays.asList(7L, "2020-01-02T12:00:00Z", new BigDecimal("10.00"), null, 1),
            Arrays.asList(8L, "2020-01-02T12:00:00Z", new BigDecimal("30.00"), null, 0));
    assertThat(train(new Train("acme", names, List.of(), null, false, Instant.EPOCH, false)).rows())
        .isEmpty();
    assertThat(train(new Train("acme", names, List.of(), null, true, end, false)).rows())
        .as("nothing was known then")
        .isEmpty();
    assertThat(train(new Train("acme", names, List.of(), null, true, null, false)).rows())
        .as("now all is known")
        .hasSize(2);
  }

  @Test
  void sqlGivesTheRowsOfOneTenantAlone() {
    String sql =
        "SELECT id, shopper, sold_at + INTERVAL 1 DAY AS event_timestamp, amount"
            + " FROM silver.sale ORDER BY id DESC";
    Dataset set =
        train(new Train("acme", List.of("spend:sales"), List.of(), sql, false, null, false));
    assertThat(set.columns())
        .extracting(Column::name)
        .containsExactly("id", "shopper", "event_timestamp", "amount", "sales");
    assertThat(set.rows())
        .containsExactly(
            List.of(3L, 8L, "2020-01-03T00:00:00Z", new BigDecimal("30.00"), 1L),
            List.of(2L, 7L, "2020-01-04T00:00:00Z", new BigDecimal("20.00"), 2L),
            List.of(1L, 7L, "2020-01-02T00:00:00Z", new BigDecimal("10.00"), 1L));
    assertThatThrownBy(
            () ->
                train(
                    new Train(
                        "acme",
                        List.of("spend:sales"),
                        List.of(),
                        "SELECT id, sold_at AS event_timestamp FROM silver.sale",
                        false,
                        null,
                        false)))
        .hasMessage(
            "Cannot train: entity_sql gives no column shopper (it gives: id, event_timestamp)");
  }

  @Test
  void writesParquetWhereAsked() {
    var rows = List.of(row(7, "2020-01-02", "total", 5));
    Dataset set = train(new Train("acme", List.of("spend:total"), rows, null, false, null, true));
    assertThat(set.rows()).isEmpty();
    assertThat(set.rowCount()).isEqualTo(1);
    Path own = folder.resolve("training").resolve("tenant=acme").toAbsolutePath();
    assertThat(Path.of(set.path())).exists().hasParent(own);
    assertThat(set.columns())
        .extracting(Column::name)
        .as("a name that is taken gets that of its view before it")
        .containsExactly("shopper", "event_timestamp", "total", "spend__total");
    try (var session = features.lake.session()) {
      assertThat(session.query("SELECT spend__total FROM '" + set.path() + "'", 9).single())
          .isEqualTo(new BigDecimal("10.00"));
    }
    assertThat(Files.isDirectory(folder.resolve("training"))).isTrue();
  }

  @Test
  void namesTheRowThatCannotBeRead() {
    refused("Entity row 2 has no event_timestamp", row(7, null));
    refused(
        "Invalid event_timestamp in entity row 2: soon is not a time"
            + " (write 2011-06-30T12:00:00Z; without a zone it is UTC)",
        row(7, "soon"));
    refused("Invalid shopper in entity row 2: x is not a BIGINT", row("x", "2020-01-01"));
  }

  private void refused(String message, Map<String, Object> row) {
    assertThatThrownBy(() -> train(List.of("spend:total"), List.of(row(7, "2020-01-01"), row)))
        .hasMessage(message);
  }

  @Test
  void refusesColumnsThatWouldBeThereTwice() {
    assertThatThrownBy(
            () -> train(List.of("spend:total", "spend:total"), List.of(row(7, "2020-01-01"))))
        .hasMessage("Cannot train: column spend__total would be there twice");
  }

  @Test
  void refusesMoreRowsThanItAnswers() {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < 5001; i++) {
      rows.add(row(7, "2020-01-01"));
    }
    assertThatThrownBy(() -> train(List.of("spend:total"), rows))
        .hasMessage("Cannot answer more than 5000 rows (features.training-rows-max)");
  }

  @Test
  void aRowWithoutTheKeyOfAViewHasNullsThere() {
    var row = new HashMap<String, Object>();
    row.put("event_timestamp", "2020-01-05");
    assertThat(train(List.of("spend:total"), List.of(row)).rows())
        .containsExactly(Arrays.asList("2020-01-05T00:00:00Z", null));
  }

  @Test
  void theAnswerNamesTheTenantThatAsked() {
    Dataset set =
        train(
            new Features.Train(
                "other", List.of("spend:total"), List.of(row(7, NOW)), null, false, null, false));
    assertThat(set.tenantId()).isEqualTo("other");
    assertThat(set.rows().getFirst()).last().isNull();
  }
}
