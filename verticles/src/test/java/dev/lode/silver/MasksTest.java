package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.silver.contract.Contract;
import dev.lode.tables.TableName;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A changed mask is a change of the contract like a changed type. */
class MasksTest {
  private static final TableName BRONZE = TableName.of("bronze.lab_source");

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void open() {
    fixture = Fixture.open(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Contract masking(String id, String name) {
    return Drafts.read(
        folder,
        Drafts.yaml(
            "person",
            List.of(column("id", id), column("name", name)),
            "{property: mode, value: upsert}",
            "{property: ordering, value: [at]}"));
  }

  private static String column(String name, String mask) {
    String key = name.equals("id") ? ", primaryKey: true" : "";
    return ("{name: %s, physicalType: VARCHAR%s,"
            + " customProperties: [{property: masking, value: {method: %s}}]}")
        .formatted(name, key, mask);
  }

  private List<String> problems(Contract contract) {
    return ContractTables.problems(contract, fixture.lake::refusals, fixture.lake::note);
  }

  @Test
  void isRefusedOnceThereAreRows() {
    fixture.work(masking("keep", "keep"));
    assertThat(problems(masking("hash", "redact"))).as("no row is there").isEmpty();
    fixture.json(BRONZE, "{\"id\": \"7\", \"name\": \"Ann\", \"at\": 1}");
    fixture.run();

    assertThat(problems(masking("keep", "keep"))).isEmpty();
    assertThat(problems(masking("keep", "redact")))
        .containsExactly(
            "schema.name: silver.person cannot change: the mask of its column name is keep, not"
                + " redact: rows of before, their history, and every older snapshot would stay as"
                + " they are. Give the contract another schema.name (a new table, filled from"
                + " Bronze), or go back.");
    assertThat(problems(masking("tokenize", "keep")))
        .singleElement()
        .asString()
        .contains("it is a key, so no row would find the one that it replaces");
  }
}
