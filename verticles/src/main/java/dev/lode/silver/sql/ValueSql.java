package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType;
import dev.lode.silver.contract.Normalise;
import dev.lode.silver.contract.Property;
import dev.lode.silver.contract.TimeFormat;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Locale;

/** One column's text made even, and read as its type; null where it cannot be, exactly. */
final class ValueSql {
  private static final int DIGITS_MAX = 38;
  private static final String WHOLE_NUMBER = "'\\s*[+-]?[0-9]+(\\.0*)?\\s*'";
  private static final String TO_TRIM = "^[ \\t\\r\\n]|[ \\t\\r\\n]$";
  private static final String TO_COLLAPSE = "\\s\\s|[\\t\\n\\f\\r]";
  private static final String ZONE_TOLD = "'[0-9]\\s*(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)\\s*$'";

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

  /** From {@code _text_x}. */
  static String typed(Property property) {
    String text = Quote.name("_text_" + property.name());
    var type = property.type();
    return switch (type.kind()) {
      case TEXT -> text;
      case INTEGER ->
          "CASE WHEN regexp_full_match(%1$s, %2$s) THEN TRY_CAST(%1$s AS %3$s) END"
              .formatted(text, WHOLE_NUMBER, type.sql());
      case DECIMAL ->
          ("CASE WHEN TRY_CAST(%1$s AS %2$s) = TRY_CAST(%1$s AS %3$s) AND NOT contains(%1$s, '_')"
                  + " THEN TRY_CAST(%1$s AS %3$s) END")
              .formatted(text, wide(type), type.sql());
      case FLOAT ->
          "CASE WHEN isfinite(TRY_CAST(%1$s AS %2$s)) THEN TRY_CAST(%1$s AS %2$s) END"
              .formatted(text, type.sql());
      case BOOLEAN, UUID -> "TRY_CAST(%s AS %s)".formatted(text, type.sql());
      case LIST -> "TRY_CAST(TRY_CAST(%s AS JSON) AS %s)".formatted(text, type.sql());
      case INSTANT -> finite(instant(property, text));
      case TIMESTAMP -> finite("(" + instant(property, text) + ") AT TIME ZONE 'UTC'");
      case DATE -> date(instant(property, text));
    };
  }

  /** As many digits before the point, and all others after it: shows what a cast would round. */
  static String wide(ColumnType type) {
    return "DECIMAL(%d,%d)".formatted(DIGITS_MAX, DIGITS_MAX - type.precision() + type.scale());
  }

  private static String finite(String value) {
    return "CASE WHEN isfinite(%1$s) THEN %1$s END".formatted(value);
  }

  /** A time within the day is lost in a date: such a text is none. */
  private static String date(String instant) {
    return """
        CASE WHEN %1$s = date_trunc('day', %1$s)
          THEN CAST((%1$s) AT TIME ZONE 'UTC' AS DATE) END"""
        .formatted(instant);
  }

  /** The engine's session is in UTC: a text without a zone is read as such. */
  private static String instant(Property property, String text) {
    String format = property.format();
    boolean elsewhere =
        !property.zone().equals(ZoneOffset.UTC) && property.type().kind() != ColumnType.Kind.DATE;
    String there = ") AT TIME ZONE " + Quote.text(property.zone().getId());
    if (format == null) {
      String iso = "TRY_CAST(" + text + " AS TIMESTAMPTZ)";
      return elsewhere
          ? "CASE WHEN regexp_matches(%s, %s) THEN %s ELSE (TRY_CAST(%s AS TIMESTAMP)%s END"
              .formatted(text, ZONE_TOLD, iso, text, there)
          : iso;
    }
    if (TimeFormat.epoch(format)) {
      return epoch(format, text);
    }
    String parsed = "try_strptime(%s, %s)".formatted(text, Quote.text(TimeFormat.strptime(format)));
    return elsewhere && !TimeFormat.zoned(format)
        ? "(CAST(" + parsed + " AS TIMESTAMP)" + there
        : "CAST(" + parsed + " AS TIMESTAMPTZ)";
  }

  private static String epoch(String format, String text) {
    String factor =
        switch (format) {
          case "epoch_s" -> "1000000";
          case "epoch_ms" -> "1000";
          default -> "1";
        };
    return "TRY(make_timestamptz(TRY_CAST(" + text + " AS BIGINT) * " + factor + "))";
  }
}
