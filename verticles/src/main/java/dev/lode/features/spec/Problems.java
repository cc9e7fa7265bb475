package dev.lode.features.spec;

import dev.lode.config.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What is wrong, each with its place; the places are nested, the list is one. */
final class Problems {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,99}");

  private final String place;
  private final List<String> found;

  Problems() {
    this("", new ArrayList<>());
  }

  private Problems(String place, List<String> found) {
    this.place = place;
    this.found = found;
  }

  Problems in(String part) {
    return new Problems(place + part + ": ", found);
  }

  void add(String problem) {
    found.add(place + problem);
  }

  List<String> found() {
    return List.copyOf(found);
  }

  boolean check(boolean holds, String problem) {
    if (!holds) {
      add(problem);
    }
    return holds;
  }

  /** Names become columns and tables, so they are all of one simple form. */
  void name(String name) {
    check(
        name != null && NAME.matcher(name).matches(),
        "invalid name " + name + " (must match " + NAME + ")");
  }

  /** The value, or null and a problem where reading it fails. */
  <T> T read(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (IllegalArgumentException e) {
      add(e.getMessage());
      return null;
    }
  }

  ValueType type(String type) {
    if (type == null) {
      add("no type (" + ValueType.KNOWN + ")");
      return null;
    }
    return read(() -> ValueType.parse(type));
  }

  /** {@code unknown entity custmer (did you mean customer?)}. */
  void unknown(String what, String name, Collection<String> known) {
    add("unknown " + what + " " + name + " " + hint(name, known));
  }

  static String hint(String name, Collection<String> known) {
    return Nearest.to(String.valueOf(name), known)
        .map(near -> "(did you mean " + near + "?)")
        .orElse("(known: " + String.join(", ", known.stream().sorted().toList()) + ")");
  }
}
