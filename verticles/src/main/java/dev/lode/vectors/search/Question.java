package dev.lode.vectors.search;

import dev.lode.codecs.Failure;
import dev.lode.vectors.text.Unit;
import java.util.Locale;

/**
 * What is looked for.
 *
 * @param vector of length one; null for mode KEYWORD
 * @param text may be null for mode VECTOR
 * @param topK at least 1
 */
public record Question(
    Mode mode, Unit vector, String text, Filter filter, Fusion fusion, int topK) {

  public enum Mode {
    VECTOR,
    KEYWORD,
    HYBRID
  }

  public static Mode mode(String name) {
    return switch (name) {
      case "vector" -> Mode.VECTOR;
      case "keyword" -> Mode.KEYWORD;
      case "hybrid" -> Mode.HYBRID;
      default -> throw Failure.invalid("Invalid mode: " + name + " (vector, keyword or hybrid)");
    };
  }

  public static Fusion fusion(String name) {
    return switch (name) {
      case "sum", "rrf" -> Fusion.valueOf(name.toUpperCase(Locale.ROOT));
      default -> throw Failure.invalid("Invalid fusion: " + name + " (sum or rrf)");
    };
  }
}
