package dev.lode.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Part 4: masking; what is refused, kept and put right; and a restart in between. */
final class LayersPart implements Part {
  private static final String BRAZILIAN = "1.299,90";

  private final Api api;
  private final Shop shop;
  private final Workshop workshop;

  LayersPart(Api api, Shop shop, Workshop workshop) {
    this.api = api;
    this.shop = shop;
    this.workshop = workshop;
  }

  @Override
  public String title() {
    return "Layers: masking, quality, quarantine, a mended contract and a replay";
  }

  @Override
  public void show(Stage stage) {
    masking(stage);
    quarantine(stage);
    mend(stage);
    quality(stage);
  }

  private void masking(Stage stage) {
    Customer one = shop.customers().getFirst();
    stage.say("Personal data, as it came (Bronze keeps the bytes) and as Silver shows it:");
    stage.aside("  " + one.name() + "  " + one.email() + "  " + one.phone() + "  " + one.taxId());
    JsonNode masked =
        api.sql(
            "SELECT customer_id, name, email, phone, tax_id FROM silver.customer"
                + " WHERE customer_id = '%s'".formatted(one.id()));
    stage.rows(masked);
    stage.same("no customer's data is there in the clear", 0L, inTheClear());
  }

  private long inTheClear() {
    List<List<String>> rows =
        api.rows("SELECT customer_id, name, email, phone, tax_id FROM silver.customer");
    String shown = rows.toString();
    Pattern digits = Pattern.compile("\\D");
    return shop.customers().stream()
        .filter(
            customer ->
                shown.contains(customer.name())
                    || shown.contains(customer.email())
                    || shown.contains(digits.matcher(customer.phone()).replaceAll(""))
                    || shown.contains(digits.matcher(customer.taxId()).replaceAll("")))
        .count();
  }

  private void quarantine(Stage stage) {
    stage.say("A branch sends amounts the Brazilian way (" + BRAZILIAN + "), and one broken line:");
    var lines = new ArrayList<String>();
    for (int i = 1; i <= 3; i++) {
      lines.add(Api.json(foreign(i)));
    }
    lines.add(1, "{\"op\":\"c\",\"after\":{\"invoice_id\":\"INV-9199\"");
    JsonNode answer = api.ingest("netsuite", "invoice", String.join("\n", lines));
    stage.aside("  " + answer.path("defects"));
    stage.same("the broken line is named", 2, answer.path("defects").path(0).path("line").asInt());
    stage.becomes(
        "all four are in quarantine, with their reasons; nothing is lost",
        "4",
        () -> api.value("SELECT count(*) FROM quarantine.invoice"));
    stage.rows(
        api.sql("SELECT rule, reason, count(*) AS records FROM quarantine.invoice GROUP BY ALL"));
  }

  /** An invoice whose amount is written with a comma. */
  private Map<String, Object> foreign(int number) {
    var invoice =
        new Invoice(
            "INV-910" + number,
            shop.customers().get(number).id(),
            shop.products().get(number),
            1,
            new BigDecimal("1299.90"),
            "open",
            shop.now());
    return shop.ledger().sell(invoice, BRAZILIAN);
  }

  private void mend(Stage stage) {
    String line =
        "transformLogic: CASE WHEN {property} LIKE '%,%' THEN"
            + " replace(replace({property}, '.', ''), ',', '.') ELSE {property} END";
    stage.say("The contract learns to read them:");
    stage.aside("+ " + line);
    workshop.mend("netsuite_invoice.yaml", "amount", line);
    stage.timed("stopped, and started again over the same tables", workshop::restart);
    JsonNode replayed =
        stage.timed(
            "replayed what was in quarantine",
            () -> api.client().post("/v1/replay/invoice", Map.of("quarantine_only", true)));
    stage.same("three of the four pass now", 3L, replayed.path("accepted").asLong());
    var truth = new Truth(shop);
    stage.becomes(
        "Silver and Gold hold them, and all from before, to the cent",
        List.of(truth.byStatus(), truth.cashByDay()),
        () ->
            List.of(
                api.rows(
                    "SELECT status, count(*), sum(amount) FROM silver.invoice"
                        + " GROUP BY status ORDER BY status"),
                api.rows("SELECT day, cash_in, invoices FROM gold.daily_cash ORDER BY day")));
  }

  private void quality(Stage stage) {
    stage.say("Every run is on record, with what it refused; what is odd but usable is flagged:");
    stage.rows(
        api.sql(
            "SELECT entity, count(*) AS runs, sum(checked) AS records, sum(failed) AS refused"
                + " FROM system.quality_results WHERE rule = '*' GROUP BY ALL ORDER BY ALL"));
    stage.same(
        "the one address that is none is flagged, not dropped",
        List.of(List.of(Customer.WITH_ODD_ADDRESS, "[email_format]")),
        api.rows(
            "SELECT customer_id, CAST(_flags AS VARCHAR) FROM silver.customer"
                + " WHERE len(_flags) > 0"));
  }
}
