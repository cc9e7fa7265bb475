package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.silver.contract.Contracts;
import dev.lode.tables.Lake;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractSqlTest {
  private static final Path CONF = Path.of("../conf");
  private static final String PRICE = "WHERE {property} <= 0";

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder.resolve("lake"));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"contracts", "demo/contracts"})
  void compilesTheShippedContracts(String shipped) {
    assertThat(problems(CONF.resolve(shipped))).isEmpty();
  }

  @Test
  void namesTheRuleAndTheNearestColumnOfAConditionThatDoesNotCompile() throws IOException {
    assertThat(problems(changed(PRICE, "WHERE unit_prise <= 0")))
        .singleElement()
        .asString()
        .startsWith(
            folder.resolve("retail.yaml") + ": schema.unit_price.quality.non_positive_price:")
        .contains("\"unit_prise\" not found", "\"unit_price\"")
        .doesNotContain("\n");
  }

  @Test
  void namesEachQueryThatDoesNotCompile() throws IOException {
    assertThat(problems(changed(PRICE, "WHERE {property} <= 0 GROUP BY contry")))
        .singleElement()
        .asString()
        .contains(": schema.quality.non_positive_price:", "\"contry\" not found", "country");
  }

  private Path changed(String from, String to) throws IOException {
    String text = Files.readString(CONF.resolve("contracts/retail_invoice_line.yaml"));
    assertThat(text).contains(from);
    Files.writeString(folder.resolve("retail.yaml"), text.replace(from, to));
    return folder;
  }

  private List<String> problems(Path contracts) {
    var sql = new ContractSql(lake, HmacKey.load("generated", folder));
    return Contracts.check(contracts, sql::problems);
  }
}
