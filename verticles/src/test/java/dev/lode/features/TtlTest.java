package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Features;
import dev.lode.features.Sales.Sale;
import dev.lode.features.online.Reader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A ttl counts from the newest event: what leaves a window is none. */
class TtlTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final String YAML =
      """
      entities:
        - {name: shopper, keys: [{name: shopper, type: BIGINT}]}
      views:
        - name: fading
          entities: [shopper]
          source: {table: silver.sale}
          timestamp: sold_at
          ttl: 4s
          features:
            - {name: total, type: 'DECIMAL(18,2)', aggregate: {function: sum, of: amount}}
            - name: recent
              type: DECIMAL(18,2)
              aggregate: {function: sum, of: amount, window: 9s, hop: 2s}
        - name: brief
          entities: [shopper]
          source: {table: silver.sale}
          timestamp: sold_at
          ttl: 3s
          features:
            - {name: few, type: BIGINT, aggregate: {function: count, window: 6s, hop: 1s}}
            - {name: many, type: BIGINT, aggregate: {function: count, window: 2s, hop: 1s}}
      """;
  private static final List<String> NAMES =
      List.of("fading:total", "fading:recent", "brief:few", "brief:many");

  @TempDir Path folder;
  private TestFeatures features;
  private Sales sales;
  private final Map<Long, Sale> truth = new TreeMap<>();

  @BeforeEach
  void open() throws IOException {
    features = TestFeatures.of(folder, YAML, START);
    sales = new Sales(features.lake);
  }

  @AfterEach
  void close() {
    features.close();
  }

  private void put(List<Sale> some) {
    sales.put(some);
    some.forEach(sale -> truth.put(sale.id(), sale));
    features.materializer("fading").catchUp();
    features.materializer("brief").catchUp();
  }

  @Test
  void whatLeavesAWindowIsNoEvent() {
    put(List.of(new Sale("acme", 1, "10", START, "tea", "10.00")));

    assertThat(offline(10, START.plusSeconds(4)))
        .isEqualTo(Arrays.asList(new BigDecimal("10.00"), new BigDecimal("10.00"), null, null));
    assertThat(offline(10, START.plusSeconds(4).plus(1, ChronoUnit.MICROS)))
        .isEqualTo(Arrays.asList(null, null, null, null));
    assertThat(offline(10, START.plusSeconds(11))).isEqualTo(Arrays.asList(null, null, null, null));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void equalsPlainLoopsOfflineAndOnlineHoweverTheSalesCome(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 10; round++) {
      var some = new ArrayList<Sale>();
      for (int i = 0; i < 5; i++) {
        int late = seed % 2 == 0 ? random.nextInt(8) : 0;
        some.add(
            new Sale(
                "acme",
                seed == 4 ? random.nextInt(30) : 5L * round + i,
                "1" + random.nextInt(3),
                START.plusSeconds(Math.max(0, 4L * round + random.nextInt(3) - late)),
                "tea",
                random.nextInt(5) == 0 ? null : random.nextInt(9) + ".05"));
      }
      var ids = new HashSet<Long>();
      some.removeIf(sale -> !ids.add(sale.id()));
      features.clock.set(START.plusSeconds(4L * round).plusNanos(1000));
      put(some);
      if (seed == 4) {
        sales.remove(round);
        truth.remove((long) round);
        features.materializer("fading").catchUp();
        features.materializer("brief").catchUp();
      }
      for (long shopper = 10; shopper < 13; shopper++) {
        var times = new ArrayList<Instant>();
        for (int quarter = 0; quarter < 4 * (4 * round + 14); quarter++) {
          times.add(START.plusMillis(250L * quarter).plusNanos(1000L * random.nextInt(3)));
        }
        var wanted = new ArrayList<List<Object>>();
        for (Instant time : times) {
          wanted.add(expected(shopper, time));
        }
        assertThat(offline(shopper, times)).as("%d in round %d", shopper, round).isEqualTo(wanted);
        for (int later = 0; later < 15; later++) {
          features.clock.set(START.plusSeconds(4L * round + later).plusNanos(1000));
          assertThat(online(shopper))
              .as("shopper %d at %s in round %d", shopper, features.clock.instant(), round)
              .isEqualTo(expected(shopper, features.clock.instant()));
        }
      }
    }
  }

  private List<Object> offline(long shopper, Instant time) {
    return offline(shopper, List.of(time)).getFirst();
  }

  private List<List<Object>> offline(long shopper, List<Instant> times) {
    var rows = new ArrayList<Map<String, Object>>();
    times.forEach(time -> rows.add(Map.of("shopper", shopper, "event_timestamp", time)));
    return new Training(features.store)
        .dataset(new Features.Train("acme", NAMES, rows, null, false, null, false)).rows().stream()
            .map(row -> row.subList(row.size() - NAMES.size(), row.size()))
            .toList();
  }

  private List<Object> online(long shopper) {
    var store = features.store;
    var reader =
        new Reader(
            store.catalog(), store.online(), store.states(), new Reader.Limits(9, features.clock));
    return reader
        .read(new Features.Read("acme", NAMES, List.of(Map.of("shopper", shopper))))
        .result()
        .rows()
        .getFirst()
        .values();
  }

  private List<Object> expected(long shopper, Instant time) {
    var past =
        truth.values().stream()
            .filter(sale -> sale.shopper().equals(shopper + "") && !sale.at().isAfter(time))
            .toList();
    var newest = past.stream().map(Sale::at).max(Comparator.naturalOrder());
    var row = new ArrayList<Object>(Arrays.asList(null, null, null, null));
    if (newest.isPresent() && !newest.get().isBefore(time.minusSeconds(4))) {
      row.set(0, sum(past));
      BigDecimal recent = sum(window(past, time, 9, 2));
      row.set(1, recent == null ? new BigDecimal("0.00") : recent);
    }
    // Windows alone: an event counts from a microsecond after it.
    boolean began = past.stream().anyMatch(sale -> sale.at().isBefore(time));
    var before = past.stream().map(Sale::at).filter(time::isAfter).max(Comparator.naturalOrder());
    if (began && !before.orElseThrow().isBefore(time.minusSeconds(3))) {
      row.set(2, (long) window(past, time, 6, 1).size());
      row.set(3, (long) window(past, time, 2, 1).size());
    }
    return row;
  }

  /** [round_down(T - window, hop), T). */
  private static List<Sale> window(List<Sale> sales, Instant time, int window, int hop) {
    long from = Math.floorDiv(time.minusSeconds(window).getEpochSecond(), hop) * (long) hop;
    return sales.stream()
        .filter(
            sale -> !sale.at().isBefore(Instant.ofEpochSecond(from)) && sale.at().isBefore(time))
        .toList();
  }

  private static BigDecimal sum(List<Sale> sales) {
    return sales.stream()
        .map(Sale::amount)
        .filter(amount -> amount != null)
        .map(BigDecimal::new)
        .reduce(BigDecimal::add)
        .orElse(null);
  }
}
