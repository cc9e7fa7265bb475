package dev.lode.tools;

import dev.lode.codecs.Failure;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

/** Checked arguments of a call, by type; an absent one has its default. */
record Arguments(Map<String, Object> values) {

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) {
    return (String) values.get(name);
  }

  String text(String name, String absent) {
    return (String) values.getOrDefault(name, absent);
  }

  int number(String name, int absent) {
    return ((Number) values.getOrDefault(name, absent)).intValue();
  }

  boolean flag(String name, boolean absent) {
    return (Boolean) values.getOrDefault(name, absent);
  }

  Object value(String name) {
    return values.get(name);
  }

  /** Empty where it is absent. */
  @SuppressWarnings("unchecked")
  Map<String, Object> object(String name) {
    return (Map<String, Object>) values.getOrDefault(name, Map.of());
  }

  /** Empty where it is absent. */
  @SuppressWarnings("unchecked")
  <T> List<T> list(String name) {
    return (List<T>) values.getOrDefault(name, List.of());
  }

  Instant time(String name) {
    String text = text(name);
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw Failure.invalid(
          "Invalid %s: \"%s\" (must be ISO-8601 with a zone, 2011-01-31T00:00:00Z)"
              .formatted(name, text));
    }
  }

  /** The one of {@code names} that was given; none or several are refused. */
  String only(String... names) {
    var given = List.of(names).stream().filter(this::has).toList();
    if (given.size() != 1) {
      throw Failure.invalid(
          "Cannot call with %s: give exactly one of %s"
              .formatted(
                  given.isEmpty() ? "none of them" : String.join(" and ", given),
                  String.join(", ", names)));
    }
    return given.getFirst();
  }
}
