package dev.lode.features.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureCatalogTest {
  private static final FeatureCatalog SHIPPED = FeatureCatalog.load(Path.of("../conf/features"));

  @TempDir Path folder;

  @Test
  void whatShipsIsWithoutProblems() {
    assertThat(FeatureCatalog.problems(Path.of("../conf/features"))).isEmpty();
    assertThat(FeatureCatalog.problems(Path.of("../conf/demo/features"))).isEmpty();
    assertThat(SHIPPED.views())
        .extracting(View::name)
        .contains("customer_features", "product_features");
    assertThat(SHIPPED.view("customer_features").consentPurpose()).isEqualTo("service");
  }

  @Test
  void keepsTheOrderOfTheRequestAndOfAService() {
    assertThat(names("product_features:last_sold", "customer_features:total_spent"))
        .containsExactly("product_features:last_sold", "customer_features:total_spent");
    assertThat(names("customer_features_v1"))
        .hasSize(5)
        .first()
        .asString()
        .endsWith("total_orders");
    assertThat(names("product_features")).contains("product_features:sales_last_30d");
  }

  private static List<String> names(String... asked) {
    return SHIPPED.resolve(List.of(asked)).stream().map(FeatureCatalog.Reference::name).toList();
  }

  @Test
  void namesTheNearestFeatureViewAndService() {
    refused(
        "No feature customer_features:total_spend"
            + " (did you mean customer_features:total_spent?)",
        "customer_features:total_spend");
    refused(
        "No feature view costumer_features (did you mean customer_features?)",
        "costumer_features:total_spent");
    refused(
        "No feature service or view customer_features_v2 (did you mean customer_features_v1?)",
        "customer_features_v2");
  }

  private static void refused(String message, String name) {
    assertThatThrownBy(() -> names(name))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FEATURE_NOT_FOUND))
        .hasMessage(message);
  }

  @Test
  void refusesAServiceAmongOtherNames() {
    assertThatThrownBy(() -> names("customer_features_v1", "product_features:last_sold"))
        .hasMessage(
            "Invalid feature name: customer_features_v1 (write view:feature; a service stands"
                + " alone)");
  }

  @Test
  void listsEveryProblemOfAFolderWithItsPlace() throws IOException {
    Files.writeString(
        folder.resolve("bad.yaml"),
        """
        entities:
          - {name: customer, keys: [{name: customer_id, type: VARCHR}]}
          - {name: product, keys: [{name: code, type: VARCHAR}]}
        views:
          - name: spend
            entities: [custmer]
            source: {table: silver.sale}
            features:
              - {name: total, type: DOUBLE, aggregate: {function: smu, of: amount}}
              - {name: doubled, type: DOUBLE, aggregate: {function: sum, of: amount}}
              - {name: recent, type: BIGINT, aggregate: {function: max, of: a, window: 3d, hop: 1d}}
              - {name: days, type: INTEGER, days-since: total}
              - {name: created, type: BIGINT}
          - name: sql
            entities: [product]
            source: {sql: SELECT 1, touched: {silver.x: [a, b]}, keeps: newest}
            timestamp: at
            ttl: 5 parsecs
            features: [{name: a, type: BIGINT}]
        services:
          spend_v1: [spend:totl]
        """);
    Files.writeString(folder.resolve("typo.yaml"), "entitys: []\n");
    assertThat(FeatureCatalog.problems(folder))
        .contains(
            "bad.yaml: entity customer: key customer_id: unknown type VARCHR ("
                + ValueType.KNOWN
                + ")",
            "bad.yaml: view spend: unknown entity custmer (did you mean customer?)",
            "bad.yaml: view spend: no timestamp (the source's column with the event time)",
            "bad.yaml: view spend: feature total: aggregate: unknown function smu (did you mean"
                + " sum?)",
            "bad.yaml: view spend: feature doubled: aggregate: DOUBLE has no exact sums and counts"
                + " (use BIGINT or DECIMAL(p,s))",
            "bad.yaml: view spend: feature recent: aggregate: max has no windows (sum and count"
                + " have)",
            "bad.yaml: view spend: feature created: is a name that Lode uses itself",
            "bad.yaml: view sql: source: touched silver.x names 2 columns for 1 keys",
            "bad.yaml: view sql: source: unknown keeps newest (known: history, latest)",
            "bad.yaml: view sql: ttl: Invalid duration: 5 parsecs (write 20ms, 5s, 10m, 24h, 30d)",
            "bad.yaml: service spend_v1: unknown feature spend:totl (did you mean spend:total?)")
        .anyMatch(problem -> problem.contains("unknown key entitys (did you mean entities?)"));
    assertThatThrownBy(() -> FeatureCatalog.load(folder))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("unknown entity custmer");
  }

  @Test
  void noTimeToLiveMeansNoBound() {
    assertThat(SHIPPED.view("customer_features").ttlMicros()).isZero();
  }
}
