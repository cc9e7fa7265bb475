package dev.lode.vectors.text;

import java.util.List;

/**
 * How long texts are cut.
 *
 * @param maxTokens of one chunk, the embedder's markers included; default 256
 * @param overlapTokens of the text before that a chunk repeats; default 32
 * @param separators where to cut, best first; default headings, paragraphs, sentences
 */
public record Chunking(Integer maxTokens, Integer overlapTokens, List<String> separators) {
  /** The embedder's two markers, and room for a few words. */
  private static final int TOKENS_MIN = 16;

  public static final Chunking DEFAULT = new Chunking(null, null, null);

  public Chunking {
    maxTokens = maxTokens == null ? 256 : maxTokens;
    overlapTokens = overlapTokens == null ? Math.min(32, maxTokens / 8) : overlapTokens;
    separators =
        separators == null ? List.of("\n## ", "\n### ", "\n\n", ". ") : List.copyOf(separators);
    if (maxTokens < TOKENS_MIN) {
      throw new IllegalArgumentException(
          "Invalid max-tokens: " + maxTokens + " (must be at least " + TOKENS_MIN + ")");
    }
    if (overlapTokens < 0 || overlapTokens > maxTokens / 2) {
      throw new IllegalArgumentException(
          "Invalid overlap-tokens: %d (must be 0..%d, half of max-tokens)"
              .formatted(overlapTokens, maxTokens / 2));
    }
    if (separators.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("Invalid separators: one is empty");
    }
  }
}
