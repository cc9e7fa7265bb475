package dev.lode.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShopTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-02-03T10:15:30Z"), ZoneOffset.UTC);

  private final Shop shop = Shop.open(CLOCK);

  private List<Map<String, Object>> events() {
    return shop.ledger().bodies(3).stream().flatMap(Collection::stream).toList();
  }

  private static long lsn(Map<String, Object> event) {
    return (long) ((Map<?, ?>) event.get("source")).get("lsn");
  }

  @Test
  void isTheSameOnTheSameDay() {
    var again = Shop.open(CLOCK);
    assertThat(again.ledger().bodies(3)).isEqualTo(shop.ledger().bodies(3));
    assertThat(again.notes()).isEqualTo(shop.notes());
    assertThat(again.customerRows()).isEqualTo(shop.customerRows());
    assertThat(again.stock()).isEqualTo(shop.stock());
  }

  @Test
  void standsAsItsEventsSayWhenReadInOrder() {
    var standing = new HashMap<Object, Object>();
    events().stream()
        .sorted(Comparator.comparingLong(ShopTest::lsn))
        .forEach(
            event -> {
              if (event.get("op").equals("d")) {
                standing.remove(((Map<?, ?>) event.get("before")).get("invoice_id"));
              } else {
                standing.put(
                    ((Map<?, ?>) event.get("after")).get("invoice_id"), event.get("after"));
              }
            });
    assertThat(standing.values())
        .containsExactlyInAnyOrderElementsOf(
            shop.ledger().standing().stream().map(Invoice::row).collect(Collectors.toList()));
  }

  @Test
  void sendsItsEventsInDisorderAndSomeTwice() {
    List<Long> order = events().stream().map(ShopTest::lsn).toList();
    assertThat(order).isNotEqualTo(order.stream().sorted().toList());
    assertThat(new HashSet<>(order)).hasSize(shop.ledger().changes());
    assertThat(order).hasSizeGreaterThan(shop.ledger().changes());
    assertThat(events()).extracting(event -> event.get("op")).contains("c", "u", "d");
  }

  @Test
  void sellsNothingBeforeTodayThatIsNotYetSold() {
    assertThat(shop.ledger().standing())
        .allSatisfy(invoice -> assertThat(invoice.date()).isBefore(shop.today()));
    assertThat(shop.notes())
        .allSatisfy(note -> assertThat(note.createdAt()).isBefore(shop.today()));
  }

  @Test
  void fillsEveryGapInItsTexts() {
    assertThat(shop.notes())
        .allSatisfy(note -> assertThat(note.body()).doesNotContain("{", "}").hasSizeLessThan(800));
    assertThat(shop.notes()).extracting(Note::topic).contains("delivery", "billing", "leaving");
  }

  @Test
  void sumsUpWhatEachCustomerHadSpentByATime() {
    var truth = new Truth(shop);
    String best = truth.bestCustomers(1).getFirst();
    assertThat(truth.customerAt(best, Instant.EPOCH)).containsExactly(null, null, null);
    assertThat(truth.byCustomer())
        .contains(
            List.of(
                best,
                truth.customerAt(best, Instant.MAX).get(0),
                truth.customerAt(best, Instant.MAX).get(1),
                truth.customerAt(best, Instant.MAX).get(2)));
  }
}
