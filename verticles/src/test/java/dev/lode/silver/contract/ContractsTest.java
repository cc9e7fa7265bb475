package dev.lode.silver.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractsTest {
  private static final Path CONF = Path.of("../conf");

  private static final String GOOD =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: urn:x
      name: silver.order
      version: 1.0.0
      status: active
      schema:
        - name: order
          logicalType: object
          properties:
            - name: order_id
              logicalType: string
              physicalType: VARCHAR
              primaryKey: true
            - name: amount
              logicalType: number
              physicalType: DECIMAL(18,2)
              required: true
            - name: email
              logicalType: string
              physicalType: VARCHAR(80)
              logicalTypeOptions: {format: email}
              customProperties:
                - {property: masking, value: {method: hash}}
      slaProperties:
        - {property: freshness, value: 24, unit: h}
        - {property: retention, value: 5, unit: y}
      customProperties:
        - {property: upstream, value: bronze.shop_order}
        - {property: mode, value: upsert}
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"contracts", "demo/contracts"})
  void acceptsTheShippedContracts(String shipped) {
    assertThat(Contracts.check(CONF.resolve(shipped), contract -> List.of())).isEmpty();
    assertThat(Contracts.read(CONF.resolve(shipped))).isNotEmpty();
  }

  @Test
  void aFolderThatIsNotThereHoldsNoContracts() {
    assertThat(Contracts.read(folder.resolve("none"))).isEmpty();
  }

  @Test
  void readsWhatTheSchemaImplies() throws IOException {
    var contract = read(GOOD);

    assertThat(contract.table()).hasToString("silver.order");
    assertThat(contract.upstream()).hasToString("bronze.shop_order");
    assertThat(contract.key()).containsExactly("order_id");
    assertThat(contract.rules())
        .extracting(Rule::id, rule -> rule.onFail().word())
        .containsExactly(
            tuple("malformed", "quarantine"),
            tuple("ambiguous_name", "quarantine"),
            tuple("no_known_field", "quarantine"),
            tuple("unknown_operation", "quarantine"),
            tuple("order_id_required", "quarantine"),
            tuple("amount_required", "quarantine"),
            tuple("amount_type", "quarantine"),
            tuple("email_format", "flag"),
            tuple("email_length", "flag"));
    assertThat(contract.slas())
        .containsExactly(new Sla("freshness", Sla.Kind.FRESHNESS, Duration.ofHours(24), null));
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.api.Assertions.tuple(values);
  }

  @Test
  void countsOfFailingRecordsBecomeRulesAboutEachRecord() throws IOException {
    var contract =
        read(
            with(
                """
                          quality:
                            - id: positive
                              type: sql
                              query: select count(*) from {object} where {property} <= 0
                              mustBe: 0
                            - id: total
                              type: sql
                              query: SELECT sum({property}) FROM {object}
                              mustBeGreaterThan: 0
                """));

    assertThat(contract.rowRules())
        .filteredOn(rule -> rule.id().equals("positive"))
        .extracting(Rule.Row::check, Rule.Row::onFail)
        .containsExactly(tuple(new Check.Condition("\"amount\" <= 0"), OnFail.WARN));
    assertThat(contract.wholeRules()).extracting(Rule::id).containsExactly("total");
  }

  @Test
  void onFailReplacesTheUsualSeverity() throws IOException {
    var contract =
        read(with("          customProperties: [{property: onFail, value: {type: flag}}]\n"));

    assertThat(contract.rules())
        .filteredOn(rule -> rule.id().startsWith("amount"))
        .extracting(Rule::id, Rule::onFail)
        .containsExactly(
            tuple("amount_required", OnFail.QUARANTINE), tuple("amount_type", OnFail.FLAG));
  }

  /** Adds lines to the property {@code amount}. */
  private static String with(String lines) {
    String anchor = "        physicalType: DECIMAL(18,2)\n";
    return GOOD.replace(anchor, anchor + lines.indent(0).replaceAll("(?m)^ {10}", "        "));
  }

  @Test
  void namesAMisspeltKeyOfTheStandardAndTheNearest() {
    assertProblem(
        GOOD.replace("required: true", "requred: true"),
        "unknown key schema.[0].properties.[1].requred (did you mean required?)");
  }

  @Test
  void namesAMisspeltSettingOfOurOwnAndTheNearest() {
    assertProblem(
        GOOD.replace("property: masking", "property: maskng"),
        "schema.email: unknown customProperty maskng (did you mean masking?)");
    assertProblem(
        GOOD.replace("method: hash", "method: hahs"),
        "schema.email.masking: unknown method hahs (did you mean hash?)");
    assertProblem(
        GOOD.replace("value: upsert", "value: upsrt"),
        "customProperties: unknown mode upsrt (did you mean upsert?)");
    assertProblem(
        GOOD.replace("format: email", "format: emial"),
        "schema.email.logicalTypeOptions: unknown format emial (did you mean email?)");
  }

  @Test
  void namesEveryProblemOfAFileAtOnce() {
    String broken =
        GOOD.replace("apiVersion: v3.1.0", "apiVersion: v2.0.0")
            .replace("DECIMAL(18,2)", "DECIMAL(99,2)")
            .replace("upstream, value: bronze.shop_order", "upstream, value: shop_order");

    assertProblem(broken, "apiVersion: must be v3.1.0, not v2.0.0");
    assertProblem(broken, "schema.amount: unknown physicalType DECIMAL(99,2)");
    assertProblem(
        broken,
        "customProperties.upstream: must name one Bronze table, bronze.<source>_<entity>,"
            + " not [shop_order]");
  }

  @Test
  void refusesWhatCouldNotWork() {
    assertProblem(
        GOOD.replace("primaryKey: true", "required: true"),
        "customProperties.mode: upsert needs a property with primaryKey: true");
    assertProblem(
        GOOD.replace(
            "logicalTypeOptions: {format: email}", "logicalTypeOptions: {pattern: '(?=a)'}"),
        "schema.email.logicalTypeOptions.pattern: cannot look around or back: (?=a)");
    assertProblem(
        GOOD.replace("name: amount", "name: tenant_id"),
        "schema.tenant_id: is a name that every table uses for itself");
    assertProblem(
        GOOD.replace("logicalType: number", "logicalType: boolean"),
        "schema.amount: logicalType boolean is not DECIMAL(18,2)");
    assertProblem(
        with("          customProperties: [{property: masking, value: {method: tokenize}}]\n"),
        "schema.amount.masking: a DECIMAL(18,2) can only be redacted or kept");
    assertProblem(
        GOOD.replace(
            "primaryKey: true",
            "primaryKey: true\n        customProperties:"
                + " [{property: masking, value: {method: mask}}]"),
        "schema.order_id.masking: would make keys equal that are not; use hash or tokenize");
    assertProblem(
        with("          quality: [{id: few, metric: nullValue, mustBe: 0}]\n"),
        "schema.amount.few: unknown metric nullValue (did you mean nullValues?)");
    assertProblem(
        with("          quality: [{id: few, metric: nullValues}]\n"),
        "schema.amount.few: needs exactly one of mustBe, mustBeLessThan, mustBeBetween");
  }

  @Test
  void twoContractsCannotFeedOneTable() throws IOException {
    Files.writeString(folder.resolve("a.yaml"), GOOD);
    Files.writeString(folder.resolve("b.yaml"), GOOD.replace("shop_order", "web_order"));

    assertThat(Contracts.check(folder, contract -> List.of()))
        .singleElement()
        .asString()
        .endsWith("b.yaml: Silver table silver.order has a contract already: a.yaml");
  }

  @Test
  void readingABrokenFolderFailsWithAllItsProblems() throws IOException {
    Files.writeString(
        folder.resolve("a.yaml"), GOOD.replace("mode, value: upsert", "mode, value: x"));

    assertThatThrownBy(() -> Contracts.read(folder))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("a.yaml: customProperties: unknown mode x (known: append, upsert)");
  }

  private Contract read(String yaml) throws IOException {
    Files.writeString(folder.resolve("a.yaml"), yaml);
    return Contracts.read(folder).getFirst();
  }

  private void assertProblem(String yaml, String problem) {
    List<String> problems;
    try {
      Files.writeString(folder.resolve("a.yaml"), yaml);
      problems = Contracts.check(folder, contract -> List.of());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    assertThat(problems)
        .anySatisfy(found -> assertThat(found).contains("a.yaml").contains(problem));
  }
}
