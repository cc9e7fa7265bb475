package dev.lode.vectors.analysis;

import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.TypeAttribute;

/**
 * Adds to words with a hyphen between them what they are without it: {@code AB-1234} is {@code ab},
 * {@code 1234} and {@code ab1234}. The joined form stands where its last part does, so a text does
 * not become longer by it.
 */
final class JoinedForms extends TokenFilter {
  static final String TYPE = "joined";

  private static final char HYPHEN = '-';

  /** U.S.A. is a word. */
  private static final Pattern INITIALS =
      Pattern.compile(
          "(?<![\\p{L}\\p{N}])(\\p{L}\\.){2,}|"
              + "(?<![\\p{L}\\p{N}])(\\p{L}\\.)+\\p{L}(?![\\p{L}\\p{N}])");

  /** What people part words by; dots only beside a letter, so that 1.5 stays a number. */
  private static final Pattern PARTING =
      Pattern.compile(
          "[_\u2010\u2011\u2212]"
              + "|(?<=\\p{L}\\p{M}{0,4})\\.(?=[\\p{L}\\p{N}])|(?<=\\p{N})\\.(?=\\p{L})");

  private final CharSequence text;
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private final OffsetAttribute offset = addAttribute(OffsetAttribute.class);
  private final PositionIncrementAttribute position =
      addAttribute(PositionIncrementAttribute.class);
  private final TypeAttribute type = addAttribute(TypeAttribute.class);

  private final StringBuilder joined = new StringBuilder();
  private int parts;
  private int end = -1;
  private State next;
  private boolean exhausted;

  /**
   * @param text where the words stand, as {@link #hyphenated} wrote it
   */
  JoinedForms(TokenStream words, CharSequence text) {
    super(words);
    this.text = text;
  }

  /** The text with a hyphen, of one kind, for whatever parts the parts of a word. */
  static String hyphenated(String text) {
    String words = INITIALS.matcher(text).replaceAll(initials -> initials.group().replace(".", ""));
    return PARTING.matcher(words).replaceAll("-");
  }

  @Override
  public boolean incrementToken() throws IOException {
    if (next != null) {
      restoreState(next);
      next = null;
      begin();
      return true;
    }
    if (exhausted || !input.incrementToken()) {
      exhausted = true;
      return parts > 1 && join();
    }
    if (continues()) {
      add();
      return true;
    }
    if (parts > 1) {
      next = captureState();
      return join();
    }
    begin();
    return true;
  }

  private boolean continues() {
    return parts > 0
        && offset.startOffset() == end + 1
        && end < text.length()
        && text.charAt(end) == HYPHEN;
  }

  private void begin() {
    joined.setLength(0);
    parts = 0;
    add();
  }

  private void add() {
    joined.append(term);
    parts++;
    end = offset.endOffset();
  }

  private boolean join() {
    clearAttributes();
    term.setEmpty().append(joined);
    position.setPositionIncrement(0);
    type.setType(TYPE);
    offset.setOffset(end, end);
    parts = 0;
    return true;
  }

  @Override
  public void reset() throws IOException {
    super.reset();
    parts = 0;
    end = -1;
    next = null;
    exhausted = false;
  }
}
