package dev.lode.load;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Random events about notes, and the plain map that says what is to become of them: inserts,
 * updates, deletes, events that come late or twice, and some that no contract accepts. The newest
 * event of a note counts, in whatever order and company they land. Thread-safe.
 */
final class Notes {
  private static final int KEYS = 600;
  private static final int ACCOUNTS = 40;
  private static final int LINES = 30;
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<String> WORDS =
      List.of("kettle", "lid", "whistle", "tea", "cup", "saucer", "spoon", "tray", "jug", "bowl");

  private final Random random;
  private final Map<String, Note> newest = new HashMap<>();
  private final Set<Long> places = new HashSet<>();
  private final List<String> lines = new ArrayList<>();
  private long bodies;
  private long place;
  private long refused;

  record Note(String account, BigDecimal amount, String text, Instant updatedAt, boolean deleted) {}

  /** What is posted under one Idempotency-Key. */
  record Body(String key, String text, int lines) {}

  /** What is booked on an account. */
  record Booked(long notes, BigDecimal balance) {
    Booked plus(Booked other) {
      return new Booked(notes + other.notes, balance.add(other.balance));
    }
  }

  Notes(long seed) {
    random = new Random(seed);
  }

  /** More events; from here on they are expected. */
  synchronized Body body() {
    var some = new ArrayList<String>();
    for (int i = random.nextInt(LINES) + 1; i > 0; i--) {
      some.add(line());
    }
    lines.addAll(some);
    return new Body("body-" + bodies++, String.join("\n", some) + "\n", some.size());
  }

  private String line() {
    return switch (random.nextInt(40)) {
      case 0 -> refused();
      case 1, 2 -> lines.isEmpty() ? event() : again(lines.get(random.nextInt(lines.size())));
      default -> event();
    };
  }

  private String again(String line) {
    refused += line.contains("\"many\"") ? 1 : 0;
    return line;
  }

  private String refused() {
    refused++;
    var note = new Note("A-0", BigDecimal.ZERO, word(), BEGIN.plusMillis(++place), false);
    return json("N-" + random.nextInt(KEYS), note, "many");
  }

  private String event() {
    String id = "N-" + random.nextInt(KEYS);
    var note =
        new Note(
            "A-" + random.nextInt(ACCOUNTS),
            BigDecimal.valueOf(random.nextInt(100_000), 2),
            word() + " " + word(),
            BEGIN.plus(place(), ChronoUnit.MICROS),
            random.nextInt(6) == 0);
    newest.merge(id, note, (was, is) -> is.updatedAt.isAfter(was.updatedAt) ? is : was);
    return json(id, note, note.amount.toPlainString());
  }

  private static String json(String id, Note note, String amount) {
    return """
        {"note_id":"%s","account":"%s","amount":"%s","text":"%s","updated_at":"%s","deleted":%s}"""
        .formatted(id, note.account, amount, note.text, note.updatedAt, note.deleted);
  }

  private String word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  /** No two events have the same; one in ten is late. */
  private long place() {
    long next = ++place * 1000;
    if (random.nextInt(10) == 0) {
      next = Math.max(0, place - random.nextInt(5000)) * 1000 + 1 + random.nextInt(999);
    }
    return places.add(next) ? next : place();
  }

  synchronized List<String> lines() {
    return lines.stream().sorted().toList();
  }

  synchronized long quarantined() {
    return refused;
  }

  /** By id: the notes that stand. */
  synchronized Map<String, Note> standing() {
    var standing = new TreeMap<>(newest);
    standing.values().removeIf(Note::deleted);
    return standing;
  }

  Map<String, Booked> accounts() {
    var accounts = new TreeMap<String, Booked>();
    standing()
        .values()
        .forEach(note -> accounts.merge(note.account, new Booked(1, note.amount), Booked::plus));
    return accounts;
  }
}
