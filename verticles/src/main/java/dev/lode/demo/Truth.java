package dev.lode.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must come out, summed up in plain loops over what the shop knows of itself. */
final class Truth {
  private static final BigDecimal NOTHING = new BigDecimal("0.00");

  private final Shop shop;

  Truth(Shop shop) {
    this.shop = shop;
  }

  private Stream<Invoice> invoices(Predicate<Invoice> wanted) {
    return shop.ledger().standing().stream().filter(wanted);
  }

  static BigDecimal sum(Stream<Invoice> invoices) {
    return invoices.map(Invoice::amount).reduce(NOTHING, BigDecimal::add);
  }

  /** Status, count and sum, as rows of text. */
  List<List<String>> byStatus() {
    return grouped(invoices(all -> true), Invoice::status).entrySet().stream()
        .map(group -> List.of(group.getKey(), count(group.getValue()), total(group.getValue())))
        .toList();
  }

  /** Day, cash taken in and number of invoices, as rows of text. */
  List<List<String>> cashByDay() {
    return grouped(invoices(all -> true), invoice -> day(invoice.date())).entrySet().stream()
        .map(
            group -> {
              var paid = group.getValue().stream().filter(Invoice::isPaid).toList();
              return List.of(group.getKey(), total(paid), count(group.getValue()));
            })
        .toList();
  }

  /** Customer, orders, money spent and its average, void invoices left out, as rows of text. */
  List<List<String>> byCustomer() {
    return grouped(invoices(Invoice::counts), Invoice::customerId).entrySet().stream()
        .map(group -> spending(group.getKey(), group.getValue()))
        .toList();
  }

  /** Orders, money spent and average of one customer up to and at a time; nulls before any. */
  List<String> customerAt(String customer, Instant time) {
    var until =
        invoices(Invoice::counts)
            .filter(invoice -> invoice.customerId().equals(customer))
            .filter(invoice -> !invoice.date().isAfter(time))
            .toList();
    return until.isEmpty()
        ? Arrays.asList(null, null, null)
        : spending(customer, until).subList(1, 4);
  }

  private static List<String> spending(String customer, List<Invoice> invoices) {
    BigDecimal spent = sum(invoices.stream());
    BigDecimal average = spent.divide(BigDecimal.valueOf(invoices.size()), 2, RoundingMode.HALF_UP);
    return List.of(customer, count(invoices), plain(spent), plain(average));
  }

  /** The customers who spent most. */
  List<String> bestCustomers(int count) {
    return grouped(invoices(Invoice::counts), Invoice::customerId).entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, List<Invoice>> group) -> sum(group.getValue().stream()))
                .reversed())
        .limit(count)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Pieces of a product sold since midnight thirty days ago. */
  long soldLately(Product product) {
    Instant since = shop.today().minus(Duration.ofDays(30));
    return invoices(Invoice::counts)
        .filter(invoice -> invoice.product().equals(product))
        .filter(invoice -> !invoice.date().isBefore(since))
        .mapToLong(Invoice::quantity)
        .sum();
  }

  /** Pieces of a product in all warehouses. */
  long inStock(Product product) {
    return shop.stock().stream()
        .filter(stock -> stock.productId().equals(product.id()))
        .mapToLong(Stock::onHand)
        .sum();
  }

  private static Map<String, List<Invoice>> grouped(
      Stream<Invoice> invoices, Function<Invoice, String> by) {
    return invoices.collect(Collectors.groupingBy(by, TreeMap::new, Collectors.toList()));
  }

  /** As text, without trailing zeros, so that equal numbers are equal texts. */
  static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  private static String day(Instant time) {
    return time.atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }

  private static String count(List<Invoice> invoices) {
    return Integer.toString(invoices.size());
  }

  private static String total(List<Invoice> invoices) {
    return plain(sum(invoices.stream()));
  }
}
