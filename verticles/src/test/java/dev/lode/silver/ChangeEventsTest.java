package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
