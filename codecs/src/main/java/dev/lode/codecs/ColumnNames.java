package dev.lode.codecs;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** How names of columns are compared, of CSV and JSON alike, where none is exactly the same. */
public final class ColumnNames {
  private static final Pattern LOOSE = Pattern.compile("[ \\x{A0}\\r\\n\\f_(){}/:'\"\\[\\]\\\\-]");

  private ColumnNames() {}

  /** Without case, blanks and punctuation; a dot stays, because it parts an object from a name. */
  public static String folded(String name) {
    String bare = LOOSE.matcher(name).replaceAll("");
    // Letter by letter, as the engine does it.
    return Normalizer.normalize(bare, Normalizer.Form.NFC)
        .codePoints()
        .map(Character::toLowerCase)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
