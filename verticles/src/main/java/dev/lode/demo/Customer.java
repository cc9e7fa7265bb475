package dev.lode.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Someone who buys, with the personal data that must not reach Silver in the clear. */
record Customer(
    String id,
    String name,
    String email,
    String phone,
    String taxId,
    String segment,
    Instant createdAt) {
  /** Whose e-mail address is none. */
  static final String WITH_ODD_ADDRESS = "C-7";

  private static final List<String> SEGMENTS =
      List.of("consumer", "consumer", "consumer", "business", "enterprise");

  static List<Customer> some(int count, Dice dice, Instant today) {
    var people = Texts.read("people.yaml");
    List<String> firsts = Texts.list(people.path("first"));
    List<String> lasts = Texts.list(people.path("last"));
    List<String> companies = Texts.list(people.path("companies"));
    var customers = new ArrayList<Customer>();
    for (int i = 1; i <= count; i++) {
      String first = dice.one(firsts);
      String last = dice.one(lasts);
      String id = "C-" + i;
      String at = id.equals(WITH_ODD_ADDRESS) ? " at " : "@";
      customers.add(
          new Customer(
              id,
              first + " " + last,
              (first + "." + last + i + at + dice.one(companies) + ".example")
                  .toLowerCase(Locale.ROOT),
              "+55 11 9" + dice.between(1000, 9999) + "-" + dice.between(1000, 9999),
              cpf(dice),
              dice.one(SEGMENTS),
              today.minus(Duration.ofDays(dice.between(150, 900)))));
    }
    return customers;
  }

  /** A Brazilian tax number with right check digits. */
  private static String cpf(Dice dice) {
    int[] digits = new int[11];
    for (int i = 0; i < 9; i++) {
      digits[i] = dice.between(0, 9);
    }
    for (int length = 9; length < 11; length++) {
      int sum = 0;
      for (int i = 0; i < length; i++) {
        sum += digits[i] * (length + 1 - i);
      }
      digits[length] = sum * 10 % 11 % 10;
    }
    var text = new StringBuilder();
    for (int i = 0; i < 11; i++) {
      text.append(i == 3 || i == 6 ? "." : i == 9 ? "-" : "").append(digits[i]);
    }
    return text.toString();
  }

  Map<String, Object> row(Instant updatedAt) {
    var row = new LinkedHashMap<String, Object>();
    row.put("customer_id", id);
    row.put("name", name);
    row.put("email", email);
    row.put("phone", phone);
    row.put("tax_id", taxId);
    row.put("country", "br");
    row.put("segment", segment);
    row.put("created_at", createdAt.toString());
    row.put("updated_at", updatedAt.toString());
    return row;
  }
}
