package dev.lode.gold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Progress;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final TableName LINE = TableName.of("silver.line");
  private static final TableName RATE = TableName.of("silver.rate");
  private static final Mart MART = mart(true, "SELECT 1");

  @Test
  void buildsWholeTheFirstTime() {
    assertThat(plan(MART, null, Map.of(LINE, 1L, RATE, 2L)))
        .isEqualTo(new Plan.Whole("first build"));
  }

  @Test
  void doesNothingWhileAllInputsAreWhereTheyWere() {
    assertThat(plan(MART, head(MART, 1L, 2L), Map.of(LINE, 1L, RATE, 2L)))
        .isEqualTo(new Plan.Nothing());
  }

  @Test
  void buildsOnlyTouchedKeysWhereTheMovedInputTellsThem() {
    assertThat(plan(MART, head(MART, 1L, 2L), Map.of(LINE, 7L, RATE, 2L)))
        .isEqualTo(new Plan.Touched(List.of(Slice.changed(LINE, 1L, 7L))));
  }

  @Test
  void buildsWholeWhereTheMovedInputTellsNoKeys() {
    assertThat(plan(MART, head(MART, 1L, 2L), Map.of(LINE, 7L, RATE, 8L)))
        .isEqualTo(new Plan.Whole("silver.rate moved"));
  }

  @Test
  void buildsWholeWhenAnInputIsFirstCommittedTo() {
    assertThat(plan(MART, head(MART, null, 2L), Map.of(LINE, 7L, RATE, 2L)))
        .isEqualTo(new Plan.Whole("silver.line moved"));
  }

  @Test
  void doesNothingForAnInputThatWasNeverCommittedTo() {
    var inputs = new HashMap<TableName, Long>();
    inputs.put(LINE, 1L);
    inputs.put(RATE, null);

    assertThat(plan(MART, head(MART, 1L, null), inputs)).isEqualTo(new Plan.Nothing());
  }

  @Test
  void buildsWholeWhenTheMartItselfChanged() {
    assertThat(plan(mart(true, "SELECT 2"), head(MART, 1L, 2L), Map.of(LINE, 1L, RATE, 2L)))
        .isEqualTo(new Plan.Whole("the mart was changed"));
  }

  @Test
  void buildsTablesWhole() {
    Mart table = mart(false, "SELECT 1");

    assertThat(plan(table, head(table, 1L, 2L), Map.of(LINE, 7L, RATE, 2L)))
        .isEqualTo(new Plan.Whole("its inputs moved"));
  }

  @Test
  void buildsWholeWhereAnInputNoLongerTellsItsChanges() {
    assertThat(Plan.of(MART, head(MART, 1L, 2L), Map.of(LINE, 7L, RATE, 2L), Set.of(LINE)))
        .isEqualTo(new Plan.Whole("the history of silver.line has expired"));
  }

  private static Plan plan(Mart mart, Snapshot head, Map<TableName, Long> inputs) {
    return Plan.of(mart, head, inputs, Set.of());
  }

  private static Mart mart(boolean incremental, String sql) {
    return new Mart(
        "daily",
        "Per day.",
        incremental,
        List.of("day"),
        Map.of(LINE, new Mart.Touch(Map.of("day", "day"))),
        Duration.ZERO,
        List.of(),
        sql,
        new TreeSet<>(List.of(LINE, RATE)),
        Mart.Nature.UNKNOWN);
  }

  private static Snapshot head(Mart mart, Long line, Long rate) {
    var summary = new HashMap<String, String>();
    summary.put(Plan.DEFINITION, mart.definition());
    summary.put(Progress.WATERMARK + LINE, String.valueOf(line));
    summary.put(Progress.WATERMARK + RATE, String.valueOf(rate));
    summary.values().removeAll(Collections.singleton("null"));
    return new Snapshot(mart.table(), 99, null, 1, Instant.EPOCH, 1, summary);
  }
}
