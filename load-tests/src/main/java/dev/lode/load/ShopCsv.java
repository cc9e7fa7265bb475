package dev.lode.load;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/** Invoice lines as the shop writes them, now. */
final class ShopCsv {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  static final String HEADER =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

  private ShopCsv() {}

  static String line(String invoice, String article, String description, String customer) {
    String now = LocalDateTime.now(Clock.systemUTC()).format(TIME);
    return "%s,%s,%s,2,%s,1.25,%s,United Kingdom%n"
        .formatted(invoice, article, description, now, customer);
  }
}
