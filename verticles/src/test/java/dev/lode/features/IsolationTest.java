package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Features;
import dev.lode.features.Sales.Sale;
import dev.lode.features.offline.History;
import dev.lode.features.online.Reader;
import dev.lode.tables.Troubles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One entity, or one tenant, never stops the others. */
class IsolationTest {
  private static final Instant NOW = Instant.parse("2020-01-10T00:00:00Z");
  private static final String OF_TABLE = "table: silver.sale";

  @TempDir Path folder;
  private TestFeatures features;
  private Sales sales;

  @AfterEach
  void close() {
    features.close();
  }

  private Materializer open(String source, String... declared) throws IOException {
    var yaml =
        new StringBuilder(
            """
            entities:
              - {name: shopper, keys: [{name: shopper, type: BIGINT}]}
            views:
              - name: sums
                entities: [shopper]
                source: {%s}
                timestamp: sold_at
                features:
            """
                .formatted(source));
    for (String feature : declared) {
      yaml.append("      - {").append(feature).append("}\n");
    }
    features = TestFeatures.of(folder, yaml.toString(), NOW);
    sales = new Sales(features.lake);
    return features.materializer("sums");
  }

  private Features.Row read(String tenant, long shopper) {
    var store = features.store;
    return new Reader(
            store.catalog(), store.online(), store.states(), new Reader.Limits(9, features.clock))
        .read(new Features.Read(tenant, List.of("sums"), List.of(Map.of("shopper", shopper))))
        .result()
        .rows()
        .getFirst();
  }

  private List<String> troubles(String tenant) {
    return features.lake.troubles().of(tenant).stream().map(Troubles.Trouble::reason).toList();
  }

  private static Sale sale(String tenant, long id, String shopper, String amount) {
    return new Sale(tenant, id, shopper, NOW.minusSeconds(1000 - id), "tea", amount);
  }

  @Test
  void aSumThatOverflowsIsNoValueOfThatEntityAlone() throws IOException {
    Materializer materializer =
        open(
            OF_TABLE,
            "name: cents, type: INTEGER, aggregate: {function: sum, of: amount * 100}",
            "name: more, type: BIGINT, expression: 'coalesce(cents, 0) + 1'",
            "name: sales, type: BIGINT, aggregate: {function: count}");
    sales.put(sale("acme", 1, "1", "3"), sale("acme", 2, "2", "20000000"));
    materializer.catchUp();
    sales.put(
        sale("acme", 3, "1", "4"), sale("acme", 4, "2", "20000000"), sale("other", 5, "2", "5"));
    materializer.catchUp();

    assertThat(read("acme", 1).values()).containsExactly(700, 701L, 2L);
    assertThat(read("other", 2).values()).containsExactly(500, 501L, 1L);
    assertThat(read("acme", 2).statuses()).containsExactly("INVALID", "INVALID", "PRESENT");
    assertThat(troubles("acme"))
        .singleElement()
        .asString()
        .isEqualTo(
            "1 entities have no value of some feature (cents: it does not fit INTEGER;"
                + " more: it does not fit BIGINT)");
    assertThat(troubles("other")).isEmpty();

    sales.put(sale("acme", 6, "2", "-20000000"));
    materializer.catchUp();
    assertThat(read("acme", 2).values())
        .as("what fits again is a value again")
        .containsExactly(2_000_000_000, 2_000_000_001L, 3L);
    assertThat(troubles("acme")).isEmpty();
  }

  @Test
  void anExpressionThatThrowsFailsOnlyItsEntities() throws IOException {
    Materializer materializer =
        open(
            OF_TABLE,
            "name: number, type: BIGINT, aggregate: {function: sum, of: CAST(item AS BIGINT)}");
    var some = new ArrayList<Sale>();
    for (int i = 0; i < 40; i++) {
      String item = i % 13 == 5 ? "tea" : "7";
      some.add(new Sale("acme", i, "" + i, NOW.minusSeconds(100), item, "1"));
    }
    sales.put(some);
    materializer.catchUp();
    for (int i = 0; i < 40; i++) {
      assertThat(read("acme", i).statuses()).containsExactly(i % 13 == 5 ? "INVALID" : "PRESENT");
    }
    assertThat(troubles("acme")).singleElement().asString().startsWith("3 entities have no value");
    assertThat(materializer.catchUp()).as("nothing is tried again for ever").isFalse();

    some.replaceAll(s -> new Sale(s.tenant(), s.id(), s.shopper(), s.at(), "8", s.amount()));
    sales.put(some);
    materializer.catchUp();
    assertThat(read("acme", 5).values()).containsExactly(8L);
    assertThat(troubles("acme")).isEmpty();
    assertThat(materializer.rebuild("acme").rows()).as("a rebuild finds the same").isZero();
  }

  @Test
  void aRowThatDoesNotFitIsNoValueOfThatFeatureAlone() throws IOException {
    Materializer materializer =
        open(
            OF_TABLE,
            "name: item, type: VARCHAR",
            "name: number, type: BIGINT, expression: CAST(item AS BIGINT)");
    sales.put(
        new Sale("acme", 1, "1", NOW.minusSeconds(9), "7", "1"),
        new Sale("acme", 2, "2", NOW.minusSeconds(9), "tea", "1"));
    materializer.catchUp();
    assertThat(troubles("acme"))
        .containsExactly(
            "1 entities have no value of some feature (number: it does not fit BIGINT)");
    assertThat(read("acme", 1).values()).containsExactly("7", 7L);
    assertThat(read("acme", 2).values()).containsExactly("tea", null);
    assertThat(read("acme", 2).statuses()).containsExactly("PRESENT", "INVALID");
  }

  @Test
  void rowsWhoseKeyIsNoneAreOfNoEntity() throws IOException {
    Materializer materializer =
        open(OF_TABLE, "name: sales, type: BIGINT, aggregate: {function: count}");
    sales.put(sale("acme", 1, "1", "1"), sale("acme", 2, "nobody", "1"));
    materializer.catchUp();
    assertThat(read("acme", 1).values()).containsExactly(1L);
    assertThat(materializer.catchUp()).isFalse();
  }

  @Test
  void sqlThatThrowsForOneTenantLeavesTheOthersAlone() throws IOException {
    Materializer materializer =
        open(
            "sql: 'SELECT sum(CAST(item AS BIGINT)) AS number, shopper, max(sold_at) AS sold_at"
                + " FROM silver.sale GROUP BY shopper', touched: {silver.sale: [shopper]}",
            "name: number, type: BIGINT");
    sales.put(
        new Sale("acme", 1, "1", NOW.minusSeconds(9), "7", "1"),
        new Sale("nasty", 2, "1", NOW.minusSeconds(9), "7", "1"),
        new Sale("nasty", 3, "2", NOW.minusSeconds(9), "tea", "1"));
    materializer.catchUp();
    assertThat(troubles("acme")).isEmpty();
    assertThat(read("acme", 1).statuses()).containsExactly("PRESENT");
    assertThat(troubles("nasty")).isNotEmpty();
    assertThat(read("nasty", 2).values()).containsExactly((Object) null);

    sales.put(new Sale("nasty", 3, "2", NOW.minusSeconds(9), "9", "1"));
    materializer.catchUp();
    assertThat(read("nasty", 2).values()).containsExactly(9L);
    assertThat(read("nasty", 1).values()).containsExactly(7L);
  }

  @Test
  void whatIsInvalidIsSaidAgainAfterAStart() throws IOException {
    Materializer materializer =
        open(OF_TABLE, "name: cents, type: INTEGER, aggregate: {function: sum, of: amount * 100}");
    sales.put(sale("acme", 1, "1", "30000000"));
    materializer.catchUp();
    var view = features.view("sums");
    features.lake.troubles().clear("features", History.table(view), "acme");
    new Loader(features.store).load(view);
    assertThat(troubles("acme")).singleElement().asString().contains("(*: Cannot");
  }
}
