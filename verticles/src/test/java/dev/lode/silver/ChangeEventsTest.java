package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Change events as connectors write them. */
class ChangeEventsTest {
  private static final List<String> COLUMNS =
      List.of(
          "{name: id, physicalType: VARCHAR, primaryKey: true}",
          "{name: name, physicalType: VARCHAR}");
  private static final String UPSERT = "{property: mode, value: upsert}";
  private static final String ENVELOPE =
      "{property: envelope, value: {record: after, before: before, op: op}}";
  private static final String BY_LSN = "{property: ordering, value: [source.lsn]}";

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

  private void work(String... settings) {
    Contract contract = Drafts.read(folder, Drafts.yaml("thing", COLUMNS, settings));
    fixture.work(contract);
  }

  private void arrive(String... records) {
    fixture.json(fixture.refinery.contract().upstream(), records);
    fixture.run();
  }

  private static String event(String op, String lsn, String before, String after) {
    return "{\"op\":\"%s\",\"source\":{\"lsn\":%s},\"before\":%s,\"after\":%s}"
        .formatted(op, lsn, before, after);
  }

  private static String row(String id, String name) {
    return "{\"id\":\"" + id + "\",\"name\":\"" + name + "\"}";
  }

  @ParameterizedTest
  @CsvSource({
    "INSERT, UPDATE, DELETE",
    "insert, update, delete",
    "I, U, D",
    "Create, u, d",
    "r, UPDATE, ' Delete '"
  })
  void theUsualWordsOfConnectorsAreUnderstoodInAnyCase(
      String insert, String update, String delete) {
    work(UPSERT, ENVELOPE, BY_LSN);
    arrive(
        event(insert, "1", "null", row("a", "first")),
        event(update, "2", row("a", "first"), row("a", "second")),
        event(insert, "3", "null", row("b", "gone")),
        event(delete, "4", row("b", "gone"), "null"),
        event("purge", "5", row("a", "second"), "null"));

    assertThat(fixture.silver("id, name")).containsExactly(List.of("a", "second"));
    assertThat(fixture.quarantine("rule, reason").getFirst())
        .satisfiesExactly(
            rule -> assertThat(rule).isEqualTo("unknown_operation"),
            reason ->
                assertThat((String) reason).startsWith("the operation is none of c, r, u, d"));
  }

  @Test
  void otherWordsAndDeeperPlacesAreDeclared() {
    work(
        UPSERT,
        "{property: envelope, value: {record: payload.new, before: payload.old, op: meta.kind,"
            + " words: {MERGE: u, Purge: d}}}");
    arrive(
        "{\"meta\":{\"kind\":\"merge\"},\"payload\":{\"new\":{\"id\":\"a\",\"name\":\"x\"}}}",
        "{\"meta\":{\"kind\":\"MERGE\"},\"payload\":{\"new\":{\"id\":\"b\",\"name\":\"y\"}}}",
        "{\"meta\":{\"kind\":\"PURGE\"},\"payload\":{\"old\":{\"id\":\"a\"}}}");

    assertThat(fixture.silver("id, name")).containsExactly(List.of("b", "y"));
    assertThatThrownBy(
            () ->
                work(
                    UPSERT, "{property: envelope, value: {record: after, words: {MERGE: update}}}"))
        .hasMessageContaining("envelope.words: unknown operation update (known: c, d, r, t, u)");
  }

  @ParameterizedTest
  @CsvSource({"true, True", "true, TRUE", "true, 1", "'TRUE', t", "D, d", "delete, DELETE"})
  void aMarkOfDeletionCountsHoweverItIsSpelled(String declared, String told) {
    work(UPSERT, "{property: deleteWhen, value: {path: meta.gone, values: ['" + declared + "']}}");
    arrive(row("a", "x"), row("b", "y"));
    arrive("{\"id\":\"a\",\"meta\":{\"gone\":\"" + told + "\"}}");
    arrive("{\"id\":\"b\",\"meta\":{\"gone\":\"false\"},\"name\":\"y\"}");

    assertThat(fixture.silver("id, name")).containsExactly(List.of("b", "y"));
  }

  @Test
  void oneBronzeTableFeedsSeveralContracts() throws Exception {
    var contracts = Files.createDirectories(folder.resolve("both"));
    for (String entity : List.of("one", "other")) {
      Files.writeString(
          contracts.resolve(entity + ".yaml"), Drafts.yaml(entity, COLUMNS, UPSERT, ENVELOPE));
    }
    var both = Contracts.read(contracts);
    fixture.work(both.getFirst());
    arrive(event("c", "1", "null", row("a", "x")));
    fixture.work(both.getLast());
    arrive(event("c", "2", "null", row("b", "y")));
    assertThat(fixture.silver("id")).containsExactly(List.of("a"), List.of("b"));
    fixture.work(both.getFirst());
    fixture.run();
    assertThat(fixture.silver("id")).containsExactly(List.of("a"), List.of("b"));
  }

  /** Cases are: the later place, then the earlier, which comes after it. */
  @ParameterizedTest
  @CsvSource({
    "'\"0/16B3748\"', '\"0/16B3740\"'",
    "'\"1/0\"', '\"0/FFFFFFF8\"'",
    "'\"1/0\"', '\"0/ffffffff\"'",
    "'\"A/0\"', '\"9/FFFFFFFF\"'",
    "'\"FFFFFFFF/FFFFFFFF\"', '\"7FFFFFFF/FFFFFFFF\"'",
    "18446744073709551615, 18446744073709551614",
    "9223372036854775808, 9223372036854775807",
    "'\"18446744073709551615\"', '\"9\"'",
    "23803721, '\"0/16B3748\"'",
    "'\"0/16B3748\"', 23803719"
  })
  void placesOrderAsTheNumbersThatTheyWrite(String later, String earlier) {
    work(UPSERT, ENVELOPE, BY_LSN, "{property: history, value: true}");
    arrive(event("u", later, "null", row("a", "newer")));
    arrive(event("c", earlier, "null", row("a", "older")));
    assertThat(fixture.silver("name")).containsExactly(List.of("newer"));
    assertThat(
            fixture.query(
                fixture.refinery.contract().historyTable(),
                "SELECT name FROM t ORDER BY valid_to NULLS LAST, _ordering"))
        .containsExactly(List.of("older"), List.of("newer"));

    arrive(
        event("c", later, "null", row("b", "newer")),
        event("u", earlier, "null", row("b", "older")));
    assertThat(fixture.silver("name")).containsExactly(List.of("newer"));
  }

  @Test
  void anUpdateThatChangesTheKeyDeletesTheOldAndPutsTheNew() {
    work(UPSERT, ENVELOPE, BY_LSN, "{property: history, value: true}");
    arrive(event("c", "1", "null", row("a", "x")), event("c", "1", "null", row("z", "w")));
    arrive(event("u", "3", row("a", "x"), row("b", "x")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("b", "x"), List.of("z", "w"));

    arrive(event("u", "2", "null", row("a", "late")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("b", "x"), List.of("z", "w"));
    arrive(event("u", "4", row("b", "x"), row("c", "x")), event("u", "5", "null", row("c", "y")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("c", "y"), List.of("z", "w"));
    assertThat(versions())
        .containsExactly(
            "a 1 x ended",
            "a 2 late ended",
            "a 3 null deleted",
            "b 3 x ended",
            "b 4 null deleted",
            "c 4 x ended",
            "c 5 y",
            "z 1 w");
    var before = versions();
    fixture.replay(false, null);
    assertThat(fixture.silver("id, name")).containsExactly(List.of("c", "y"), List.of("z", "w"));
    assertThat(versions()).isEqualTo(before);
  }

  private List<String> versions() {
    return fixture
        .query(
            fixture.refinery.contract().historyTable(),
            "SELECT id || ' ' || _ordering[1] || ' ' || coalesce(name, 'null')"
                + " || CASE WHEN _is_deleted THEN ' deleted' ELSE '' END"
                + " || CASE WHEN valid_to IS NOT NULL AND NOT _is_deleted THEN ' ended' ELSE '' END"
                + " FROM t ORDER BY id, _ordering")
        .stream()
        .map(row -> (String) row.getFirst())
        .toList();
  }

  @Test
  void aTruncateDeletesAllThatCameBeforeItWhenever() {
    work(UPSERT, ENVELOPE, BY_LSN, "{property: history, value: true}");
    arrive(event("c", "1", "null", row("a", "x")), event("c", "2", "null", row("b", "y")));
    arrive(event("t", "5", "null", "null"), event("c", "6", "null", row("c", "z")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("c", "z"));

    arrive(event("u", "4", "null", row("a", "late")), event("c", "3", "null", row("d", "late")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("c", "z"));
    arrive(event("c", "7", "null", row("a", "again")));
    assertThat(fixture.silver("id, name"))
        .containsExactly(List.of("a", "again"), List.of("c", "z"));
    var all =
        List.of(
            "a 1 x ended",
            "a 4 late ended",
            "a 5 null deleted",
            "a 7 again",
            "b 2 y ended",
            "b 5 null deleted",
            "c 6 z",
            "d 3 late ended",
            "d 5 null deleted");
    assertThat(versions()).isEqualTo(all);
    fixture.replay(false, null);
    assertThat(fixture.silver("id, name"))
        .containsExactly(List.of("a", "again"), List.of("c", "z"));
    assertThat(versions()).isEqualTo(all);
    arrive(event("c", "4", "null", row("e", "late")));
    assertThat(fixture.silver("id, name"))
        .containsExactly(List.of("a", "again"), List.of("c", "z"));
    assertThat(fixture.quarantine("rule")).isEmpty();
  }

  @Test
  void aTruncateIsOfItsTenantAlone() {
    work(UPSERT, ENVELOPE, BY_LSN);
    var upstream = fixture.refinery.contract().upstream();
    fixture.append(
        upstream,
        List.of(
            Fixture.row("acme", null, event("c", "1", "null", row("a", "x")), 1),
            Fixture.row("other", null, event("c", "1", "null", row("a", "x")), 2)));
    fixture.append(
        upstream, List.<Object[]>of(Fixture.row("acme", null, event("t", "2", "null", "null"), 1)));
    fixture.run();

    assertThat(fixture.silver("tenant_id, id")).containsExactly(List.of("other", "a"));
  }

  @Test
  void aRowThatMovesToAnotherKeyRepeatsNoValueOfItsOwn() {
    var columns =
        List.of(
            COLUMNS.getFirst(),
            "{name: name, physicalType: VARCHAR, unique: true,"
                + " customProperties: [{property: onFail, value: {unique: quarantine}}]}");
    fixture.work(Drafts.read(folder, Drafts.yaml("thing", columns, UPSERT, ENVELOPE, BY_LSN)));
    arrive(event("c", "1", "null", row("a", "x")));
    arrive(event("u", "2", row("a", "x"), row("b", "x")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("b", "x"));
    arrive(
        event("u", "3", row("b", "x"), row("c", "x")),
        event("u", "4", row("c", "x"), row("d", "x")),
        event("u", "5", "null", row("d", "x")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("d", "x"));
    arrive(
        event("c", "6", "null", row("m", "y")),
        event("u", "7", row("m", "y"), row("n", "y")),
        event("c", "8", "null", row("o", "y")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("d", "x"), List.of("n", "y"));
    assertThat(fixture.quarantine("rule")).containsExactly(List.of("name_unique"));
  }

  private static final String UNSENT = "__debezium_unavailable_value";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aValueThatWasNotSentStaysAsItWas(boolean history) {
    work(UPSERT, ENVELOPE, BY_LSN, "{property: history, value: " + history + "}");
    arrive(event("c", "1", "null", row("a", "long")));
    arrive(event("u", "2", "null", row("a", UNSENT)));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("a", "long"));

    arrive(
        event("c", "3", "null", row("b", "other")),
        event("u", "4", "null", row("b", UNSENT)),
        event("u", "5", row("b", "other"), row("c", UNSENT)),
        event("u", "6", "null", row("c", UNSENT)),
        event("u", "7", row("c", "other"), row("d", UNSENT)));
    arrive(event("u", "8", row("a", "long"), row("e", UNSENT)));
    assertThat(fixture.silver("id, name"))
        .containsExactly(List.of("d", "other"), List.of("e", "long"));
    assertThat(fixture.quarantine("rule")).isEmpty();

    arrive(event("u", "9", "null", row("x", UNSENT)), event("d", "10", row("e", "long"), "null"));
    arrive(event("u", "11", "null", row("e", UNSENT)), event("t", "12", "null", "null"));
    arrive(event("u", "13", "null", row("d", UNSENT)), event("c", "14", "null", row("f", "z")));
    assertThat(fixture.silver("id, name")).containsExactly(List.of("f", "z"));
    assertThat(fixture.quarantine("lineage_id, rule, reason"))
        .hasSize(3)
        .allSatisfy(
            row ->
                assertThat(row.subList(1, 3))
                    .isEqualTo(
                        List.of(
                            "unavailable",
                            "a value was not sent, and the row that has it is not there")));
    if (history) {
      assertThat(versions())
          .as("nothing is told by its placeholder")
          .noneMatch(version -> version.contains(UNSENT))
          .contains("a 2 long ended", "b 4 other ended", "c 6 other ended", "d 7 other ended");
    }
    fixture.replay(false, null);
    assertThat(fixture.silver("id, name")).containsExactly(List.of("f", "z"));
  }

  @Test
  void aValueThatWasNotSentIsKnownInEveryFormOfIt() {
    var columns =
        List.of(
            COLUMNS.getFirst(),
            "{name: name, physicalType: VARCHAR, required: true}",
            "{name: amount, physicalType: 'DECIMAL(18,2)'}",
            "{name: tags, physicalType: 'VARCHAR[]'}",
            "{name: numbers, physicalType: 'BIGINT[]'}");
    fixture.work(Drafts.read(folder, Drafts.yaml("thing", columns, UPSERT, ENVELOPE, BY_LSN)));
    String codes =
        UNSENT.chars().mapToObj(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    String before =
        "{\"id\":\"a\",\"name\":\"n\",\"amount\":\"1.50\",\"tags\":[\"t\"],\"numbers\":[1,2]}";
    arrive(event("c", "1", "null", before));
    arrive(
        event(
            "u",
            "2",
            "null",
            ("{\"id\":\"a\",\"name\":\"%1$s\",\"amount\":\"%1$s\","
                    + "\"tags\":[\"%1$s\"],\"numbers\":%2$s}")
                .formatted(UNSENT, codes)));
    assertThat(fixture.quarantine("reason")).isEmpty();
    assertThat(fixture.silver("name, CAST(amount AS VARCHAR), tags, numbers, _ordering"))
        .containsExactly(List.of("n", "1.50", List.of("t"), List.of(1L, 2L), List.of(2L)));
  }

  @Test
  void anotherPlaceholderIsDeclaredAlsoForPlainRecords() {
    work(UPSERT, "{property: unavailable, value: '(as before)'}");
    arrive(row("a", "long"));
    arrive(row("a", "(as before)"), row("b", UNSENT));
    assertThat(fixture.silver("id, name"))
        .containsExactly(List.of("a", "long"), List.of("b", UNSENT));
  }
}
