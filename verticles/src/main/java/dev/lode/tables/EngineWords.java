package dev.lode.tables;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The vocabulary of the engine's own messages. */
final class EngineWords {
  private static final String VOCABULARY = "engine-words.txt";
  private static final Set<String> WORDS = words();

  private EngineWords() {}

  static boolean has(String word) {
    return WORDS.contains(word.toLowerCase(Locale.ROOT));
  }

  private static Set<String> words() {
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                EngineWords.class.getResourceAsStream(VOCABULARY), StandardCharsets.UTF_8))) {
      var words = new HashSet<String>();
      reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> words.addAll(List.of(line.split(" "))));
      return Set.copyOf(words);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + VOCABULARY, e);
    }
  }
}
