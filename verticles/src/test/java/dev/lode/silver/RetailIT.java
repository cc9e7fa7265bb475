package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shop's real data, all days of it. */
class RetailIT {
  private static final int DAYS_PER_COMMIT = 21;

  @TempDir Path folder;

  @Test
  void everyLineOfTheShopIsInSilverOnceAndEveryDayIsExact() throws IOException {
    var days = Shop.days();
    assumeThat(days).as("the shared data is beside the repository").isNotEmpty();
    var shop = new Shop();
    long lines = 0;
    try (var fixture = Fixture.open(folder).work(Fixture.retail(), 100_000)) {
      for (int day = 0; day < days.size(); day += DAYS_PER_COMMIT) {
        lines += load(fixture, shop, days.subList(day, end(day, days.size())));
      }

      var runs = fixture.run();

      assertThat(runs).hasSizeGreaterThan(2);
      assertThat(fixture.silver("count(*), count(DISTINCT lineage_id)"))
          .containsExactly(List.of(lines, lines));
      assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(0L));
      assertThat(revenue(fixture)).isEqualTo(shop.revenue());
      assertThat(flags(fixture)).isEqualTo(shop.flags);
    }
  }

  private static int end(int day, int days) {
    return Math.min(days, day + DAYS_PER_COMMIT);
  }

  private static long load(Fixture fixture, Shop shop, List<Path> days) throws IOException {
    var records = new ArrayList<String>();
    String header = null;
    for (Path day : days) {
      var text = Files.readAllLines(day);
      header = text.getFirst();
      records.addAll(text.subList(1, text.size()));
    }
    records.forEach(shop::add);
    fixture.bronze(fixture.refinery.contract().upstream(), header, records);
    return records.size();
  }

  private static Map<String, BigDecimal> revenue(Fixture fixture) {
    var revenue = new TreeMap<String, BigDecimal>();
    fixture
        .silver("CAST(CAST(invoice_date AS DATE) AS VARCHAR), sum(quantity * unit_price)")
        .forEach(
            row ->
                revenue.put((String) row.get(0), ((BigDecimal) row.get(1)).stripTrailingZeros()));
    return revenue;
  }

  private static Map<String, Long> flags(Fixture fixture) {
    var flags = new TreeMap<String, Long>();
    fixture
        .query(
            fixture.refinery.contract().table(),
            "SELECT flag, count(*) FROM (SELECT unnest(_flags) AS flag FROM t) GROUP BY 1")
        .forEach(row -> flags.put((String) row.get(0), (Long) row.get(1)));
    return flags;
  }
}
