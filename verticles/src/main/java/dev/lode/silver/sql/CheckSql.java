package dev.lode.silver.sql;

import dev.lode.silver.contract.Check;
import dev.lode.silver.contract.ColumnType;
import dev.lode.silver.contract.ColumnType.Kind;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Property;
import dev.lode.silver.contract.Rule;
import java.util.ArrayList;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** When a record fails a row rule, and the sentence that says so without telling a hidden value. */
final class CheckSql {
  private static final int SHOWN = 64;
  private static final int NAMES_SHOWN = 200;

  private final Contract contract;
  private final Unsent unsent;

  CheckSql(Contract contract) {
    this.unsent = new Unsent(contract);
    this.contract = contract;
  }

  /**
   * For every row rule, in order: true where the record fails, else false or null. A record that
   * cannot be read is only that; one that deletes needs a key and a place in the order, one that
   * deletes all rows only a place.
   */
  String fails() {
    return verdicts(this::judged);
  }

  /** As {@link #fails}; true of a rule, too, that cannot be evaluated. */
  String leniently() {
    return verdicts(
        rule ->
            "coalesce(%s, %s)"
                .formatted(LenientSql.attempt(judged(rule)), LenientSql.throwing(judged(rule))));
  }

  /** Of the same rules, which cannot be evaluated. */
  String thrown() {
    return verdicts(rule -> LenientSql.throwing(judged(rule)));
  }

  private String verdicts(Function<Rule.Row, String> verdict) {
    return "CASE WHEN _op = 'u' AND _told IS NOT NULL THEN [%s]%s ELSE [%s] END"
        .formatted(
            each(rule -> true, verdict),
            contract.envelope() == null
                ? ""
                : " WHEN _op = 't' THEN [" + each(CheckSql::ofAnyRecord, verdict) + "]",
            each(
                rule ->
                    ofAnyRecord(rule)
                        || (rule.check() instanceof Check.Missing
                            && contract.key().contains(rule.property())),
                verdict));
  }

  private static boolean ofAnyRecord(Rule.Row rule) {
    return switch (rule.check()) {
      case Check.Malformed _, Check.UnknownOperation _, Check.Unordered _ -> true;
      case Check.Ambiguous _, Check.Unmatched _, Check.UnknownField _ -> true;
      default -> false;
    };
  }

  private String each(Predicate<Rule.Row> asked, Function<Rule.Row, String> verdict) {
    return contract.rowRules().stream()
        .map(rule -> asked.test(rule) ? verdict.apply(rule) : "false")
        .collect(Collectors.joining(", "));
  }

  /** What was not sent is judged already, in the row that has it. */
  private String judged(Rule.Row rule) {
    return rule.property() == null
        ? condition(rule)
        : unsent.judged(rule.property(), condition(rule));
  }

  private String condition(Rule.Row rule) {
    String value = rule.property() == null ? null : Quote.name(rule.property());
    String text = rule.property() == null ? null : Quote.name("_text_" + rule.property());
    return switch (rule.check()) {
      case Check.Malformed _ -> "_told IS NULL";
      case Check.Ambiguous _ -> "_told IS NOT NULL AND _ambiguous IS NOT NULL";
      case Check.Unmatched _ -> "_told IS NOT NULL AND NOT _matched";
      case Check.UnknownField _ -> "_told IS NOT NULL AND len(_unknown) > 0";
      case Check.UnknownOperation _ -> "_told IS NOT NULL AND _op IS NULL";
      case Check.Unordered _ -> "_told IS NOT NULL AND _ordering IS NULL";
      case Check.Missing _ -> "_told IS NOT NULL AND " + text + " IS NULL";
      case Check.Unreadable _ -> text + " IS NOT NULL AND " + value + " IS NULL";
      case Check.Among among -> among(among, text, value, property(rule).type());
      case Check.NotAmong among -> BoundSql.notAmong(value, among.values(), property(rule).type());
      case Check.LocalTime _ -> TimeSql.isLocalInDoubt(property(rule), text);
      case Check.NotMatching matching ->
          "NOT regexp_matches(%s, %s)".formatted(value, Quote.text(matching.pattern()));
      case Check.LengthOutside length ->
          either(
              bound("length(" + value + ") < ", length.minimum()),
              bound("length(" + value + ") > ", length.maximum()));
      case Check.RangeOutside range -> outside(range, value, property(rule).type());
      case Check.NotMultipleOf multiple -> BoundSql.notMultiple(value, multiple.factor());
      case Check.Condition condition -> "(" + condition.sql() + ")";
    };
  }

  private static String among(Check.Among among, String text, String value, ColumnType type) {
    var words = among.words().stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    String none = words.contains("null") || words.contains("") ? text + " IS NULL OR " : "";
    String numbers = BoundSql.among(value, among.words(), type);
    return "(%slower(%s) IN (%s)%s)".formatted(none, text, Quote.texts(words), numbers);
  }

  private static String outside(Check.RangeOutside range, String value, ColumnType type) {
    return either(
        bound(value + " < ", BoundSql.least(range.minimum(), type)),
        bound(value + " > ", BoundSql.greatest(range.maximum(), type)),
        bound(value + " <= ", BoundSql.greatest(range.exclusiveMinimum(), type)),
        bound(value + " >= ", BoundSql.least(range.exclusiveMaximum(), type)));
  }

  private static String bound(String comparison, Object bound) {
    return bound == null ? null : comparison + bound;
  }

  private static String either(String... conditions) {
    var some = new ArrayList<String>();
    for (String condition : conditions) {
      if (condition != null) {
        some.add(condition);
      }
    }
    return "(" + String.join(" OR ", some) + ")";
  }

  /** An expression: {@code quantity 'abc' cannot be read as INTEGER}. */
  String reason(Rule.Row rule) {
    return switch (rule.check()) {
      case Check.Malformed _ -> malformed();
      case Check.Ambiguous _ -> "left(_ambiguous, %d)".formatted(NAMES_SHOWN);
      case Check.Unmatched _ ->
          names("_unknown", "no column is named so: ")
              + " || "
              + Quote.text("; known: " + String.join(", ", contract.columns()));
      case Check.UnknownField _ -> names("_unknown", "no column takes ");
      case Check.UnknownOperation _ -> Quote.text("the operation is none of c, r, u, d");
      case Check.Unordered _ ->
          Quote.text("no order: " + String.join(", ", contract.ordering()) + " must be told");
      case Check.Missing _ -> Quote.text(rule.property() + " is missing");
      case Check.Condition _ -> Quote.text(rule.id() + " does not hold");
      case Check.Unreadable _ when property(rule).type().kind() == Kind.LIST -> element(rule);
      default -> shown(property(rule)) + " || " + Quote.text(" " + wrong(rule));
    };
  }

  /** Names the element that cannot be read, unless the whole is no list. */
  private String element(Rule.Row rule) {
    var property = property(rule);
    String hidden = property.masking().hides() ? "'***'" : null;
    String one = hidden == null ? "'''' || left(texts[spot], " + SHOWN + ") || ''''" : hidden;
    return "coalesce(%s || %s || %s, %s || %s)"
        .formatted(
            Quote.text(property.name()),
            ValueSql.unreadableElement(property, one),
            Quote.text(unreadable(property.type().element())),
            shown(property),
            Quote.text(unreadable(property.type())));
  }

  private static String unreadable(ColumnType type) {
    return " cannot be read as " + type.sql() + " without loss";
  }

  private static String names(String list, String before) {
    return "%s || left(coalesce(nullif(array_to_string(%s, ', '), ''), 'no name'), %d)"
        .formatted(Quote.text(before), list, NAMES_SHOWN);
  }

  /** What Bronze quotes of a record may be what a mask must hide. */
  private String malformed() {
    boolean hides = contract.properties().stream().anyMatch(p -> p.masking().hides());
    String defect =
        hides ? "regexp_replace(_defect, '''[^'']*''|\"[^\"]*\"', '***', 'g')" : "_defect";
    return """
    coalesce(%s, CASE WHEN _payload IS NULL THEN 'the record is not UTF-8'
      WHEN _object AND _shape IS NULL THEN 'too many records of one run have other names each'
      WHEN NOT _csv THEN 'the record is not a JSON object'
      WHEN _width IS NULL THEN 'the record came without a header'
      WHEN _fields IS NULL THEN 'the quotes of the record do not pair up'
      ELSE 'the record has ' || len(_fields) || ' fields, its header ' || _width END)\
    """
        .formatted(defect);
  }

  private static String shown(Property property) {
    String label = Quote.text(property.name() + " ");
    return property.masking().hides()
        ? label + " || '***'"
        : "%s || '''' || left(%s, %d) || ''''"
            .formatted(label, Quote.name("_text_" + property.name()), SHOWN);
  }

  private String wrong(Rule.Row rule) {
    return switch (rule.check()) {
      case Check.Unreadable _ -> unreadable(property(rule).type()).strip();
      case Check.Among _ -> "stands for no value";
      case Check.NotAmong among -> "is none of " + String.join(", ", among.values());
      case Check.NotMatching matching -> "does not match " + matching.pattern();
      case Check.LengthOutside length ->
          "is not " + span(length.minimum(), length.maximum()) + " characters long";
      case Check.RangeOutside _ -> "is out of range";
      case Check.LocalTime _ ->
          "is a local time that was skipped or came twice in " + property(rule).zone();
      case Check.NotMultipleOf multiple ->
          "is not a multiple of " + multiple.factor().toPlainString();
      default -> "fails " + rule.id();
    };
  }

  private static String span(Integer minimum, Integer maximum) {
    var bounds = new ArrayList<String>();
    if (minimum != null) {
      bounds.add("at least " + minimum);
    }
    if (maximum != null) {
      bounds.add("at most " + maximum);
    }
    return String.join(" and ", bounds);
  }

  private Property property(Rule.Row rule) {
    return contract.property(rule.property()).orElseThrow();
  }
}
