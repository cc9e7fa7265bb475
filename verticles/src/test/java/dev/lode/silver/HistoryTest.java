package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.silver.contract.Contract;
import dev.lode.tables.Progress;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every version of a key, beside the newest. */
class HistoryTest {
  private static final Contract INVOICE = Fixture.demo("invoice");

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void open() {
    fixture = Fixture.open(folder).work(INVOICE, 60);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** What a plain map of versions would hold: by key and place, the status, or null for deleted. */
  private record Event(String id, int lsn, String status) {}

  private static Instant time(int lsn) {
    return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(lsn);
  }

  private static Object[] row(Event event) {
    String named = "{\"invoice_id\":\"" + event.id + "\"}";
    String after =
        """
        {"invoice_id":"%s","customer_id":"C","amount":"1.50","currency":"BRL","status":"%s",\
        "invoice_date":"2025-11-30T10:15:00Z"}"""
            .formatted(event.id, event.status);
    boolean deletes = event.status == null;
    String record =
        "{\"op\":\"%s\",\"ts_ms\":%d,\"source\":{\"lsn\":%d},\"before\":%s,\"after\":%s}"
            .formatted(
                deletes ? "d" : "u",
                event.lsn,
                event.lsn,
                deletes ? named : "null",
                deletes ? "null" : after);
    Object[] row = Fixture.row("acme", null, record, 1);
    row[7] = time(event.lsn);
    return row;
  }

  private Snapshot arrive(List<Event> events) {
    return fixture.append(INVOICE.upstream(), events.stream().map(HistoryTest::row).toList());
  }

  /** As it is stored. */
  private List<String> history() {
    return fixture
        .query(
            INVOICE.historyTable(),
            "SELECT invoice_id, _ordering[1], CASE WHEN NOT _is_deleted THEN status END,"
                + " valid_from,"
                + " valid_to FROM t ORDER BY ALL")
        .stream()
        .map(
            row ->
                "%s %s %s %s %s"
                    .formatted(
                        row.get(0),
                        row.get(1),
                        row.get(2),
                        instant(row.get(3)),
                        instant(row.get(4))))
        .toList();
  }

  private static Instant instant(Object value) {
    return switch (value) {
      case null -> null;
      case OffsetDateTime time -> time.toInstant();
      default -> (Instant) value;
    };
  }

  /** As it should be. */
  private static List<String> expected(List<Event> events) {
    var versions = new TreeMap<String, SortedMap<Integer, Event>>();
    for (Event event : events) {
      versions.computeIfAbsent(event.id, id -> new TreeMap<>()).put(event.lsn, event);
    }
    var lines = new ArrayList<String>();
    for (var ofKey : versions.values()) {
      for (Event event : ofKey.values()) {
        var later = ofKey.tailMap(event.lsn + 1);
        Instant to = later.isEmpty() ? null : time(later.firstKey());
        lines.add(
            "%s %d %s %s %s".formatted(event.id, event.lsn, event.status, time(event.lsn), to));
      }
    }
    return lines;
  }

  @Test
  void aLateVersionTakesItsPlaceBetweenItsNeighbours() {
    arrive(List.of(new Event("A", 10, "draft"), new Event("A", 30, "paid")));
    fixture.run();
    arrive(List.of(new Event("A", 20, "open")));
    fixture.run();
    arrive(List.of(new Event("A", 25, null)));
    fixture.run();

    assertThat(history())
        .isEqualTo(
            expected(
                List.of(
                    new Event("A", 10, "draft"),
                    new Event("A", 20, "open"),
                    new Event("A", 25, null),
                    new Event("A", 30, "paid"))));
    assertThat(fixture.silver("invoice_id, status")).containsExactly(List.of("A", "paid"));
  }

  @Test
  void aLateVersionThatTellsNoTimeChangesNoNewerOne() {
    arrive(List.of(new Event("A", 30, "paid")));
    fixture.run();
    Object[] untold = row(new Event("A", 10, "draft"));
    untold[7] = null;
    fixture.append(INVOICE.upstream(), List.<Object[]>of(untold));
    fixture.run();

    assertThat(history())
        .as("it came in after the other had happened, and was never the newest")
        .containsExactly(
            "A 10 draft " + time(30) + " " + time(30), "A 30 paid " + time(30) + " null");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyOrderAndAnyBatchesAndCrashesGiveTheSameHistory(long seed) {
    var random = new Random(seed);
    var events = new ArrayList<Event>();
    for (int lsn = 1; lsn <= 150; lsn++) {
      String status = List.of("open", "paid", "void").get(random.nextInt(3));
      events.add(new Event("I" + random.nextInt(12), lsn, random.nextInt(4) == 0 ? null : status));
    }
    var sent = new ArrayList<>(events);
    sent.addAll(events.subList(0, 50));
    Collections.shuffle(sent, random);
    for (int from = 0; from < sent.size(); from += 25) {
      Long before = fixture.refinery.watermark();
      var landed = arrive(sent.subList(from, Math.min(sent.size(), from + 25)));
      switch (random.nextInt(4)) {
        case 0 -> {}
        case 1 -> {
          stopBeforeSilver(before, landed);
          fixture = fixture.restart();
        }
        default -> fixture.run();
      }
    }
    fixture.run();

    assertThat(history()).isEqualTo(expected(events));
    assertThat(fixture.silver("invoice_id, status, lineage_id"))
        .as("the newest of them is the row")
        .isEqualTo(
            fixture.query(
                INVOICE.historyTable(),
                "SELECT invoice_id, status, lineage_id FROM t"
                    + " WHERE valid_to IS NULL AND NOT _is_deleted ORDER BY ALL"));
    fixture.replay(false, null);
    assertThat(history()).isEqualTo(expected(events));
  }

  /** The history was committed; the rest of the run was not. */
  private void stopBeforeSilver(Long from, Snapshot to) {
    try (var assay = fixture.assay(Slice.added(INVOICE.upstream(), from, to.id()))) {
      new SilverWriter(fixture.lake, assay, UUID.randomUUID(), Instant.now())
          .history(
              new Progress(
                  Map.of(), Progress.of(INVOICE.upstream(), from, to.id()).next(), Map.of()));
    }
  }

  @Test
  void isFilledFromBronzeWhereItIsAskedForLater() {
    fixture.close();
    fixture = Fixture.open(folder.resolve("later")).work(Fixture.withoutHistory(INVOICE), 2);
    var events = new ArrayList<Event>();
    for (int lsn = 1; lsn <= 9; lsn++) {
      events.add(new Event("A", lsn, "open"));
      arrive(events.subList(lsn - 1, lsn));
    }
    fixture.run();
    assertThat(fixture.lake.exists(INVOICE.historyTable())).isFalse();

    fixture.work(INVOICE, 2);
    fixture.run();
    assertThat(history()).isEqualTo(expected(events));
  }
}
