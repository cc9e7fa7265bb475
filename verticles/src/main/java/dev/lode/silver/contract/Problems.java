package dev.lode.silver.contract;

import dev.lode.config.Nearest;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Gathers all that is wrong with one file, so that it can be mended in one go. */
final class Problems {
  private final Path file;
  private final Set<String> found = new LinkedHashSet<>();

  Problems(Path file) {
    this.file = file;
  }

  /** {@code place} is the way to the key: {@code schema.invoice.amount.masking}. */
  void add(String place, String what) {
    found.add(file + ": " + place + ": " + what);
  }

  /** A word that is none of those known: names the nearest, or all. */
  void unknown(String place, String what, String word, Collection<String> known) {
    String hint =
        Nearest.to(word, known)
            .map(nearest -> " (did you mean " + nearest + "?)")
            .orElse(" (known: " + String.join(", ", new TreeSet<>(known)) + ")");
    add(place, "unknown " + what + " " + word + hint);
  }

  List<String> found() {
    return List.copyOf(found);
  }
}
