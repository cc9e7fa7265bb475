package dev.lode.load;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sales of a shop as JSON, made from a seed. One in 25 breaks one rule of {@code
 * silver/shop_sale.yaml}, each as often as any other; which, is remembered.
 */
final class Sales {
  static final List<String> RULES =
      List.of(
          "malformed",
          "order_id_required",
          "order_id_pattern",
          "order_id_unique",
          "placed_at_required",
          "placed_at_type",
          "status_known",
          "customer_id_required",
          "email_format",
          "phone_length",
          "country_pattern",
          "quantity_required",
          "quantity_type",
          "quantity_range",
          "unit_price_type",
          "unit_price_range",
          "currency_known",
          "total_required",
          "total_type",
          "total_adds_up");

  /** Those whose records are accepted, and flagged. */
  private static final Set<String> FLAGGED =
      Set.of(
          "email_format", "phone_length", "country_pattern", "unit_price_range", "total_adds_up");

  private static final List<String> NAMES = List.of("Ana Souza", "Jo  Smith", "Lea Vogt", "Li Wei");
  private static final List<String> COUNTRIES = List.of("br", "GB", "de", "US");
  private static final List<String> CURRENCIES = List.of("EUR", "USD", "BRL", "GBP");
  private static final List<String> STATES = List.of("open", "paid", "sent", "returned");
  private static final int BROKEN_ONE_IN = 25;
  private static final int CUSTOMERS = 100_000;

  private final Random random;
  private final SortedMap<String, Long> failed = new TreeMap<>();
  private String faultless;
  private long made;
  private long rejected;
  private long cents;

  /** The rule that the next one is to break; empty for none. */
  private String broken = "";

  Sales(long seed) {
    this.random = new Random(seed);
  }

  /** Of all that were made. */
  Outcome outcome() {
    return new Outcome(made - rejected, rejected, BigDecimal.valueOf(cents, 2), failed);
  }

  String next() {
    boolean breaks = random.nextInt(BROKEN_ONE_IN) == 0 && faultless != null;
    broken = breaks ? RULES.get(random.nextInt(RULES.size())) : "";
    made++;
    int quantity = broken.equals("quantity_range") ? 5000 : 1 + random.nextInt(20);
    long price = 99L + random.nextInt(20_000);
    price = broken.equals("unit_price_range") ? -price : price;
    long total = quantity * price + (broken.equals("total_adds_up") ? 1 : 0);
    String sale = sale(quantity, price, total);
    if (broken.isEmpty()) {
      faultless = sale;
    } else {
      failed.merge(broken, 1L, Long::sum);
    }
    boolean accepted = broken.isEmpty() || FLAGGED.contains(broken);
    rejected += accepted ? 0 : 1;
    cents += accepted ? total : 0;
    return switch (broken) {
      case "malformed" -> sale.substring(0, sale.length() / 2);
      case "order_id_unique" -> faultless;
      default -> sale;
    };
  }

  private String sale(int quantity, long price, long total) {
    int customer = random.nextInt(CUSTOMERS);
    return "{\"order_id\":"
        + either(
            "\"O-" + digits(made, 8) + '"',
            "order_id_required",
            "null",
            "order_id_pattern",
            "\"17\"")
        + ",\"placed_at\":"
        + either(
            "\"2026-03-0" + (1 + made / 200_000 % 9) + "T08:26:" + digits(made % 60, 2) + "Z\"",
            "placed_at_required",
            "null",
            "placed_at_type",
            "\"yesterday\"")
        + ",\"status\":"
        + either(quoted(STATES), "status_known", "\"lost\"")
        + ",\"channel\":\"web\",\"customer\":{\"id\":"
        + either("\"C-" + customer + '"', "customer_id_required", "null")
        + ",\"name\":"
        + quoted(NAMES)
        + ",\"email\":\"someone"
        + customer
        + either("@mail.example\"", "email_format", "\"")
        + ",\"phone\":"
        + either("\"+55 11 9" + digits(customer, 8) + '"', "phone_length", "\"110\"")
        + ",\"country\":"
        + either(quoted(COUNTRIES), "country_pattern", "\"Brazil\"")
        + "},\"line\":{\"sku\":\"SKU-"
        + digits(random.nextInt(5000), 5)
        + "\",\"quantity\":"
        + either("" + quantity, "quantity_required", "null", "quantity_type", "\"three\"")
        + ",\"unit_price\":"
        + either(money(price), "unit_price_type", "\"free\"")
        + "},\"currency\":"
        + either(quoted(CURRENCIES), "currency_known", "\"DEM\"")
        + ",\"total\":"
        + either(money(total), "total_required", "null", "total_type", "\"much\"")
        + "}";
  }

  /** {@code sound}, unless one of the rules is to be broken: pairs of rule and value. */
  private String either(String sound, String... faults) {
    for (int i = 0; i < faults.length; i += 2) {
      if (faults[i].equals(broken)) {
        return faults[i + 1];
      }
    }
    return sound;
  }

  private String quoted(List<String> values) {
    return '"' + values.get(random.nextInt(values.size())) + '"';
  }

  private static String digits(long number, int width) {
    String digits = Long.toString(number);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  private static String money(long cents) {
    return BigDecimal.valueOf(cents, 2).toPlainString();
  }
}
