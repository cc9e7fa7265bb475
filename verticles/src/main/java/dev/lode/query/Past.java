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
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Time travel: datasets as they were at a moment, or at a snapshot. In SQL by the engine's {@code
 * AT (VERSION => id)} and {@code AT (TIMESTAMP => 'time')}, with constants alone.
 */
final class Past {
  private final Lake lake;
  private final Session session;

  Past(Lake lake, Session session) {
    this.lake = requireNonNull(lake, "lake is null");
    this.session = requireNonNull(session, "session is null");
  }

  /** Whether AT names a dataset and a constant. {@code node}: the parser's of a table. */
  static boolean isNamed(Map<?, ?> node) {
    var at = (Map<?, ?>) node.get("at_clause");
    boolean isDataset = !String.valueOf(node.get("schema_name")).isEmpty();
    return isDataset && node.get("sample") == null && constant(at.get("expr")) != null;
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

  /** What {@code at_clause} names. */
  Slice slice(TableName table, Map<?, ?> at) {
    String value = constant(at.get("expr"));
    return "VERSION".equals(at.get("unit")) ? version(table, value) : slice(table, time(value));
  }

  private Instant time(String constant) {
    return (Instant) session.query("SELECT CAST(? AS TIMESTAMPTZ)", 1, constant).single();
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
