package dev.lode.query;

/**
 * A word or sign of a statement.
 *
 * @param text of a bare word in upper case, else as it stands
 * @param depth how many brackets are open around it
 */
record Token(String text, int start, int end, int depth, boolean isWord) {
  boolean is(String word) {
    return text.equals(word);
  }
}
