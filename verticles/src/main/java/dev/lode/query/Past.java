package dev.lode.query;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Failure;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.Slice;
import dev.lode.tables.Snapshot;
import dev.lode.tables.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Time travel: datasets as they were at a moment, or at a snapshot. In SQL by the engine's {@code
 * AT (VERSION => id)} and {@code AT (TIMESTAMP => moment)}, a moment that needs no row.
 */
final class Past {
  private final Lake lake;
  private final Session session;

  Past(Lake lake, Session session) {
    this.lake = requireNonNull(lake, "lake is null");
    this.session = requireNonNull(session, "session is null");
  }

  /** What a moment may be calculated from. */
  private static final Set<String> CALCULATED = Set.of("CONSTANT", "CAST", "FUNCTION", "TYPE");

  private static final Set<String> WORDS =
      Set.of("current_date", "current_timestamp", "localtimestamp");

  /** Whether AT names a dataset and a moment. {@code node}: the parser's of a table. */
  static boolean isNamed(Map<?, ?> node) {
    var at = (Map<?, ?>) node.get("at_clause");
    boolean isDataset = !String.valueOf(node.get("schema_name")).isEmpty();
    boolean isMoment =
        "TIMESTAMP".equals(at.get("unit"))
            ? isCalculated(at.get("expr"))
            : constant(at.get("expr")) != null;
    return isDataset && node.get("sample") == null && isMoment;
  }

  /** From constants and the time that it is. */
  private static boolean isCalculated(Object node) {
    if (node instanceof List<?> list) {
      return list.stream().allMatch(Past::isCalculated);
    }
    if (!(node instanceof Map<?, ?> map)) {
      return true;
    }
    boolean isWord =
        "COLUMN_REF".equals(map.get("class"))
            && map.get("column_names") instanceof List<?> names
            && names.size() == 1
            && WORDS.contains(names.getFirst().toString().toLowerCase(Locale.ROOT));
    boolean isOpen = map.get("class") == null || CALCULATED.contains(map.get("class"));
    return isWord || (isOpen && map.values().stream().allMatch(Past::isCalculated));
  }

  /** A literal, or one that is cast: what it is cast to tells nothing that the clause does not. */
  private static String constant(Object expression) {
    if (!(expression instanceof Map<?, ?> map)) {
      return null;
    }
    if ("CAST".equals(map.get("class"))) {
      return constant(map.get("child"));
    }
    return map.get("literal") instanceof Map<?, ?> literal && literal.get("text") != null
        ? literal.get("text").toString()
        : null;
  }

  /** What {@code at_clause} names; {@code moment} is its expression as text. */
  Slice slice(TableName table, Map<?, ?> at, String moment) {
    return "VERSION".equals(at.get("unit"))
        ? version(table, constant(at.get("expr")))
        : slice(table, time(table, moment));
  }

  private Instant time(TableName table, String moment) {
    Object time = session.query("SELECT CAST((" + moment + ") AS TIMESTAMPTZ)", 1).single();
    if (time == null) {
      throw Failure.invalid("Cannot read %s as it was at NULL: AT takes a moment".formatted(table));
    }
    return (Instant) time;
  }

  /** {@code time} null for now. */
  Slice slice(TableName table, Instant time) {
    if (time == null || lake.head(table).isEmpty()) {
      return Slice.now(table);
    }
    return first(table, snapshot -> !snapshot.committedAt().isAfter(time))
        .orElseThrow(
            () ->
                gone(
                    table,
                    "as it was at " + time,
                    "the oldest kept is of " + oldest(table).committedAt()));
  }

  private Slice version(TableName table, String id) {
    return first(table, snapshot -> String.valueOf(snapshot.id()).equals(id))
        .orElseThrow(
            () ->
                gone(
                    table,
                    "at snapshot " + id,
                    "it is not, or no more, in its history; the newest is "
                        + lake.head(table).map(Snapshot::id).orElse(null)));
  }

  private Optional<Slice> first(TableName table, Predicate<Snapshot> wanted) {
    return lake.history(table).stream()
        .filter(wanted)
        .findFirst()
        .map(snapshot -> Slice.asOf(table, snapshot.id()));
  }

  private Snapshot oldest(TableName table) {
    List<Snapshot> history = lake.history(table);
    return history.getLast();
  }

  private static Failure gone(TableName table, String when, String why) {
    return Failure.invalid("Cannot read %s %s: %s".formatted(table, when, why));
  }
}
