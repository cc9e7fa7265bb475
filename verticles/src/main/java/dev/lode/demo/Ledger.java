package dev.lode.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The invoices of the shop, and the change events in which its ERP system tells of them (Debezium's
 * envelope): created, updated and deleted, some twice, some out of order, some much too late.
 */
final class Ledger {
  private static final int INVOICES = 1500;
  private static final int DAYS = 120;
  private static final int JOSTLED = 40;

  private final Map<String, Invoice> standing = new LinkedHashMap<>();
  private final List<Map<String, Object>> sent = new ArrayList<>();
  private int changes;
  private long lsn = 1000;

  /** Before and after are null where there was or is no invoice. */
  private record Change(Instant at, Invoice before, Invoice after) {}

  /** The past months' business, up to {@code today}. */
  static Ledger kept(List<Customer> customers, List<Product> products, Dice dice, Instant today) {
    var ledger = new Ledger();
    var changes = new ArrayList<Change>();
    for (int i = 1; i <= INVOICES; i++) {
      Product product = products.get(dice.skewed(products.size()));
      String customer = customers.get(dice.skewed(customers.size())).id();
      Instant date =
          today.minus(Duration.ofDays(dice.between(1, DAYS))).plusSeconds(dice.between(0, 80_000));
      var first = new Invoice("INV-" + (1000 + i), customer, product, 0, null, "open", date);
      changes.addAll(life(first.with(dice.between(1, 4)), dice, today));
    }
    changes.sort(Comparator.comparing(Change::at));
    changes.forEach(ledger::record);
    ledger.disorder(dice);
    return ledger;
  }

  /** Open, perhaps corrected, then paid, overdue or void; a few are deleted. */
  private static List<Change> life(Invoice first, Dice dice, Instant today) {
    var life = new ArrayList<Change>();
    life.add(new Change(first.date(), null, first));
    if (dice.happens(0.08)) {
      follow(life, first.with(first.quantity() + 1), Duration.ofHours(dice.between(1, 20)));
    }
    if (dice.happens(0.85)) {
      String status = dice.happens(0.85) ? "paid" : dice.happens(0.8) ? "overdue" : "void";
      follow(
          life, life.getLast().after().with(status), Duration.ofHours(dice.between(24, 24 * 20)));
    }
    if (dice.happens(0.02)) {
      follow(life, null, Duration.ofHours(dice.between(1, 200)));
    }
    life.removeIf(change -> change.at().isAfter(today));
    return life;
  }

  private static void follow(List<Change> life, Invoice after, Duration later) {
    Change last = life.getLast();
    life.add(new Change(last.at().plus(later), last.after(), after));
  }

  private void record(Change change) {
    Invoice known = change.after() == null ? change.before() : change.after();
    if (change.after() == null) {
      standing.remove(known.id());
    } else {
      standing.put(known.id(), change.after());
    }
    sent.add(event(change, known.id()));
    changes++;
  }

  private Map<String, Object> event(Change change, String id) {
    var event = new LinkedHashMap<String, Object>();
    event.put("op", change.before() == null ? "c" : change.after() == null ? "d" : "u");
    event.put("ts_ms", change.at().toEpochMilli());
    event.put("source", Map.of("lsn", lsn++));
    event.put(
        "before",
        change.before() == null
            ? null
            : Map.of("invoice_id", id, "status", change.before().status()));
    event.put("after", change.after() == null ? null : change.after().row());
    return event;
  }

  private void disorder(Dice dice) {
    var again = sent.stream().filter(event -> dice.happens(0.03)).toList();
    var late = sent.stream().filter(event -> dice.happens(0.01)).toList();
    dice.jostle(sent, JOSTLED);
    sent.removeAll(late);
    sent.addAll(again);
    sent.addAll(late);
  }

  /** One that comes in now, while everything runs. */
  Map<String, Object> sell(Invoice invoice) {
    record(new Change(invoice.date(), null, invoice));
    return sent.getLast();
  }

  /** One whose event writes the amount in a way of its own. */
  Map<String, Object> sell(Invoice invoice, String amount) {
    var event = sell(invoice);
    var after = invoice.row();
    after.put("amount", amount);
    event.put("after", after);
    return event;
  }

  /** As they leave the ERP system, in {@code parts} bodies. */
  List<List<Map<String, Object>>> bodies(int parts) {
    int size = (sent.size() + parts - 1) / parts;
    var bodies = new ArrayList<List<Map<String, Object>>>();
    for (int from = 0; from < sent.size(); from += size) {
      bodies.add(List.copyOf(sent.subList(from, Math.min(from + size, sent.size()))));
    }
    return bodies;
  }

  /** What must be in Silver in the end. */
  Collection<Invoice> standing() {
    return standing.values();
  }

  /** Changes that happened. */
  int changes() {
    return changes;
  }

  /** Events sent: changes, and those told twice. */
  int sent() {
    return sent.size();
  }
}
