package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType;
import dev.lode.silver.contract.ColumnType.Kind;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Normalise;
import dev.lode.silver.contract.Property;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One column's text made even, and read as its type; null where it cannot be, exactly. */
final class ValueSql {
  private static final String TO_TRIM = "^[ \\t\\r\\n]|[ \\t\\r\\n]$";
  private static final String TO_COLLAPSE = "\\s\\s|[\\t\\n\\f\\r]";

  private ValueSql() {}

  /** From {@code _raw_x}; an empty text is none. */
  static String text(Property property) {
    String text = Quote.name("_raw_" + property.name());
    if (property.expression() != null) {
      text =
          "CAST((%s) AS VARCHAR)"
              .formatted(
                  property
                      .expression()
                      .replace("{property}", text)
                      .replace("{payload}", "_payload"));
    }
    var steps = new ArrayDeque<>(property.normalise());
    while (!steps.isEmpty()) {
      text = isBlank(steps.element()) ? blanks(steps, text) : step(steps.remove(), text);
    }
    return "nullif(" + text + ", '')";
  }

  private static boolean isBlank(Normalise step) {
    return step instanceof Normalise.Trim || step instanceof Normalise.Collapse;
  }

  /** Few texts have anything to trim or collapse: to look costs a third of doing it. */
  private static String blanks(Deque<Normalise> steps, String text) {
    var found = new ArrayList<String>();
    String even = text;
    while (!steps.isEmpty() && isBlank(steps.element())) {
      var step = steps.remove();
      found.add(step instanceof Normalise.Trim ? TO_TRIM : TO_COLLAPSE);
      even = step(step, even);
    }
    return "CASE WHEN regexp_matches(%1$s, '%2$s') THEN %3$s ELSE %1$s END"
        .formatted(text, String.join("|", found), even);
  }

  private static String step(Normalise step, String text) {
    return switch (step) {
      case Normalise.Trim _ -> "trim(" + text + ", E' \\t\\r\\n')";
      case Normalise.Upper _ -> "upper(" + text + ")";
      case Normalise.Lower _ -> "lower(" + text + ")";
      case Normalise.Collapse _ -> "regexp_replace(" + text + ", '\\s+', ' ', 'g')";
      case Normalise.Digits _ -> "regexp_replace(" + text + ", '[^0-9]', '', 'g')";
      case Normalise.StripSuffix strip ->
          "CASE WHEN ends_with(%1$s, %2$s) THEN left(%1$s, length(%1$s) - %3$d) ELSE %1$s END"
              .formatted(text, Quote.text(strip.suffix()), strip.suffix().length());
      case Normalise.NullTokens none ->
          "CASE WHEN lower(%1$s) NOT IN (%2$s) THEN %1$s END"
              .formatted(
                  text,
                  Quote.texts(
                      none.tokens().stream().map(word -> word.toLowerCase(Locale.ROOT)).toList()));
    };
  }

  /** From {@code _text_x} and {@code _plain}. In a key zero has no sign: it names one row. */
  static String typed(Contract contract, Property property) {
    String text = Quote.name("_text_" + property.name());
    if (property.type().kind() == Kind.LIST) {
      return list(property, text);
    }
    String value =
        typed(
            property,
            property.type(),
            text,
            "_plain[" + (exact(contract).indexOf(property) + 1) + "]");
    boolean names =
        contract.key().contains(property.name()) || contract.formerKey().contains(property);
    boolean signed = names && property.type().kind() == Kind.FLOAT;
    return signed ? "(" + value + ") + 0" : value;
  }

  /** Exact numbers with an exponent, written without; null where no column has one. */
  static String plain(Contract contract) {
    var exact = exact(contract);
    if (exact.isEmpty()) {
      return "NULL::VARCHAR[]";
    }
    var texts = exact.stream().map(each -> Quote.name("_text_" + each.name())).toList();
    String any =
        texts.stream()
            .map(text -> "contains(%1$s, 'e') OR contains(%1$s, 'E')".formatted(text))
            .collect(Collectors.joining(" OR "));
    return "CASE WHEN %s THEN list_transform([%s], lambda text: %s) END"
        .formatted(any, String.join(", ", texts), NumberSql.unfolded("text"));
  }

  private static List<Property> exact(Contract contract) {
    return Stream.concat(contract.properties().stream(), contract.formerKey().stream())
        .filter(each -> each.type().kind().numeric() && each.type().kind() != Kind.FLOAT)
        .toList();
  }

  /**
   * @param plain the text without an exponent, if it has one; null where it surely has none
   */
  private static String typed(Property property, ColumnType type, String text, String plain) {
    return switch (type.kind()) {
      case TEXT -> text;
      case INTEGER, DECIMAL -> NumberSql.exact(text, plain, type);
      case FLOAT -> NumberSql.real(text, type);
      case BOOLEAN, UUID -> "TRY_CAST(%s AS %s)".formatted(text, type.sql());
      case INSTANT, TIMESTAMP, DATE -> TimeSql.read(property, type, text);
      case LIST -> throw new IllegalArgumentException("a list of lists: " + type.sql());
    };
  }

  /** Null unless each element is none, or can be read as a column of its type would be. */
  private static String list(Property property, String text) {
    var element = property.type().element();
    return """
    list_transform([%s], lambda texts: CASE
      WHEN len(list_filter(%s, lambda bad: bad)) = 0
      THEN list_transform(texts, lambda text: %s) END)[1]\
    """
        .formatted(
            elements(property, text), unreadable(property, "texts"), element(property, element));
  }

  /** Of each of {@code texts}, whether it is a value and cannot be read. */
  private static String unreadable(Property property, String texts) {
    return "list_transform(%s, lambda text: text IS NOT NULL AND %s IS NULL)"
        .formatted(texts, element(property, property.type().element()));
  }

  private static String element(Property property, ColumnType type) {
    return "(" + typed(property, type, "text", null) + ")";
  }

  /** As in a column, an empty text is no value, but in a list of texts. */
  private static String elements(Property property, String text) {
    var kind = property.type().element().kind();
    String items = JsonSql.items(text);
    if (kind == Kind.TEXT) {
      return items;
    }
    String item = "nullif(item, '')";
    boolean folded = kind == Kind.INTEGER || kind == Kind.DECIMAL;
    return "list_transform((%s), lambda item: %s)"
        .formatted(
            items, folded ? "coalesce(%s, %s)".formatted(NumberSql.unfolded("item"), item) : item);
  }

  /** {@code element 2 'x'} of a list: the first that cannot be read; null where it is no list. */
  static String unreadableElement(Property property, String shown) {
    String text = Quote.name("_text_" + property.name());
    return """
    list_transform([%s], lambda texts: list_transform([list_position(%s, true)], lambda spot:
      ' element ' || spot || ' ' || %s)[1])[1]\
    """
        .formatted(elements(property, text), unreadable(property, "texts"), shown);
  }
}
