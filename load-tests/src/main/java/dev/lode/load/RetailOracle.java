package dev.lode.load;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the shop's tables must hold, computed from the files alone: shares no code with the product.
 */
final class RetailOracle {
  record Line(
      String invoice,
      String stock,
      String description,
      int quantity,
      LocalDate day,
      BigDecimal price,
      String customer,
      boolean repeated) {
    BigDecimal amount() {
      return price.multiply(BigDecimal.valueOf(quantity));
    }
  }

  final List<Line> lines = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  void read(Path file) throws IOException {
    boolean header = true;
    for (String text : Files.readAllLines(file)) {
      if (!header) {
        lines.add(line(text));
      }
      header = false;
    }
  }

  private Line line(String text) {
    List<String> cells = cells(text);
    String customer = cells.get(6).replaceFirst("\\.0$", "");
    return new Line(
        cells.get(0),
        cells.get(1),
        cells.get(2).strip(),
        Integer.parseInt(cells.get(3)),
        LocalDate.parse(cells.get(4).substring(0, 10)),
        new BigDecimal(cells.get(5)),
        customer.isEmpty() ? null : customer,
        !seen.add(text));
  }

  private static List<String> cells(String text) {
    var cells = new ArrayList<String>();
    var cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  /** Per day: revenue, lines, invoices. */
  Map<String, List<Object>> days() {
    var groups = new TreeMap<String, List<Line>>();
    lines.forEach(
        line -> groups.computeIfAbsent(line.day().toString(), day -> new ArrayList<>()).add(line));
    var days = new TreeMap<String, List<Object>>();
    groups.forEach(
        (day, group) -> days.put(day, List.of(cents(group), group.size(), orders(group))));
    return days;
  }

  /** Per customer: orders, spent, average order value, first and last day. */
  Map<String, List<Object>> customers() {
    var customers = new TreeMap<String, List<Object>>();
    grouped(true)
        .forEach(
            (customer, group) -> {
              BigDecimal spent = cents(group);
              long orders = orders(group);
              customers.put(
                  customer,
                  List.of(
                      orders,
                      spent,
                      spent.divide(BigDecimal.valueOf(orders), 2, RoundingMode.HALF_UP),
                      group.stream().map(Line::day).min(LocalDate::compareTo).orElseThrow(),
                      group.stream().map(Line::day).max(LocalDate::compareTo).orElseThrow()));
            });
    return customers;
  }

  /** Per product: quantity, revenue, orders. */
  Map<String, List<Object>> products() {
    var products = new TreeMap<String, List<Object>>();
    grouped(false)
        .forEach(
            (stock, group) ->
                products.put(
                    stock,
                    List.of(
                        group.stream().mapToLong(Line::quantity).sum(),
                        cents(group),
                        orders(group))));
    return products;
  }

  /** Per cohort month and months since: how many customers ordered. */
  Map<String, Integer> cohorts() {
    var cohorts = new TreeMap<String, Integer>();
    for (List<Line> group : grouped(true).values()) {
      YearMonth first =
          YearMonth.from(group.stream().map(Line::day).min(LocalDate::compareTo).orElseThrow());
      var months = new HashSet<YearMonth>();
      group.forEach(line -> months.add(YearMonth.from(line.day())));
      for (YearMonth month : months) {
        int since =
            (month.getYear() - first.getYear()) * 12
                + month.getMonthValue()
                - first.getMonthValue();
        cohorts.merge(first.atDay(1) + "+" + since, 1, Integer::sum);
      }
    }
    return cohorts;
  }

  /** Products that have a description, and so a vector. */
  Set<String> described() {
    var described = new HashSet<String>();
    for (Line line : lines) {
      if (!line.description().isEmpty()) {
        described.add(line.stock());
      }
    }
    return described;
  }

  BigDecimal revenue() {
    return cents(lines);
  }

  long quantity() {
    return lines.stream().mapToLong(Line::quantity).sum();
  }

  long flagged(String what) {
    return lines.stream()
        .filter(
            line ->
                switch (what) {
                  case "customer" -> line.customer() == null;
                  case "price" -> line.price().signum() <= 0;
                  default -> line.repeated();
                })
        .count();
  }

  private Map<String, List<Line>> grouped(boolean byCustomer) {
    var groups = new HashMap<String, List<Line>>();
    for (Line line : lines) {
      String key = byCustomer ? line.customer() : line.stock();
      if (key != null) {
        groups.computeIfAbsent(key, k -> new ArrayList<>()).add(line);
      }
    }
    return groups;
  }

  private static BigDecimal cents(List<Line> group) {
    return group.stream()
        .map(Line::amount)
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .stripTrailingZeros();
  }

  private static long orders(List<Line> group) {
    return group.stream().map(Line::invoice).distinct().count();
  }
}
