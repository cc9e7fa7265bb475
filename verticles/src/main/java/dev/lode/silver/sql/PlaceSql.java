package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType.Kind;
import dev.lode.silver.contract.Contract;
import java.util.ArrayList;
import java.util.List;

/**
 * A record's place in the order of its source, as a list of whole numbers that is compared element
 * by element. A column of whole numbers or times is one element. What else is ordered by is a text:
 * a number is compared by all of its digits, a position of a log (0/16B3748) as the number that it
 * writes, a time by all of its fraction. Such a text is {@link #WIDTH} elements: the number rounded
 * down and cut to 64 bits, by how much more it is (two elements), and 36 digits after the point
 * (two elements). At the end of the list zeros are left out: so a whole number is one element, as
 * it always was, and a shorter list comes first.
 */
final class PlaceSql {
  private static final int WIDTH = 5;
  private static final String WHOLE = "'[+-]?[0-9]{1,18}'";

  /** Of Postgres' log, as it prints them: two halves of 32 bits, in hexadecimal. */
  private static final String LSN = "'\\s*[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}\\s*'";

  private static final String POWER_18 = "1000000000000000000";
  private static final String POWER_36 = POWER_18 + "0".repeat(18);
  private static final String LONG_MAX = Long.MAX_VALUE + "::HUGEINT";
  private static final int DIGITS_MAX = 36;

  private final Contract contract;

  PlaceSql(Contract contract) {
    this.contract = contract;
  }

  /** Of {@code typed}; null where an item is not told or cannot be compared. */
  String ordering() {
    int count = contract.ordering().size();
    if (count == 0) {
      return "[]::BIGINT[]";
    }
    var items = new ArrayList<String>();
    boolean single = true;
    for (int i = 0; i < count; i++) {
      String text = text(i);
      single &= text == null;
      items.add(text == null ? number(contract.ordering().get(i)) : place(text));
    }
    return single ? numbers(items) : count == 1 ? items.getFirst() : lists(items);
  }

  private static String numbers(List<String> items) {
    return "CASE WHEN %s IS NOT NULL THEN [%s] END"
        .formatted(String.join(" IS NOT NULL AND ", items), String.join(", ", items));
  }

  private String lists(List<String> items) {
    var told = new ArrayList<String>();
    var places = new ArrayList<String>();
    for (int i = 0; i < items.size(); i++) {
      String item = "_item.i" + i;
      told.add(item + " IS NOT NULL");
      places.add(
          text(i) == null
              ? "[" + item + "]"
              : isLast(i) ? item : "list_resize(%s, %d, 0)".formatted(item, WIDTH));
      items.set(i, "i" + i + ": " + items.get(i));
    }
    return let(
        "{" + String.join(", ", items) + "}",
        "_item",
        "CASE WHEN %s THEN list_concat(%s) END"
            .formatted(String.join(" AND ", told), String.join(", ", places)));
  }

  /**
   * The list in {@code column} as it would be written now: before texts were compared by all digits
   * each item was one element.
   */
  String stored(String column) {
    var items = new ArrayList<String>();
    boolean grew = false;
    for (int i = 0; i < contract.ordering().size(); i++) {
      boolean wide = text(i) != null && !isLast(i);
      items.add(column + "[" + (i + 1) + "]" + (wide ? ", 0".repeat(WIDTH - 1) : ""));
      grew |= wide;
    }
    return grew
        ? "CASE WHEN len(%1$s) = %2$d THEN [%3$s] ELSE %1$s END"
            .formatted(column, items.size(), String.join(", ", items))
        : column;
  }

  private boolean isLast(int item) {
    return item == contract.ordering().size() - 1;
  }

  /** The column with the text of an item; null where it is a column of whole numbers or times. */
  private String text(int item) {
    String name = contract.ordering().get(item);
    var property = contract.property(name);
    if (property.isEmpty()) {
      return Quote.name(Reading.ORDER + item);
    }
    var kind = property.get().type().kind();
    return kind == Kind.INTEGER || kind.timely() ? null : Quote.name("_text_" + name);
  }

  private String number(String column) {
    String value = Quote.name(column);
    return contract.property(column).orElseThrow().type().kind().timely()
        ? "epoch_us(CAST(" + value + " AS TIMESTAMPTZ))"
        : "CAST(" + value + " AS BIGINT)";
  }

  /** Of a text, without zeros at its end; null where it is neither a number nor a time. */
  static String place(String text) {
    return """
    CASE WHEN regexp_full_match(%1$s, %2$s) THEN [CAST(%1$s AS BIGINT)]
      WHEN regexp_full_match(%1$s, %3$s) THEN %4$s
      WHEN regexp_full_match(%1$s, %6$s) THEN %7$s
      ELSE %5$s END\
    """
        .formatted(text, WHOLE, NumberSql.NUMBER, digits(text), time(text), LSN, position(text));
  }

  /** Equal to the number that other connectors give for the same position. */
  private static String position(String text) {
    String half = "CAST('0x' || trim(split_part(%s, '/', %d)) AS HUGEINT)";
    return digits(
        "CAST(%s * 4294967296 + %s AS VARCHAR)"
            .formatted(half.formatted(text, 1), half.formatted(text, 2)));
  }

  private static String digits(String text) {
    return trimmed(
        let(
            NumberSql.plain(text),
            "plain",
            let(
                "{w: split_part(ltrim(plain, '-'), '.', 1),"
                    + " f: rtrim(split_part(plain, '.', 2), '0'), n: starts_with(plain, '-')}",
                "_part",
                """
                CASE WHEN length(_part.w) <= %1$d AND length(_part.f) <= %1$d THEN %2$s END\
                """
                    .formatted(DIGITS_MAX, signed()))));
  }

  /** Rounded down, so that what is after the point is never negative. */
  private static String signed() {
    return let(
        "{w: _part.w::HUGEINT, f: rpad(_part.f, %d, '0')::HUGEINT}".formatted(DIGITS_MAX),
        "_size",
        let(
            """
            CASE WHEN NOT _part.n THEN _size
              WHEN _size.f = 0 THEN {w: -_size.w, f: _size.f}
              ELSE {w: -_size.w - 1, f: %s::HUGEINT - _size.f} END\
            """
                .formatted(POWER_36),
            "_down",
            """
            CASE WHEN _down.w >= %3$d THEN [
              least(_down.w, %1$s)::BIGINT,
              (greatest(_down.w - %1$s, 0) // %2$s)::BIGINT,
              (greatest(_down.w - %1$s, 0) %% %2$s)::BIGINT,
              (_down.f // %2$s)::BIGINT,
              (_down.f %% %2$s)::BIGINT] END\
            """
                .formatted(LONG_MAX, POWER_18, Long.MIN_VALUE + 1)));
  }

  /** Microseconds, then the digits of the fraction that a time of the engine does not hold. */
  private static String time(String text) {
    String finer = "regexp_extract(%s, '[.][0-9]{6}([0-9]{1,18})', 1)".formatted(text);
    return """
    CASE WHEN regexp_matches(%1$s, '[.][0-9]{7}') THEN %2$s
      WHEN %3$s IS NOT NULL THEN [epoch_us(%3$s)] END\
    """
        .formatted(
            text,
            trimmed(
                "[epoch_us(%s), 0, 0, rpad(%s, 18, '0')::BIGINT, 0]"
                    .formatted(instant(text), finer)),
            instant(text));
  }

  private static String instant(String text) {
    return "(" + TimeSql.utc(cut(text)) + ")";
  }

  private static String cut(String text) {
    return "regexp_replace(%s, '([.][0-9]{6})[0-9]+', '\\1')".formatted(text);
  }

  private static String trimmed(String list) {
    return let(
        list,
        "wide",
        """
        CASE WHEN wide[1] IS NULL THEN NULL WHEN wide[5] <> 0 THEN wide
          WHEN wide[4] <> 0 THEN wide[:4] WHEN wide[3] <> 0 THEN wide[:3]
          WHEN wide[2] <> 0 THEN wide[:2] ELSE wide[:1] END\
        """);
  }

  /** {@code body} with {@code value} computed once, as {@code name}. */
  static String let(String value, String name, String body) {
    return "list_transform([%s], lambda %s: %s)[1]".formatted(value, name, body);
  }
}
