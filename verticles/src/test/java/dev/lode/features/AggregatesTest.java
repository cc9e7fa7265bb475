package dev.lode.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Features;
import dev.lode.features.Sales.Sale;
import dev.lode.features.online.Reader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Running values and windows while sales come late, change and go: at any time they equal what the
 * contract says in plain loops over the sales, and the online answer equals the offline one.
 */
class AggregatesTest {
  private static final Instant START = Instant.parse("2020-01-01T00:00:00Z");
  private static final int ROUNDS = 12;
  private static final List<String> FEATURES =
      List.of("sales", "items", "total", "mean", "last", "recent_total", "recent", "days_ago");

  @TempDir Path folder;
  private TestFeatures features;
  private Sales sales;
  private final Map<Long, Sale> truth = new TreeMap<>();

  @BeforeEach
  void open() throws IOException {
    features = TestFeatures.of(folder, Sales.YAML, START);
    sales = new Sales(features.lake);
  }

  @AfterEach
  void close() {
    features.close();
  }

  @Test
  void equalPlainLoopsAtEveryTimeHoweverTheSalesCome() {
    var random = new Random(4);
    equalPlainLoops(random, round -> change(random));
  }

  @Test
  void equalPlainLoopsAtEveryTimeWhereSalesComeInTheirOrder() {
    var random = new Random(5);
    equalPlainLoops(random, round -> follow(random, round));
  }

  @Test
  void equalPlainLoopsAtEveryTimeWhereSalesComeALittleLate() {
    var random = new Random(6);
    equalPlainLoops(random, round -> comeLate(random, round));
  }

  private void equalPlainLoops(Random random, IntConsumer changes) {
    var materializer = features.materializer("spend");
    for (int round = 0; round < ROUNDS; round++) {
      changes.accept(round);
      features.clock.set(START.plusSeconds(2L * round).plusNanos(1000));
      assertThat(materializer.catchUp()).isTrue();
      assertThat(materializer.catchUp()).as("nothing more to do").isFalse();

      var times = times(random);
      assertThat(offline(times, false)).as("round %d", round).isEqualTo(expected(times));
      for (int later = 0; later < 2; later++) {
        assertThat(online()).isEqualTo(offline(List.of(features.clock.instant()), true));
        features.clock.set(features.clock.instant().plusMillis(700));
      }
    }
  }

  /** New sales after all that came before, at the same time or later; one in twenty is late. */
  private void follow(Random random, int round) {
    put(
        random,
        round,
        () -> random.nextInt(20) == 0 ? random.nextInt(40) : 3 * round + random.nextInt(4));
  }

  /** New sales of which many are a few seconds older than some that came before. */
  private void comeLate(Random random, int round) {
    put(random, round, () -> Math.max(0, 3 * round + random.nextInt(12) - 8));
  }

  private void put(Random random, int round, IntSupplier seconds) {
    var put = new ArrayList<Sale>();
    for (int i = 0; i < 8; i++) {
      int second = seconds.getAsInt();
      Instant at = START.plusSeconds(second).plusNanos(1000L * random.nextInt(2));
      String amount = random.nextInt(9) == 0 ? null : random.nextInt(-300, 900) + ".05";
      String shopper = "1" + random.nextInt(3);
      put.add(new Sale("acme", 8L * round + i, shopper, at, "i" + random.nextInt(5), amount));
    }
    sales.put(put);
    put.forEach(sale -> truth.put(sale.id(), sale));
  }

  /** New sales, late and early; changed ones, also of another shopper; and fewer of them. */
  private void change(Random random) {
    var put = new ArrayList<Sale>();
    for (int i = 0; i < 6; i++) {
      long id = random.nextLong(60);
      String shopper = random.nextInt(9) == 0 ? null : "1" + random.nextInt(3);
      Instant at = START.plusSeconds(random.nextInt(40)).plusNanos(1000L * random.nextInt(2));
      String amount = random.nextInt(9) == 0 ? null : random.nextInt(-300, 900) + ".05";
      if (put.stream().noneMatch(sale -> sale.id() == id)) {
        put.add(new Sale("acme", id, shopper, at, "i" + random.nextInt(3), amount));
      }
    }
    sales.put(put);
    put.forEach(sale -> truth.put(sale.id(), sale));
    if (random.nextInt(3) == 0 && !truth.isEmpty()) {
      long[] gone = truth.keySet().stream().filter(id -> id % 4 == 0).mapToLong(id -> id).toArray();
      sales.remove(gone);
      for (long id : gone) {
        truth.remove(id);
      }
    }
  }

  /** Random ones, and those where something begins or ends. */
  private List<Instant> times(Random random) {
    var times = new ArrayList<Instant>();
    for (Sale sale : truth.values()) {
      times.add(sale.at());
      times.add(sale.at().plus(1, ChronoUnit.MICROS));
      times.add(sale.at().truncatedTo(ChronoUnit.SECONDS).plusSeconds(random.nextInt(3, 9)));
      times.add(START.plusMillis(random.nextInt(50_000)));
    }
    return times;
  }

  private List<List<Object>> offline(List<Instant> times, boolean known) {
    var rows = new ArrayList<Map<String, Object>>();
    for (Instant time : times) {
      for (long shopper = 10; shopper < 14; shopper++) {
        rows.add(Map.of("shopper", shopper, "event_timestamp", time));
      }
    }
    var names = FEATURES.stream().map(name -> "spend:" + name).toList();
    return new Training(features.store)
        .dataset(new Features.Train("acme", names, rows, null, known, null, false)).rows().stream()
            .map(row -> row.subList(row.size() - FEATURES.size(), row.size()))
            .toList();
  }

  private List<List<Object>> online() {
    var store = features.store;
    var reader =
        new Reader(
            store.catalog(), store.online(), store.states(), new Reader.Limits(9, features.clock));
    var entities = new ArrayList<Map<String, Object>>();
    for (long shopper = 10; shopper < 14; shopper++) {
      entities.add(Map.of("shopper", shopper));
    }
    return reader
        .read(new Features.Read("acme", List.of("spend"), entities))
        .result()
        .rows()
        .stream()
        .map(Features.Row::values)
        .toList();
  }

  private List<List<Object>> expected(List<Instant> times) {
    var rows = new ArrayList<List<Object>>();
    for (Instant time : times) {
      for (int shopper = 10; shopper < 14; shopper++) {
        rows.add(expected(String.valueOf(shopper), time));
      }
    }
    return rows;
  }

  private List<Object> expected(String shopper, Instant time) {
    List<Sale> own = truth.values().stream().filter(s -> shopper.equals(s.shopper())).toList();
    List<Sale> past = own.stream().filter(sale -> !sale.at().isAfter(time)).toList();
    if (past.isEmpty()) {
      return Arrays.asList(new Object[FEATURES.size()]);
    }
    BigDecimal total = sum(past);
    Instant last = past.stream().map(Sale::at).max(Instant::compareTo).orElseThrow();
    BigDecimal mean =
        total == null
            ? null
            : total.divide(BigDecimal.valueOf(past.size()), 2, RoundingMode.HALF_UP);
    BigDecimal recent = sum(window(own, time, 5, 2));
    return Arrays.asList(
        (long) past.size(),
        past.stream().map(Sale::item).distinct().count(),
        total,
        mean,
        last.toString(),
        recent == null ? new BigDecimal("0.00") : recent,
        (long) window(own, time, 3, 1).size(),
        (int) Duration.between(last.truncatedTo(ChronoUnit.DAYS), time).toDays());
  }

  /** [round_down(T - window, hop), T). */
  private static List<Sale> window(List<Sale> sales, Instant time, int window, int hop) {
    long from = time.minusSeconds(window).getEpochSecond();
    Instant low = Instant.ofEpochSecond(Math.floorDiv(from, hop) * hop);
    return sales.stream()
        .filter(sale -> !sale.at().isBefore(low) && sale.at().isBefore(time))
        .toList();
  }

  private static BigDecimal sum(List<Sale> sales) {
    return sales.stream()
        .map(Sale::amount)
        .filter(Objects::nonNull)
        .map(BigDecimal::new)
        .reduce(BigDecimal::add)
        .orElse(null);
  }
}
