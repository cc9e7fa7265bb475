package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.silver.contract.Contract;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A promise of freshness is kept by what has happened, not by what claims to be going to. */
class FreshnessTest {
  private static final String ALERT = "seen: freshness does not hold";
  private static final List<String> COLUMNS =
      List.of(
          "{name: id, physicalType: VARCHAR}",
          "{name: at, physicalType: TIMESTAMP WITH TIME ZONE}",
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

  private void work(String sla, String... settings) {
    Contract contract =
        Drafts.read(
            folder, Drafts.yaml("seen", COLUMNS, settings) + "slaProperties:\n  - " + sla + "\n");
    fixture.work(contract);
  }

  private List<String> alertsAfter(String record) {
    fixture.json(fixture.refinery.contract().upstream(), record);
    fixture.run();
    return fixture.refinery.grades().alerts("acme");
  }

  private static String at(Instant time) {
    return "{\"id\":\"1\",\"at\":\"" + time.truncatedTo(ChronoUnit.MICROS) + "\"}";
  }

  @Test
  void aRecordOfTheFutureProvesNone() {
    work(
        "{property: freshness, value: 1, unit: h, element: seen.at}",
        "{property: mode, value: append}");
    var now = Instant.now();

    assertThat(alertsAfter(at(now.minusSeconds(7200)))).containsExactly(ALERT);
    assertThat(alertsAfter(at(now.plusSeconds(86_400L * 366 * 73)))).containsExactly(ALERT);
    assertThat(alertsAfter(at(now.plusSeconds(600)))).containsExactly(ALERT);
    fixture.restart();
    assertThat(fixture.refinery.grades().alerts("acme")).containsExactly(ALERT);
    assertThat(alertsAfter(at(now.minusSeconds(60)))).isEmpty();
  }

  @Test
  void aDayOfTheFutureProvesNoneEither() {
    work(
        "{property: freshness, value: 1, unit: h, element: seen.day}",
        "{property: mode, value: append}");

    assertThat(alertsAfter("{\"id\":\"1\",\"day\":\"2025-01-01\"}")).containsExactly(ALERT);
    assertThat(alertsAfter("{\"id\":\"1\",\"day\":\"2099-01-01\"}")).containsExactly(ALERT);
  }

  @Test
  void goesByTheEventTimeWhereNoElementIsNamedAndByArrivalWhereThatIsUntold() {
    work(
        "{property: freshness, value: 1, unit: h}",
        "{property: mode, value: append}",
        "{property: eventTime, value: at}");
    assertThat(alertsAfter(at(Instant.now().minusSeconds(7200)))).containsExactly(ALERT);

    fixture.close();
    fixture = Fixture.open(folder.resolve("other"));
    work("{property: freshness, value: 1, unit: h}", "{property: mode, value: append}");
    assertThat(alertsAfter(at(Instant.now().minusSeconds(7200)))).isEmpty();
  }
}
