package dev.lode.silver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.tables.Lake;
import dev.lode.tables.TestLake;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Places in a source's order, on the real engine. */
class PlaceTest {
  private static final int TEXTS = 600;

  @TempDir static Path folder;

  @Test
  void numbersAreOrderedByAllOfTheirDigits() {
    var texts = new ArrayList<String>();
    RandomCases.check(TEXTS, PlaceTest::number, texts::add);
    texts.addAll(List.of("18446744073709551615", "18446744073709551614", "9223372036854775808"));
    texts.addAll(List.of("1700000000.90", "1700000000.60", "1.45", "1.5", "-1.5", "-2", "-1"));
    Map<String, List<Long>> places = places(texts);

    int compared = 0;
    for (String a : texts) {
      for (String b : texts) {
        int wanted = new BigDecimal(a).compareTo(new BigDecimal(b));
        assertThat(Integer.signum(compare(places.get(a), places.get(b))))
            .as("%s %s, %s %s", a, places.get(a), b, places.get(b))
            .isEqualTo(wanted);
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(300_000);
  }

  /** Of few whole parts, so that many are told from each other by their fractions. */
  private static String number(RandomCases draw) {
    String whole =
        draw.one("0", "1", "7", "1700000000", "9223372036854775807", "18446744073709551615");
    String fraction = draw.text(6, "0", "5", "9", "000000000");
    String exponent = draw.one("", "", "", "e3", "E-2", "e+0");
    String sign = whole.length() > 10 ? "" : draw.one("", "", "-", "+", "-0");
    return sign + whole + point(fraction) + exponent;
  }

  private static String point(String fraction) {
    return fraction.isEmpty() ? "" : "." + fraction.substring(0, Math.min(30, fraction.length()));
  }

  @Test
  void timesAreOrderedByAllOfTheirFraction() {
    var places =
        places(
            List.of(
                "2024-01-01T00:00:00.123456789Z",
                "2024-01-01T00:00:00.123456788Z",
                "2024-01-01T00:00:00.123456Z",
                "2024-01-01T00:00:00.1234570Z"));

    assertThat(places.get("2024-01-01T00:00:00.123456Z")).containsExactly(1704067200123456L);
    assertThat(places.get("2024-01-01T00:00:00.1234570Z")).containsExactly(1704067200123457L);
    assertThat(places.get("2024-01-01T00:00:00.123456789Z"))
        .containsExactly(1704067200123456L, 0L, 0L, 789_000_000_000_000_000L);
    assertThat(
            compare(
                places.get("2024-01-01T00:00:00.123456788Z"),
                places.get("2024-01-01T00:00:00.123456789Z")))
        .isNegative();
  }

  @Test
  void whatCannotBeComparedHasNoPlace() {
    var texts =
        List.of("x", "", "1_000", "0x10", "true", "infinity", "1e400", "1e-40", "-1e30", ".");

    assertThat(places(texts).values()).containsOnlyNulls().hasSize(texts.size());
  }

  @Test
  void aWholeNumberIsOneElementAsItAlwaysWas() {
    assertThat(places(List.of("5", "-5", "5.0", "05", "5e0")).values())
        .containsExactlyInAnyOrder(
            List.of(5L), List.of(-5L), List.of(5L), List.of(5L), List.of(5L));
  }

  private static int compare(List<Long> a, List<Long> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!a.get(i).equals(b.get(i))) {
        return a.get(i).compareTo(b.get(i));
      }
    }
    return a.size() - b.size();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, List<Long>> places(List<String> texts) {
    try (Lake lake = TestLake.open(folder);
        var session = lake.session()) {
      session.load("texts", "x VARCHAR", texts.stream().map(x -> new Object[] {x}).toList());
      var places = new HashMap<String, List<Long>>();
      session
          .query("SELECT x, " + PlaceSql.place("x") + " FROM texts", Integer.MAX_VALUE)
          .rows()
          .forEach(row -> places.put((String) row.get(0), (List<Long>) row.get(1)));
      return places;
    }
  }
}
