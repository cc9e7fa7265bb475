package dev.lode.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small shop: what it sends to Lode, and what must be true of it afterwards. */
record Shop(
    List<Product> products,
    List<Customer> customers,
    Ledger ledger,
    List<Note> notes,
    List<Stock> stock,
    Clock clock) {
  private static final long SEED = 20_260_101;
  private static final int CUSTOMERS = 120;
  private static final int NOTES = 240;

  /** The same shop on every day, seen from that day. */
  static Shop open(Clock clock) {
    Instant now = micros(clock);
    Instant today = now.truncatedTo(ChronoUnit.DAYS);
    var dice = new Dice(SEED);
    List<Product> products = Product.catalogue();
    List<Customer> customers = Customer.some(CUSTOMERS, dice, today);
    Ledger ledger = Ledger.kept(customers, products, dice, today);
    List<Note> notes = Note.some(NOTES, List.copyOf(ledger.standing()), dice, today);
    List<Stock> stock = Stock.counted(products, dice, now);
    return new Shop(products, customers, ledger, notes, stock, clock);
  }

  /** As exact as a column of times is: finer ones would be quarantined rather than cut. */
  private static Instant micros(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  Instant now() {
    return micros(clock);
  }

  /** Midnight, in UTC. */
  Instant today() {
    return now().truncatedTo(ChronoUnit.DAYS);
  }

  List<Map<String, Object>> productRows() {
    return products.stream().map(product -> product.row(monthsAgo())).toList();
  }

  /** For every fifth, the newer version comes before the older one. */
  List<Map<String, Object>> customerRows() {
    var rows = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < customers.size(); i++) {
      Instant changed = i % 5 == 0 ? today().minus(Duration.ofDays(2)) : monthsAgo();
      rows.add(customers.get(i).row(changed));
      if (i % 5 == 0) {
        var older = customers.get(i).row(monthsAgo());
        older.put("segment", "consumer");
        rows.add(older);
      }
    }
    return rows;
  }

  private Instant monthsAgo() {
    return today().minus(Duration.ofDays(130));
  }
}
