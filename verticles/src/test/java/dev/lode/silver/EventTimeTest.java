package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.silver.contract.Contract;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event time is what the contract says it is: in rows, and in the history. */
class EventTimeTest {
  private static final List<String> COLUMNS =
      List.of(
          "{name: id, physicalType: VARCHAR, primaryKey: true}",
          "{name: status, physicalType: VARCHAR}",
          "{name: version, physicalType: BIGINT}",
          "{name: updated_at, physicalType: TIMESTAMP WITH TIME ZONE}",
          "{name: day, physicalType: DATE}");

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
    Contract contract = Drafts.read(folder, Drafts.yaml("paper", COLUMNS, settings));
    fixture.work(contract);
  }

  private void arrive(String... records) {
    fixture.json(fixture.refinery.contract().upstream(), records);
    fixture.run();
  }

  private static String record(String status, int version, String updatedAt) {
    return "{\"id\":\"h\",\"status\":\"%s\",\"version\":%d,\"updated_at\":\"%s\"}"
        .formatted(status, version, updatedAt);
  }

  private List<List<Object>> history() {
    return fixture.query(
        fixture.refinery.contract().historyTable(),
        "SELECT status, CAST(valid_from AS VARCHAR)[:10], CAST(valid_to AS VARCHAR)[:10],"
            + " _ingest_time > TIMESTAMPTZ '2026-06-01' FROM t ORDER BY _ordering, valid_from");
  }

  @Test
  void aVersionIsValidFromTheTimeThatOrdersItToTheNextOnes() {
    work(
        "{property: mode, value: upsert}",
        "{property: ordering, value: [updated_at]}",
        "{property: history, value: true}");
    arrive(record("draft", 0, "2025-01-01T00:00:00Z"), record("paid", 0, "2025-03-01T00:00:00Z"));
    arrive(record("open", 0, "2025-02-01T00:00:00Z"));

    var all =
        List.of(
            List.<Object>of("draft", "2025-01-01", "2025-02-01", true),
            List.<Object>of("open", "2025-02-01", "2025-03-01", true),
            Arrays.<Object>asList("paid", "2025-03-01", null, true));
    assertThat(history()).as("the late one takes its place").isEqualTo(all);
    fixture.replay(false, null);
    assertThat(history()).as("as of a replay, too").isEqualTo(all);
    assertThat(fixture.silver("status, _event_time = updated_at"))
        .containsExactly(List.of("paid", true));
  }

  @Test
  void isTheDeclaredColumnWhereSomethingElseOrders() {
    work(
        "{property: mode, value: upsert}",
        "{property: ordering, value: [version]}",
        "{property: eventTime, value: updated_at}",
        "{property: history, value: true}");
    arrive(record("b", 2, "2025-03-01T00:00:00Z"), record("a", 1, "2025-01-01T00:00:00Z"));

    assertThat(history())
        .containsExactly(
            List.of("a", "2025-01-01", "2025-03-01", true),
            Arrays.asList("b", "2025-03-01", null, true));
  }

  @Test
  void isADayWhereADateIsDeclaredAndArrivalWhereARecordLacksIt() {
    work("{property: mode, value: append}", "{property: eventTime, value: day}");
    arrive("{\"id\":\"1\",\"day\":\"2025-01-05\"}", "{\"id\":\"2\"}");

    assertThat(fixture.silver("id, CAST(_event_time AS VARCHAR)[:10], _event_time = _ingest_time"))
        .satisfiesExactly(
            row -> assertThat(row).isEqualTo(List.of("1", "2025-01-05", false)),
            row -> assertThat(row.getLast()).isEqualTo(true));
  }

  @Test
  void aColumnThatIsNoTimeOrIsNotThereIsRefused() {
    assertThatThrownBy(() -> work("{property: mode, value: append}", eventTime("status")))
        .hasMessageContaining("eventTime: status is VARCHAR, and must be a date or a timestamp");
    assertThatThrownBy(() -> work("{property: mode, value: append}", eventTime("updatet_at")))
        .hasMessageContaining("unknown eventTime updatet_at (did you mean updated_at?)");
  }

  private static String eventTime(String column) {
    return "{property: eventTime, value: " + column + "}";
  }
}
