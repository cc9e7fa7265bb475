package dev.lode.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunEventTest {
  private static final RunEvent EVENT =
      new RunEvent(
          new Snapshot(
              TableName.of("gold.daily_revenue"),
              42,
              41L,
              7,
              Instant.parse("2026-01-01T00:00:00.123Z"),
              167,
              Map.of(
                  "lode.watermark.silver.invoice_line", "11",
                  "lode.watermark.silver.rate", "12",
                  "lode.source.definition", "abc",
                  "added-records", "7")),
          "a",
          3);

  @Test
  void hasAllThatTheSpecificationRequires() {
    OpenLineageRules.check(EVENT.json());
  }

  @Test
  void namesInputsAndOutputWithTheirSnapshots() {
    JsonObject event = EVENT.json();

    assertThat(event.getJsonArray("inputs").stream().map(RunEventTest::version))
        .containsExactly("silver.invoice_line@11", "silver.rate@12");
    assertThat(event.getJsonArray("outputs").stream().map(RunEventTest::version))
        .containsExactly("gold.daily_revenue@42");
    assertThat(
            event
                .getJsonArray("outputs")
                .getJsonObject(0)
                .getJsonObject("outputFacets")
                .getJsonObject("outputStatistics")
                .getInteger("rowCount"))
        .isEqualTo(3);
    assertThat(event.getString("eventTime")).isEqualTo("2026-01-01T00:00:00.123Z");
  }

  @Test
  void givesTheSameCommitTheSameRun() {
    var again = new RunEvent(EVENT.snapshot(), "a", 3);
    var other = new RunEvent(EVENT.snapshot(), "b", 4);
    var next =
        new RunEvent(
            new Snapshot(
                TableName.of("gold.daily_revenue"), 43, 42L, 8, Instant.EPOCH, 1, Map.of()),
            "a",
            3);

    assertThat(again.runId()).isEqualTo(EVENT.runId()).isNotIn(next.runId(), other.runId());
  }

  private static String version(Object dataset) {
    var json = (JsonObject) dataset;
    var facet = json.getJsonObject("facets").getJsonObject("version");
    return json.getString("name") + "@" + facet.getString("datasetVersion");
  }
}
