package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import dev.lode.silver.contract.Contract;
import dev.lode.tables.Lake;
import dev.lode.tables.TableName;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same person has one token, for ever. */
class LakeKeyTest {
  private static final TableName BRONZE = TableName.of("bronze.lab_source");

  @TempDir Path folder;
  private Lake lake;
  private List<Contract> contracts;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    contracts =
        List.of(
            Drafts.read(
                folder,
                Drafts.yaml(
                    "person",
                    List.of(
                        "{name: id, physicalType: VARCHAR, customProperties:"
                            + " [{property: masking, value: {method: tokenize}}]}"),
                    "{property: mode, value: append}")));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private HmacKey key() {
    return LakeKey.of(lake, "generated", folder, contracts);
  }

  private Path file() {
    return folder.resolve("secrets/hmac.key");
  }

  @Test
  void theSameKeyStartsAgain() {
    String fingerprint = key().fingerprint();
    lake.close();
    lake = TestLake.open(folder);
    assertThat(key().fingerprint()).isEqualTo(fingerprint);
  }

  @Test
  void anotherKeyIsRefused() throws IOException {
    key();
    byte[] bytes = Files.readAllBytes(file());
    bytes[7]++;
    Files.write(file(), bytes);
    assertThatThrownBy(this::key)
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot start: silver.hmac-key is not the key that the tokens in its tables were made"
                + " with; with another the same person would get two tokens");
  }

  @Test
  void aLostKeyIsRefusedAndNoneIsMadeInItsPlace() throws IOException {
    key();
    Files.delete(file());
    assertThatThrownBy(this::key)
        .hasMessageStartingWith("Cannot start: secrets/hmac.key is gone, and tables hold tokens");
    assertThat(file()).doesNotExist();
  }

  @Test
  void anyKeyWillDoWhereNoContractMakesTokens() throws IOException {
    contracts = List.of();
    key();
    Files.delete(file());
    assertThat(key()).isNotNull();
  }

  @Test
  void tenantsHaveTokensOfTheirOwn() {
    try (var fixture = Fixture.of(folder, lake, key()).work(contracts.getFirst())) {
      fixture.append(
          BRONZE,
          List.of(
              Fixture.row("acme", null, "{\"id\":\"7\"}", 1),
              Fixture.row("acme", null, "{\"id\":\"7\"}", 2),
              Fixture.row("other", null, "{\"id\":\"7\"}", 1)));
      fixture.run();
      assertThat(
              fixture.query(
                  TableName.of("silver.person"),
                  "SELECT tenant_id, count(DISTINCT id), count(*) FROM t GROUP BY 1 ORDER BY 1"))
          .containsExactly(List.of("acme", 1L, 2L), List.of("other", 1L, 1L));
      assertThat(fixture.query(TableName.of("silver.person"), "SELECT count(DISTINCT id) FROM t"))
          .containsExactly(List.of(2L));
    }
  }

  @Test
  void tablesOfBeforeKeepTheirTokens() throws IOException {
    try (var fixture =
        Fixture.of(folder, lake, HmacKey.load("generated", folder).salted(false))
            .work(contracts.getFirst())) {
      fixture.append(BRONZE, List.<Object[]>of(Fixture.row("acme", null, "{\"id\":\"7\"}", 1)));
      fixture.run();
      assertThat(key().row()[2]).as("salted").isEqualTo(false);
    }
  }
}
