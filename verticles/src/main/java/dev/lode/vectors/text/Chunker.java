package dev.lode.vectors.text;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;

/**
 * Cuts a text into chunks that its reader takes whole. Chunks are substrings in order, each begins
 * at or before the end of the one before, so nothing is lost; none has more than {@code maxTokens}.
 * Cuts fall on the best separator that makes the parts fit, else between words, else inside one.
 */
public final class Chunker {
  private final Chunking chunking;
  private final ToIntFunction<String> tokens;

  /**
   * @param tokens counts the tokens of a text, as the embedder will
   */
  public Chunker(Chunking chunking, ToIntFunction<String> tokens) {
    this.chunking = requireNonNull(chunking, "chunking is null");
    this.tokens = requireNonNull(tokens, "tokens is null");
  }

  public List<String> chunks(String text) {
    if (fits(text)) {
      return List.of(text);
    }
    var parts = new ArrayList<Part>();
    split(text, new Part(0, text.length()), 0, parts);
    return merge(text, parts);
  }

  private record Part(int from, int to) {
    String of(String text) {
      return text.substring(from, to);
    }
  }

  private boolean fits(String text) {
    return tokens.applyAsInt(text) <= chunking.maxTokens();
  }

  /** Adds to {@code parts} what {@code whole} consists of, each part fitting. */
  private void split(String text, Part whole, int level, List<Part> parts) {
    if (fits(whole.of(text))) {
      parts.add(whole);
    } else if (level == chunking.separators().size()) {
      cut(text, whole, parts);
    } else {
      for (Part part : separated(text, whole, chunking.separators().get(level))) {
        split(text, part, level + 1, parts);
      }
    }
  }

  /** A separator that begins a line begins its part; another one ends it. */
  private static List<Part> separated(String text, Part whole, String separator) {
    var parts = new ArrayList<Part>();
    int lead = separator.startsWith("\n") ? 0 : separator.length();
    int from = whole.from();
    int at = text.indexOf(separator, from + 1 - Math.min(1, lead));
    while (at >= 0 && at + lead < whole.to()) {
      parts.add(new Part(from, at + lead));
      from = at + lead;
      at = text.indexOf(separator, at + separator.length());
    }
    parts.add(new Part(from, whole.to()));
    return parts;
  }

  /** Without separators left: as many words as fit, again and again. */
  private void cut(String text, Part whole, List<Part> parts) {
    int from = whole.from();
    while (from < whole.to()) {
      int start = from;
      int end = last(start + 1, whole.to(), to -> fits(text.substring(start, to)));
      int word = end;
      while (word > start && word < whole.to() && !isBoundary(text, word)) {
        word--;
      }
      end = word > start ? word : whole(text, start, end);
      parts.add(new Part(start, end));
      from = end;
    }
  }

  private static boolean isBoundary(String text, int at) {
    return Character.isWhitespace(text.charAt(at - 1));
  }

  /** Not between the halves of a surrogate pair. */
  private static int whole(String text, int start, int end) {
    boolean splits = end < text.length() && Character.isLowSurrogate(text.charAt(end));
    return splits ? (end - 1 > start ? end - 1 : end + 1) : end;
  }

  /**
   * The greatest of low..high that holds, taken to hold up to some point; low if none does. Steps
   * grow from small ones: a long text is not counted whole for each of its chunks.
   */
  private static int last(int low, int high, IntPredicate holds) {
    int good = low;
    int step = 64;
    while (good + step <= high && holds.test(good + step)) {
      good += step;
      step *= 2;
    }
    int bad = Math.min(good + step, high + 1);
    while (bad - good > 1) {
      int middle = (good + bad) >>> 1;
      if (holds.test(middle)) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }

  /** Joins neighbours as long as they fit together, and lets each chunk repeat some of the last. */
  private List<String> merge(String text, List<Part> parts) {
    var chunks = new ArrayList<String>();
    int from = 0;
    int to = 0;
    for (Part part : parts) {
      if (to > 0 && !fits(text.substring(from, part.to()))) {
        chunks.add(text.substring(from, to));
        from = overlap(text, from, part);
      }
      to = part.to();
    }
    chunks.add(text.substring(from, to));
    return chunks;
  }

  /** Where the chunk that brings {@code next} begins: at a word, and no earlier than fits. */
  private int overlap(String text, int after, Part next) {
    int end = next.from();
    int start = end;
    for (int at = end - 1; at > after; at--) {
      if (isBoundary(text, at)) {
        boolean small = tokens.applyAsInt(text.substring(at, end)) <= chunking.overlapTokens();
        if (!small || !fits(text.substring(at, next.to()))) {
          break;
        }
        start = at;
      }
    }
    return start;
  }
}
