package dev.lode.demo;

import dev.lode.cli.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** One more sale and one more note: when does each tool see them? */
final class Ripple {
  private static final BigDecimal AMOUNT = new BigDecimal("1234.56");

  private final Api api;
  private final Shop shop;

  Ripple(Api api, Shop shop) {
    this.api = api;
    this.shop = shop;
  }

  /** Something that must become so. */
  private record Sight(String what, String expected, Supplier<String> probe) {}

  private record Seen(Sight sight, Waiting.Seen seen, long millis) {}

  void show(Stage stage) {
    stage.say("One more sale and one more note, now: how long until each tool shows them?");
    var truth = new Truth(shop);
    String customer = truth.bestCustomers(1).getFirst();
    var sale = sale(customer);
    var note = note(customer);
    Map<String, Object> event = shop.ledger().sell(sale);
    long began = System.nanoTime();
    api.ingest("helpdesk", "support_note", List.of(note.row()));
    api.ingest("netsuite", "invoice", List.of(event));
    long landed = System.nanoTime() - began;
    stage.say("  acknowledged %s after it was sent".formatted(Amounts.time(landed / 1_000_000)));
    String spent = truth.customerAt(customer, Instant.MAX).get(1);
    List<Sight> sights =
        List.of(
            new Sight("SQL over Silver", "1", this::sales),
            new Sight("Gold mart", spent, () -> spentInGold(customer)),
            new Sight("online feature", spent, () -> spent(api, customer)),
            new Sight("vector search", note.id(), this::nearestToAnEruption));
    watched(sights, began).forEach(seen -> tell(stage, seen));
  }

  private static void tell(Stage stage, Seen seen) {
    stage.check(
        "%-16s %s".formatted(seen.sight().what(), Amounts.time(seen.millis())),
        seen.seen().isSo(),
        () -> "expected " + seen.sight().expected() + ", found " + seen.seen().last());
  }

  private static List<Seen> watched(List<Sight> sights, long began) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Seen>> watches =
          sights.stream().<Callable<Seen>>map(sight -> () -> watch(sight, began)).toList();
      return threads.invokeAll(watches).stream().map(Future::resultNow).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Cannot watch: interrupted", e);
    }
  }

  private static Seen watch(Sight sight, long began) {
    var seen = Waiting.until(sight.expected(), sight.probe());
    return new Seen(sight, seen, (System.nanoTime() - began) / 1_000_000);
  }

  private Invoice sale(String customer) {
    Product product = shop.products().getFirst();
    return new Invoice("INV-9001", customer, product, 1, AMOUNT, "paid", shop.now());
  }

  private Note note(String customer) {
    return new Note(
        "N-9001",
        "delivery",
        customer,
        shop.products().getFirst(),
        "Volcano ash",
        "The courier says that volcano ash has closed the airport where my mug lies.",
        2,
        shop.now());
  }

  private String sales() {
    return api.value("SELECT count(*) FROM silver.invoice WHERE amount = " + AMOUNT);
  }

  private String spentInGold(String customer) {
    return api.value(
        "SELECT total_spent FROM gold.customer_360 WHERE customer_id = '" + customer + "'");
  }

  private String nearestToAnEruption() {
    var search =
        Map.<String, Object>of(
            "namespace", "support_notes", "query", "an eruption grounded the flights", "top_k", 1);
    return api.hits(search).stream().map(hit -> hit.path("id").asText()).findFirst().orElse("");
  }

  /** What a customer has spent, as the feature says. */
  static String spent(Api api, String customer) {
    return Api.text(
        api.features("get_customer_features", "customer_id", customer)
            .path("features")
            .path("total_spent"));
  }
}
