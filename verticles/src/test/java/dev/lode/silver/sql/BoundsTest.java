package dev.lode.silver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.tables.Lake;
import dev.lode.tables.TestLake;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that compare values, on the real engine. */
class BoundsTest {
  private static final String NINES = "9".repeat(38);

  @TempDir static Path folder;
  private static Lake lake;

  @BeforeAll
  static void open() {
    lake = TestLake.open(folder);
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  @Test
  void numbersAreAmongValidOnesByTheirValue() {
    String valid =
        ", quality: [{id: known, metric: invalidValues, arguments: {validValues: [5, 10, 0.1, x]},"
            + " mustBe: 0}]";
    for (String type : List.of("DECIMAL(4,2)", "DOUBLE", "FLOAT", "DECIMAL(38,10)")) {
      assertThat(failed(type + "'" + valid, "5", "10.00", "\"5.0\"", "0.1", "1e1", "7", "0.11"))
          .as(type)
          .containsExactly(false, false, false, false, false, true, true);
    }
    assertThat(failed("INTEGER'" + valid, "5", "10.0", "7")).containsExactly(false, false, true);
  }

  @Test
  void aMultipleIsToldByDecimalDigits() {
    String multiple = ", logicalTypeOptions: {multipleOf: 0.1}";
    for (String type : List.of("DECIMAL(9,3)", "DOUBLE", "FLOAT", "DECIMAL(38,18)")) {
      assertThat(failed(type + "'" + multiple, "0.3", "0.7", "1.1", "-1.1", "0", "0.35", "1e3"))
          .as(type)
          .containsExactly(false, false, false, false, false, true, false);
    }
    String three = ", logicalTypeOptions: {multipleOf: 3}";
    assertThat(failed("DECIMAL(38,0)'" + three, NINES, NINES.replaceFirst("9$", "8"), "3", "-4"))
        .containsExactly(false, true, false, true);
  }

  @Test
  void boundsAreComparedWithEveryValueOfTheType() {
    String half = ", logicalTypeOptions: {minimum: 0.5, exclusiveMaximum: 7.5}";
    assertThat(failed("DECIMAL(38,0)'" + half, "0", "1", "7", "8", NINES, "-" + NINES))
        .containsExactly(true, false, false, true, true, true);
    assertThat(failed("BIGINT'" + half, "0", "1", "7", "8"))
        .containsExactly(true, false, false, true);
    assertThat(
            failed("FLOAT', logicalTypeOptions: {minimum: 0.1, maximum: 0.3}", "0.1", "0.3", "0.4"))
        .containsExactly(false, false, true);
  }

  @Test
  void aRangeQuarantinesUnlessToldOtherwise() {
    String range = "INTEGER', logicalTypeOptions: {maximum: 5}";
    assertThat(rows("_rejected", range, "6")).containsExactly("x_range");
    assertThat(
            rows(
                "_flags",
                range + ", customProperties: [{property: onFail, value: {range: warn}}]",
                "6"))
        .containsExactly(List.of("x_range"));
  }

  private static List<Object> failed(String type, String... values) {
    return rows("len(_failed) > 0", type, values);
  }

  private static List<Object> rows(String column, String type, String... values) {
    var judge = new Judge(lake, folder);
    var records = new ArrayList<Object[]>();
    for (String value : values) {
      records.add(Judge.record(records.size(), null, "{\"x\":" + value + "}"));
    }
    var contract = judge.contract("{name: x, physicalType: '" + type + "}");
    return judge.evaluate(contract, records, column).stream().map(List::getFirst).toList();
  }
}
