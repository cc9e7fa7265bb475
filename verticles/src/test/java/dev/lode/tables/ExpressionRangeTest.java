package dev.lode.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpressionRangeTest {
  private static final TableSpec SPEC =
      new TableSpec(
          TableName.of("silver.line"),
          List.of(
              TableSpec.Field.required("tenant_id", "VARCHAR", ""),
              TableSpec.Field.optional("sold", "TIMESTAMP WITH TIME ZONE", ""),
              TableSpec.Field.optional("local", "TIMESTAMP", ""),
              TableSpec.Field.optional("pieces", "INTEGER", "")),
          List.of(),
          List.of(),
          "Lines.");
  private static final LocalDate DAY = LocalDate.parse("2011-01-04");

  @Test
  void isTheRangeOfAColumn() {
    assertThat(ranges(new ExpressionRange("tenant_id", "a", "c")))
        .containsExactly(new Slice.Range("tenant_id", "a", "c"));
    assertThat(ranges(new ExpressionRange(" pieces ", 3, 9)))
        .containsExactly(new Slice.Range("pieces", 3, 9));
  }

  @Test
  void isTheTimeFromTheFirstDayToTheEndOfTheLast() {
    assertThat(ranges(new ExpressionRange("cast( sold as date)", DAY, DAY.plusDays(1))))
        .containsExactly(
            new Slice.Range(
                "sold",
                Instant.parse("2011-01-04T00:00:00Z"),
                Instant.parse("2011-01-06T00:00:00Z")));
  }

  @Test
  void leavesOtherExpressionsAndTypesAlone() {
    assertThat(ranges(new ExpressionRange("upper(tenant_id)", "A", "C"))).isEmpty();
    assertThat(ranges(new ExpressionRange("CAST(local AS DATE)", DAY, DAY))).isEmpty();
    assertThat(ranges(new ExpressionRange("pieces", "1", "2"))).isEmpty();
    assertThat(ranges(new ExpressionRange("missing", "1", "2"))).isEmpty();
    assertThat(ranges(new ExpressionRange("tenant_id", null, null))).isEmpty();
  }

  private static List<Slice.Range> ranges(ExpressionRange range) {
    return range.narrow(Slice.now(SPEC.name()), SPEC).ranges();
  }
}
