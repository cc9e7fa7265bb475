package dev.lode.load;

/** Invoice lines as the shop writes them. */
final class ShopCsv {
  static final String HEADER =
      "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

  private ShopCsv() {}

  static String line(String invoice, String article, String description, String customer) {
    return "%s,%s,%s,2,2011-07-01 10:00:00,1.25,%s,United Kingdom%n"
        .formatted(invoice, article, description, customer);
  }
}
