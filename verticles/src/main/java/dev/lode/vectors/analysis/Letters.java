package dev.lode.vectors.analysis;

import java.io.IOException;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/**
 * Marks single letters and digits, {@code vitamin c}, {@code plan b}: they say little, and a text
 * does not become longer by them. A sign that is a word by itself, as in Chinese, is none.
 */
final class Letters extends TokenFilter {
  static final String TYPE = "letter";

  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private final PositionIncrementAttribute position =
      addAttribute(PositionIncrementAttribute.class);
  private final TypeAttribute type = addAttribute(TypeAttribute.class);
  private boolean first;

  Letters(TokenStream words) {
    super(words);
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (!input.incrementToken()) {
      return false;
    }
    if (isLetter()) {
      type.setType(TYPE);
      position.setPositionIncrement(first ? 1 : 0);
    }
    first = false;
    return true;
  }

  private boolean isLetter() {
    return term.length() == 1
        && (Character.isDigit(term.charAt(0)) || Character.isAlphabetic(term.charAt(0)))
        && Character.getType(term.charAt(0)) != Character.OTHER_LETTER;
  }

  @Override
  public void reset() throws IOException {
    super.reset();
    first = true;
  }
}
