package dev.lode.demo;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** One invoice as it stands. */
record Invoice(
    String id,
    String customerId,
    Product product,
    int quantity,
    BigDecimal amount,
    String status,
    Instant date) {

  Invoice with(String newStatus) {
    return new Invoice(id, customerId, product, quantity, amount, newStatus, date);
  }

  Invoice with(int newQuantity) {
    return new Invoice(
        id,
        customerId,
        product,
        newQuantity,
        product.price().multiply(BigDecimal.valueOf(newQuantity)),
        status,
        date);
  }

  boolean isPaid() {
    return status.equals("paid");
  }

  /** As an order of its customer. */
  boolean counts() {
    return !status.equals("void");
  }

  Map<String, Object> row() {
    var row = new LinkedHashMap<String, Object>();
    row.put("invoice_id", id);
    row.put("customer_id", customerId);
    row.put("product_id", product.id());
    row.put("quantity", quantity);
    row.put("amount", amount.toPlainString());
    row.put("currency", "BRL");
    row.put("status", status);
    row.put("memo", quantity + " x " + product.name() + ", " + status);
    row.put("invoice_date", date.toString());
    return row;
  }
}
