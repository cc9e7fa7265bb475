package dev.lode.demo;

import dev.lode.cli.Amounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Part 1: from change events to tables, vectors and features; then one more of each, timed. */
final class FlowPart implements Part {
  private static final int BODIES = 3;

  private final Api api;
  private final Shop shop;
  private final Truth truth;

  FlowPart(Api api, Shop shop) {
    this.api = api;
    this.shop = shop;
    this.truth = new Truth(shop);
  }

  @Override
  public String title() {
    return "Full flow: change events → Bronze → Silver → Gold, vectors and features";
  }

  @Override
  public void show(Stage stage) {
    land(stage);
    refine(stage);
    publish(stage);
    new Ripple(api, shop).show(stage);
  }

  private void land(Stage stage) {
    stage.say("A shop's systems send what they have. Each answer comes after the Bronze commit.");
    land(stage, "catalog_product", List.of(shop.productRows()));
    land(stage, "crm_customer", List.of(shop.customerRows()));
    land(stage, "warehouse_inventory", List.of(shop.stock().stream().map(Stock::row).toList()));
    land(stage, "helpdesk_support_note", List.of(shop.notes().stream().map(Note::row).toList()));
    land(stage, "netsuite_invoice", shop.ledger().bodies(BODIES));
    stage.aside(
        "%s changes of invoices went out as %s events: some twice, some out of order, some deletes"
            .formatted(
                Amounts.count(shop.ledger().changes()), Amounts.count(shop.ledger().sent())));
  }

  private void land(Stage stage, String feed, List<List<Map<String, Object>>> bodies) {
    String[] names = feed.split("_", 2);
    long records = bodies.stream().mapToLong(List::size).sum();
    long accepted =
        stage.timed(
            "%5s records are in bronze.%s".formatted(Amounts.count(records), feed),
            () ->
                bodies.stream()
                    .map(body -> api.ingest(names[0], names[1], body))
                    .mapToLong(answer -> answer.path("accepted").asLong())
                    .sum());
    stage.holds("bronze." + feed + " took every record", accepted == records);
  }

  private void refine(Stage stage) {
    stage.say("Silver: typed, checked, masked; one row per key, and the newest change wins.");
    String byStatus =
        "SELECT status, count(*) AS invoices, sum(amount) AS amount FROM silver.invoice"
            + " GROUP BY status ORDER BY status";
    stage.becomes(
        "silver.invoice holds what the ERP system holds, to the cent",
        truth.byStatus(),
        () -> api.rows(byStatus));
    stage.rows(api.sql(byStatus));
  }

  private void publish(Stage stage) {
    stage.say("Gold, vectors and features follow as Silver commits.");
    stage.becomes(
        "gold.daily_cash equals an independent sum, on each day",
        truth.cashByDay(),
        () -> api.rows("SELECT day, cash_in, invoices FROM gold.daily_cash ORDER BY day"));
    stage.becomes(
        "gold.customer_360 equals an independent sum, for each customer",
        truth.byCustomer(),
        () ->
            api.rows(
                "SELECT customer_id, total_orders, total_spent, avg_order_value"
                    + " FROM gold.customer_360 ORDER BY customer_id"));
    stage.becomes(
        "each support note can be found by its meaning",
        shop.notes().size(),
        () ->
            api.hits(Map.of("namespace", "support_notes", "query", "help", "top_k", 1000)).size());
    String best = truth.bestCustomers(1).getFirst();
    stage.becomes(
        "the features of customers are served",
        truth.customerAt(best, Instant.MAX).get(1),
        () -> Ripple.spent(api, best));
    stage.rows(
        api.sql(
            "SELECT day, currency, cash_in, invoices_paid, open_amount FROM gold.daily_cash"
                + " ORDER BY day DESC LIMIT 4"));
  }
}
