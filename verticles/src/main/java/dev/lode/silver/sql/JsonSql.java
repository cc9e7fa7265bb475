package dev.lode.silver.sql;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * JSON whose numbers keep the digits that were sent. The engine's parser reads a number with a
 * point or an exponent as a double, and shows the double: {@code 1.000000000000000001} becomes 1.0,
 * and {@code 1.10} becomes 1.1. Where that would change a number, all of them are put into quotes
 * before the parser sees them, with a mark that cannot be in the record: a digest of it.
 */
final class JsonSql {
  private static final String MANY_DIGITS = "'[.][0-9]{9}'";

  /** Of numbers that lose digits and have fewer after the point, the parser shows as many. */
  private static final int SHOWN_MIN = 10;

  private static final String NUMBERS =
      "((?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\"0-9-])*)(-?[0-9][0-9.eE+-]*|-|$)";
  private static final int MARK = 32;
  private static final String ITEMS = "TRY_CAST(TRY_CAST(%s AS JSON) AS VARCHAR[])";

  private JsonSql() {}

  /**
   * Whether the parser may have changed a number of {@code json}.
   *
   * @param numbers texts of the parser that shall be numbers
   * @param texts texts of the parser that shall be as they were sent
   */
  static String changes(String json, List<String> numbers, List<String> texts) {
    return Stream.of(
            Stream.of("regexp_matches(%s, %s)".formatted(json, MANY_DIGITS)),
            numbers.stream().map(JsonSql::isLong),
            texts.stream().map(JsonSql::isSuspect))
        .flatMap(each -> each)
        .collect(Collectors.joining(" OR "));
  }

  private static String isLong(String number) {
    return "CASE WHEN strlen(%1$s) >= %2$d THEN regexp_matches(%1$s, '[.e]') END"
        .formatted(number, SHOWN_MIN);
  }

  /**
   * Begins as a number, an object or a list does, and has a point; -0 is shown without its sign.
   */
  private static String isSuspect(String text) {
    return """
    CASE WHEN ascii(%1$s) < 58
        THEN contains(%1$s, '.') OR %1$s = '0' OR regexp_full_match(%1$s, '-?[0-9]+e[+-]?[0-9]+')
      WHEN ascii(%1$s) IN (91, 123) THEN regexp_matches(%1$s, '[.e]') END\
    """
        .formatted(text);
  }

  /** What {@code texts} takes out of {@code json}, which is valid: a list of texts. */
  static String exact(String json, UnaryOperator<String> texts) {
    return unmarked(texts, json);
  }

  /** The elements of a list that is JSON, as texts; null where it is none. */
  static String items(String json) {
    return "CASE WHEN regexp_matches(%1$s, '[.eE]|-0') THEN %2$s ELSE %3$s END"
        .formatted(json, unmarked(ITEMS::formatted, json), ITEMS.formatted(json));
  }

  private static String unmarked(UnaryOperator<String> texts, String json) {
    String mark = "md5(" + json + ")";
    String marked =
        ("CASE WHEN json_valid(%1$s) THEN regexp_replace(%1$s, '%2$s',"
                + " '\\1\"' || %3$s || '\\2' || %3$s || '\"', 'g') END")
            .formatted(json, NUMBERS, mark);
    String whole = "left(%s, -%d)".formatted(marked, 2 * MARK + 2);
    return """
    list_transform(%1$s, lambda one: replace(replace(replace(one,
      '"' || %2$s, ''), %2$s || '"', ''), %2$s, ''))\
    """
        .formatted(texts.apply(whole), mark);
  }
}
