package dev.lode.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many of a product lie in a warehouse, and when they were counted. */
record Stock(String productId, String warehouse, int onHand, int reserved, Instant countedAt) {
  private static final List<String> WAREHOUSES = List.of("GRU-1", "REC-2");

  /** Counted minutes ago; of the last product hours ago, which is too old to be trusted. */
  static List<Stock> counted(List<Product> products, Dice dice, Instant now) {
    var stock = new ArrayList<Stock>();
    for (Product product : products) {
      boolean isStale = product.equals(products.getLast());
      for (String warehouse : WAREHOUSES) {
        int onHand = dice.between(5, 150);
        Duration age = isStale ? Duration.ofHours(3) : Duration.ofMinutes(dice.between(1, 10));
        stock.add(
            new Stock(
                product.id(),
                warehouse,
                onHand,
                dice.between(0, Math.min(onHand, 10)),
                now.minus(age)));
      }
    }
    return stock;
  }

  Map<String, Object> row() {
    var row = new LinkedHashMap<String, Object>();
    row.put("product_id", productId);
    row.put("warehouse", warehouse);
    row.put("on_hand", onHand);
    row.put("reserved", reserved);
    row.put("updated_at", countedAt.toString());
    return row;
  }
}
