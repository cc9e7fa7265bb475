package dev.lode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.cli.Settings;
import dev.lode.codecs.Failure;
import dev.lode.silver.ContractTables;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shop's own declarations, with one thing wrong. */
class ChecksTest {
  private static final Path CONF = Path.of("../conf");

  @TempDir Path folder;
  private Path conf;
  private Path contract;

  @BeforeEach
  void copy() throws IOException {
    conf = folder.resolve("conf");
    try (var files = Files.walk(CONF)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, conf.resolve(CONF.relativize(file).toString()));
      }
    }
    contract = conf.resolve("contracts/retail_invoice_line.yaml");
  }

  private void edit(String from, String to) throws IOException {
    String text = Files.readString(contract);
    assertThat(text).contains(from);
    Files.writeString(contract, text.replace(from, to));
  }

  private List<String> problems(Path data) {
    return Checks.all().stream().flatMap(check -> check.problems(conf, data).stream()).toList();
  }

  /** What a Lode with the contract as it came would have made. */
  private Path data() {
    Path data = folder.resolve("data");
    try (var lake = TestLake.open(data)) {
      Contracts.read(CONF.resolve("contracts"))
          .forEach(contract -> ContractTables.ensure(lake, contract));
    }
    return data;
  }

  @Test
  void namesWhateverReadsAColumnThatWasRenamed() throws IOException {
    assertThat(problems(null)).isEmpty();
    edit("      - name: unit_price\n", "      - name: price\n");
    edit(
        "          - {property: source, value: UnitPrice}\n",
        "          - {property: source, value: UnitPrice}\n"
            + "          - {property: renamedFrom, value: unit_price}\n");

    var problems = problems(data());
    assertThat(problems).allSatisfy(problem -> assertThat(problem).contains("unit_price"));
    assertThat(problems)
        .anySatisfy(problem -> assertThat(problem).startsWith(conf + "/marts/daily_revenue.sql: "))
        .anySatisfy(problem -> assertThat(problem).startsWith(conf + "/vectors/products.yaml: "))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith(conf + "/features/retail.yaml: view customer_features: "))
        .noneSatisfy(problem -> assertThat(problem).contains("/contracts/"));
  }

  @Test
  void refusesWhatTheTablesCannotBecomeAsAStartDoes() throws IOException {
    Path data = data();
    assertThat(problems(data)).isEmpty();
    edit("physicalType: DECIMAL(18,4)", "physicalType: DECIMAL(9,2)");

    assertThat(problems(folder.resolve("nothing"))).isEmpty();
    var problems = problems(data);
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith(
            contract
                + ": schema.unit_price: silver.invoice_line cannot change: column unit_price is"
                + " DECIMAL(18,4), not DECIMAL(9,2). Take another table or column name")
        .contains("another schema.name");
    var settings = new Settings(data, conf.resolve("lode.yaml"), conf, OptionalInt.of(0));
    assertThatThrownBy(() -> Main.launch().start(settings))
        .isInstanceOf(Failure.class)
        .hasMessage(problems.getFirst());
  }

  @Test
  void refusesWhatCannotFollowTheKeysThatChanged() throws IOException {
    replace(
        conf.resolve("vectors/products.yaml"),
        "    stock_code,\n    arg_max(description",
        "    upper(stock_code) AS stock_code,\n    arg_max(description");
    replace(
        conf.resolve("features/retail.yaml"),
        "source: {table: silver.invoice_line}",
        "source: {sql: \"SELECT * REPLACE (upper(customer_id) AS customer_id, upper(stock_code) AS"
            + " stock_code) FROM silver.invoice_line\", touched: {silver.invoice_line:"
            + " [customer_id]}}");

    assertThat(problems(null))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("products.yaml")
                    .contains("stock_code is made as upper(stock_code)")
                    .endsWith("or write incremental: false"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("view customer_features")
                    .contains("the rows that changed are found by customer_id")
                    .endsWith("or leave touched out"));
  }

  private static void replace(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  @Test
  void findsNothingWrongWithTheDemo() throws IOException {
    var demo = CONF.resolve("demo");

    assertThat(Checks.all().stream().flatMap(check -> check.problems(demo, null).stream()))
        .isEmpty();
  }
}
