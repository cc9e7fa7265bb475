package dev.lode.vectors.search;

import dev.lode.codecs.Failure;
import dev.lode.vectors.text.Unit;
import java.util.Locale;

/**
 * What is looked for.
 *
 * @param vector of length one; null for mode KEYWORD
 * @param text may be null for mode VECTOR
 * @param documents whether hits are documents, each with its best chunk; else chunks
 * @param topK at least 1
 */
public record Question(
    Mode mode,
    Unit vector,
    String text,
    Filter filter,
    Fusion fusion,
    boolean documents,
    int topK) {

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

  /** Whether hits are documents. */
  public static boolean documents(String groupBy) {
    return switch (groupBy) {
      case "document" -> true;
      case "none" -> false;
      default -> throw Failure.invalid("Invalid group_by: " + groupBy + " (document or none)");
    };
  }

  public static Fusion fusion(String name) {
    return switch (name) {
      case "sum", "rrf" -> Fusion.valueOf(name.toUpperCase(Locale.ROOT));
      default -> throw Failure.invalid("Invalid fusion: " + name + " (sum or rrf)");
    };
  }
}
