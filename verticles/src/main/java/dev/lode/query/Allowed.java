package dev.lode.query;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The lists of {@code allowed.txt}; a section per kind of thing. */
final class Allowed {
  private static final String RESOURCE = "allowed.txt";
  private final Map<String, Set<String>> sections = new HashMap<>();

  private Allowed(List<String> lines) {
    Set<String> section = new HashSet<>();
    for (String line : lines) {
      if (line.startsWith("[")) {
        section = new HashSet<>();
        sections.put(line.substring(1, line.length() - 1), section);
      } else if (!line.startsWith("#") && !line.isBlank()) {
        section.addAll(List.of(line.strip().split("\\s+")));
      }
    }
  }

  static Allowed read() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                Allowed.class.getResourceAsStream(RESOURCE), StandardCharsets.UTF_8))) {
      return new Allowed(reader.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + RESOURCE, e);
    }
  }

  boolean operator(String name) {
    return has("operators", name);
  }

  boolean function(String name) {
    return has("functions", name);
  }

  boolean tableFunction(String name) {
    return has("table-functions", name);
  }

  boolean type(String name) {
    return has("types", name);
  }

  boolean expression(String name) {
    return has("expressions", name);
  }

  boolean node(String name) {
    return has("nodes", name);
  }

  private boolean has(String section, String name) {
    return sections.get(section).contains(name);
  }
}
