package dev.lode.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A thing that the shop sells. */
record Product(String id, String name, String category, String description, BigDecimal price) {

  static List<Product> catalogue() {
    var products = new ArrayList<Product>();
    for (JsonNode entry : Texts.read("products.yaml")) {
      products.add(
          new Product(
              "P-" + (products.size() + 1),
              entry.path("name").asText(),
              entry.path("category").asText(),
              entry.path("description").asText(),
              new BigDecimal(entry.path("price").asText())));
    }
    return products;
  }

  Map<String, Object> row(Instant updatedAt) {
    var row = new LinkedHashMap<String, Object>();
    row.put("product_id", id);
    row.put("name", name);
    row.put("category", category);
    row.put("description", description);
    row.put("price", price.toPlainString());
    row.put("updated_at", updatedAt.toString());
    return row;
  }
}
