package dev.lode.vectors.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.RandomCases;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static final Pattern WORD = Pattern.compile("\\S+");

  /** Two markers, and one token for each started three letters of a word. */
  private static int tokens(String text) {
    return 2 + WORD.matcher(text).results().mapToInt(word -> (word.group().length() + 2) / 3).sum();
  }

  @Test
  void leavesAShortTextWhole() {
    assertThat(chunks(16, 0, "red mug")).containsExactly("red mug");
  }

  @Test
  void cutsAtTheBestSeparatorFirst() {
    String text = "\n## One\nab cd ef. gh ij kl\n## Two\nmn op qr. st uv wx";

    assertThat(chunks(16, 0, text))
        .containsExactly("\n## One\nab cd ef. gh ij kl", "\n## Two\nmn op qr. st uv wx");
  }

  @Test
  void fallsBackToSentencesWhereAParagraphIsTooLong() {
    String text = "ab cd ef gh ij kl. mn op qr st uv wx. yz ab cd ef gh ij.";

    assertThat(chunks(16, 0, text))
        .containsExactly("ab cd ef gh ij kl. mn op qr st uv wx. ", "yz ab cd ef gh ij.");
  }

  @Test
  void repeatsWholeWordsOfTheChunkBefore() {
    String text = "ab cd ef gh ij kl mn op qr st uv wx yz aa bb cc dd ee ff gg";

    assertThat(chunks(16, 5, text))
        .containsExactly(
            "ab cd ef gh ij kl mn op qr st uv wx yz aa ", "wx yz aa bb cc dd ee ff gg");
  }

  @Test
  void cutsAWordOnlyWhereItDoesNotFitAlone() {
    assertThat(chunks(16, 0, "a".repeat(100))).hasSize(3).allMatch(chunk -> chunk.length() <= 42);
  }

  @Test
  void losesNothingAndKeepsTheLimit() {
    RandomCases.check(
        500,
        random -> new Case(text(random), random.between(16, 40), random.between(0, 8)),
        ChunkerTest::losesNothing);
  }

  private record Case(String text, int maxTokens, int overlap) {}

  private static void losesNothing(Case drawn) {
    String text = drawn.text();
    List<String> chunks = chunks(drawn.maxTokens(), drawn.overlap(), text);

    assertThat(chunks).allMatch(chunk -> tokens(chunk) <= drawn.maxTokens());
    if (drawn.overlap() == 0) {
      assertThat(String.join("", chunks)).isEqualTo(text);
    }
    int covered = 0;
    for (String chunk : chunks) {
      int at = text.lastIndexOf(chunk, covered);
      assertThat(at).as("each begins in what is covered, or right after").isNotNegative();
      covered = Math.max(covered, at + chunk.length());
    }
    assertThat(covered).isEqualTo(text.length());
  }

  /** Words made of their numbers, so that a chunk can be at one place alone. */
  private static String text(RandomCases random) {
    var text = new StringBuilder();
    int pieces = random.between(1, 60);
    for (int i = 0; i < pieces; i++) {
      int length = random.one(1, 1, 2, 40);
      for (int j = 0; j < length; j++) {
        text.append("😀é").append(1000 * i + j);
      }
      text.append(random.one(" ", " ", " ", ". ", "\n\n", "\n## ", "\n### ", "  "));
    }
    return text.toString();
  }

  @Test
  void isQuickWithALongTextWithoutSeparators() {
    String text = "word ".repeat(100_000);
    var counted = new long[1];
    var chunker =
        new Chunker(
            new Chunking(256, 32, List.of()),
            part -> {
              counted[0] += part.length();
              return tokens(part);
            });

    List<String> chunks = chunker.chunks(text);

    assertThat(chunks).hasSizeGreaterThan(700);
    assertThat(counted[0]).as("characters counted").isLessThan(100L * text.length());
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> new Chunking(8, null, null))
        .hasMessage("Invalid max-tokens: 8 (must be at least 16)");
    assertThatThrownBy(() -> new Chunking(100, 60, null))
        .hasMessage("Invalid overlap-tokens: 60 (must be 0..50, half of max-tokens)");
    assertThatThrownBy(() -> new Chunking(100, 10, List.of("")))
        .hasMessage("Invalid separators: one is empty");
  }

  private static List<String> chunks(int maxTokens, int overlap, String text) {
    return new Chunker(new Chunking(maxTokens, overlap, null), ChunkerTest::tokens).chunks(text);
  }
}
