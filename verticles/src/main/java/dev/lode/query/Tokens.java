package dev.lode.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a statement, as the engine's parser would split it. It decides nothing about what
 * may run: what is made with it is parsed and judged like any other statement.
 */
final class Tokens {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<space>\\s+|--[^\\n]*|/\\*.*?\\*/)"
              + "|(?<text>[eExX]?'(?:[^']|'')*'|\\$(?<tag>\\w*)\\$.*?\\$\\k<tag>\\$)"
              + "|(?<name>\"(?:[^\"]|\"\")*\")"
              + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*)"
              + "|(?<number>[0-9][0-9A-Za-z_.]*)"
              + "|(?<sign>=>|->>|->|::|.)",
          Pattern.DOTALL);

  private final List<Token> all = new ArrayList<>();
  private int deepest;

  Tokens(String sql) {
    Matcher matcher = TOKEN.matcher(sql);
    int depth = 0;
    int cases = 0;
    while (matcher.lookingAt()) {
      String text = matcher.group();
      if (matcher.group("space") == null) {
        boolean isWord = matcher.group("word") != null;
        depth -= text.matches("[)\\]}]") ? 1 : 0;
        String shown = isWord ? text.toUpperCase(Locale.ROOT) : text;
        all.add(new Token(shown, matcher.start(), matcher.end(), depth, isWord));
        depth += text.matches("[(\\[{]") ? 1 : 0;
        cases += shown.equals("CASE") ? 1 : shown.equals("END") ? -1 : 0;
        deepest = Math.max(deepest, Math.max(depth, cases));
      }
      matcher.region(matcher.end(), sql.length());
    }
  }

  List<Token> all() {
    return all;
  }

  /** How many brackets, or how many CASE, are open within each other. */
  int deepest() {
    return deepest;
  }

  boolean has(int at) {
    return at >= 0 && at < all.size();
  }

  /** Whether the bare word stands there. */
  boolean isAt(int at, String word) {
    return has(at) && all.get(at).is(word);
  }

  /**
   * The first from {@code from} on at {@code depth} that is one of these; -1 past their bracket.
   */
  int find(int from, int depth, List<String> words) {
    for (int at = from; at < all.size() && all.get(at).depth() >= depth; at++) {
      if (all.get(at).depth() == depth && words.contains(all.get(at).text())) {
        return at;
      }
    }
    return -1;
  }

  /** The first from {@code from} on that is outside of the bracket, or none. */
  int leaves(int from, int depth) {
    int at = from;
    while (at < all.size() && all.get(at).depth() >= depth && !all.get(at).is(";")) {
      at++;
    }
    return at;
  }
}
