package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.silver.contract.Contract;
import dev.lode.tables.TableName;
import dev.lode.tables.Troubles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rule that throws on one value rejects one record. */
class SalvageTest {
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

  private Contract contract(String quality) {
    return Drafts.read(
        folder,
        Drafts.yaml(
            "thing",
            List.of(
                "{name: id, logicalType: integer, physicalType: BIGINT, required: true}",
                "{name: size, logicalType: string, physicalType: VARCHAR, quality: [%s]}"
                    .formatted(quality)),
            "{property: mode, value: append}"));
  }

  private static String rule(String condition, String more) {
    return """
    {name: small, type: sql, query: 'SELECT count(*) FROM {object} WHERE %s', mustBe: 0,
     dimension: accuracy%s}\
    """
        .formatted(condition, more);
  }

  private static String thing(long id, String size) {
    return "{\"id\":%d,\"size\":\"%s\"}".formatted(id, size);
  }

  @Test
  void quarantinesTheRecordThatARuleCannotBeEvaluatedFor() {
    String rejects = ", customProperties: [{property: onFail, value: quarantine}]";
    fixture.work(contract(rule("CAST({property} AS INTEGER) > 100", rejects)));
    fixture.json(BRONZE, thing(1, "7"), thing(2, "secret"), thing(3, "700"), thing(4, "8"));

    assertThat(fixture.run()).hasSize(1);

    assertThat(fixture.silver("id")).containsExactlyInAnyOrder(List.of(1L), List.of(4L));
    assertThat(fixture.quarantine("decode(payload), rule, reason"))
        .containsExactlyInAnyOrder(
            List.of(thing(2, "secret"), "small", "small cannot be evaluated"),
            List.of(thing(3, "700"), "small", "small does not hold"));
    assertThat(fixture.run()).as("nothing is tried again").isEmpty();
  }

  @Test
  void quarantinesItWhateverTheRuleDoesWithThoseThatFail() {
    fixture.work(
        contract(
            rule(
                "CAST({property} AS INTEGER) > 100",
                ", customProperties: [{property: onFail, value: flag}]")));
    fixture.json(BRONZE, thing(1, "700"), thing(2, "secret"));

    fixture.run();

    assertThat(fixture.silver("id, _flags")).containsExactly(List.of(1L, List.of("small")));
    assertThat(fixture.quarantine("rule, reason"))
        .containsExactly(List.of("small", "small cannot be evaluated"));
  }

  @Test
  void judgesTheSameWhenItIsReplayed() {
    fixture.work(contract(rule("CAST({property} AS INTEGER) > 100", "")));
    fixture.json(BRONZE, thing(1, "7"), thing(2, "secret"));
    fixture.run();

    var tally = fixture.replay(false, null);

    assertThat(tally.checked()).isEqualTo(2);
    assertThat(tally.rejected()).isEqualTo(1);
    assertThat(fixture.silver("id")).containsExactly(List.of(1L));
    assertThat(fixture.quarantine("reason")).containsExactly(List.of("small cannot be evaluated"));
  }

  @Test
  void anotherTenantsRecordsPassBeside() {
    fixture.work(contract(rule("CAST({property} AS INTEGER) > 100", "")));
    var rows = new ArrayList<Object[]>();
    for (int i = 0; i < 300; i++) {
      rows.add(Fixture.row("nasty", null, thing(i, "x" + i), i + 1));
      rows.add(Fixture.row("acme", null, thing(i, "9"), i + 1));
    }
    fixture.append(BRONZE, rows);

    fixture.run();

    assertThat(
            fixture.query(
                TableName.of("silver.thing"), "SELECT tenant_id, count(*) FROM t GROUP BY 1"))
        .containsExactly(List.of("acme", 300L));
    assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(300L));
  }

  @Test
  void aRuleAboutTheWholeThatThrowsFailsThatTenantAlone() {
    var whole =
        "{name: total, type: sql, query: 'SELECT sum(CAST(size AS INTEGER)) FROM {object}',"
            + " mustBeGreaterThan: 0, dimension: accuracy}";
    fixture.work(contract(whole));
    fixture.append(
        BRONZE,
        List.of(
            Fixture.row("nasty", null, thing(1, "x"), 1),
            Fixture.row("acme", null, thing(2, "5"), 1)));

    assertThat(fixture.run()).hasSize(1);

    assertThat(fixture.query(TableName.of("silver.thing"), "SELECT id FROM t ORDER BY id"))
        .containsExactly(List.of(1L), List.of(2L));
    assertThat(fixture.lake.troubles().of("acme")).isEmpty();
    assertThat(fixture.lake.troubles().of("nasty"))
        .extracting(Troubles.Trouble::reason)
        .singleElement()
        .asString()
        .startsWith("rule total cannot be asked: ");
  }
}
