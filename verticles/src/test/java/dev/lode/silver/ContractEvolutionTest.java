package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contract that changes while its table goes on. */
class ContractEvolutionTest {
  private static final String ID = "{name: id, physicalType: INTEGER, primaryKey: true}";
  private static final String NUMBER =
      "{name: number, physicalType: BIGINT, primaryKey: true,"
          + " customProperties: [{property: renamedFrom, value: id}]}";

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = Fixture.open(folder).work(first());
    arrive("{\"id\":1,\"qty\":5,\"at\":1}", "{\"id\":2,\"qty\":6,\"at\":1}");
    fixture.run();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Contract first() throws IOException {
    return contract("", ID, "{name: qty, physicalType: INTEGER, required: true}");
  }

  private Contract contract(String settings, String... properties) throws IOException {
    String lines =
        Arrays.stream(properties)
            .map(each -> "      - " + each + "\n")
            .collect(Collectors.joining());
    Path contracts = Files.createDirectories(folder.resolve("contracts"));
    Files.writeString(
        contracts.resolve("stock.yaml"),
        """
        apiVersion: v3.1.0
        kind: DataContract
        id: urn:stock
        version: 1.0.0
        status: active
        schema:
          - name: stock
            properties:
        %scustomProperties:
          - {property: upstream, value: bronze.shop_stock}
          - {property: mode, value: upsert}
          - {property: ordering, value: [at]}
          - {property: history, value: true}
        %s\
        """
            .formatted(lines, settings));
    return Contracts.read(contracts).getFirst();
  }

  private void arrive(String... records) {
    fixture.json(fixture.refinery.contract().upstream(), records);
  }

  @Test
  void followsARenamedAndWidenedKeyThroughUpsertCompactionAndReplay() throws IOException {
    var second =
        contract(
            "",
            NUMBER,
            "{name: pieces, physicalType: BIGINT, required: true,"
                + " customProperties: [{property: renamedFrom, value: qty}]}",
            "{name: colour, physicalType: VARCHAR}");
    fixture.work(second);
    assertThat(fixture.silver("number, pieces, colour"))
        .containsExactly(Arrays.asList(1L, 5L, null), Arrays.asList(2L, 6L, null));
    arrive(
        "{\"number\":1,\"pieces\":5000000000,\"colour\":\"red\",\"at\":2}",
        "{\"id\":2,\"qty\":7,\"at\":2}");
    fixture.run();
    var rows = List.of(List.<Object>of(1L, 5_000_000_000L, "red"), Arrays.asList(2L, 7L, null));
    assertThat(fixture.silver("number, pieces, colour")).isEqualTo(rows);

    var upkeep = fixture.lake.upkeep();
    var files =
        upkeep.files(second.table()).stream().map(TableFile::location).collect(Collectors.toSet());
    upkeep.rewrite(second.table(), files);
    assertThat(fixture.silver("number, pieces, colour")).isEqualTo(rows);
    assertThat(fixture.query(second.historyTable(), "SELECT number, pieces FROM t ORDER BY ALL"))
        .containsExactly(
            List.of(1L, 5L), List.of(1L, 5_000_000_000L), List.of(2L, 6L), List.of(2L, 7L));

    fixture.replay(false, null);
    assertThat(fixture.silver("number, pieces, colour"))
        .as("old bytes call it by the old name")
        .isEqualTo(rows);
  }

  @Test
  void dropsWhatItSaysAndGivesTheNameToANewColumn() throws IOException {
    fixture.work(contract("  - {property: dropped, value: [qty]}\n", ID));
    assertThat(fixture.silver("*").getFirst()).doesNotContain(5);
    fixture.work(contract("", ID, "{name: qty, physicalType: VARCHAR}"));
    assertThat(fixture.silver("id, qty"))
        .containsExactly(Arrays.asList(1, null), Arrays.asList(2, null));
    arrive("{\"id\":1,\"qty\":\"many\",\"at\":2}");
    fixture.run();
    assertThat(fixture.silver("id, qty"))
        .containsExactly(List.of(1, "many"), Arrays.asList(2, null));
  }

  @Test
  void isRefusedWhereOldRowsWouldMeanSomethingElse() throws IOException {
    assertThat(problems(contract("", ID)))
        .containsExactly(
            "schema.qty: silver.stock cannot change: column qty INTEGER is left out. List it under"
                + " dropped to drop it with all that it holds, or name it as renamedFrom of the"
                + " column that it became.",
            "schema.qty: silver.stock_history cannot change: column qty INTEGER is left out. List"
                + " it under dropped to drop it with all that it holds, or name it as renamedFrom"
                + " of the column that it became.");
    var text =
        contract(
            "",
            ID,
            "{name: qty, physicalType: VARCHAR}",
            "{name: colour, physicalType: VARCHAR, required: true}");
    assertThat(problems(text))
        .anySatisfy(problem -> assertThat(problem).contains("column qty is INTEGER, not VARCHAR"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("column colour VARCHAR is new and required", "./lode replay"));
    assertThatThrownBy(() -> fixture.work(text))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("Cannot change silver.stock: column qty is INTEGER, not VARCHAR; ");
    var otherKey =
        contract(
            "",
            "{name: id, physicalType: INTEGER}",
            "{name: qty, physicalType: INTEGER, required: true, primaryKey: true}");
    assertThat(problems(otherKey))
        .singleElement()
        .asString()
        .contains("its key is [tenant_id, id], not [tenant_id, qty]", "another schema.name");
  }

  private List<String> problems(Contract contract) {
    return ContractTables.problems(contract, fixture.lake::refusals, fixture.lake::note);
  }

  @Test
  void refusesNamesThatCannotBeTold() {
    assertThatThrownBy(
            () ->
                contract(
                    "  - {property: dropped, value: [id, old]}\n",
                    ID,
                    "{name: a, physicalType: DATE, customProperties: [{property: renamedFrom,"
                        + " value: b}]}",
                    "{name: b, physicalType: DATE, customProperties: [{property: renamedFrom,"
                        + " value: [a, old]}]}",
                    "{name: valid_to, physicalType: DATE, customProperties: [{property:"
                        + " renamedFrom, value: old}]}"))
        .hasMessageContaining("schema.valid_to.renamedFrom: old is what b was called")
        .hasMessageContaining("a, b take names from each other; rename in two steps")
        .hasMessageContaining("customProperties.dropped: id is a column")
        .hasMessageContaining("customProperties.dropped: old is what b was")
        .hasMessageContaining("schema.valid_to: is a name that the history uses for itself");
  }
}
