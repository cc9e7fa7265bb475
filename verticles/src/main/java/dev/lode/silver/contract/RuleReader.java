package dev.lode.silver.contract;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Makes the rules of a contract: those that its schema implies, and those of its quality lists. */
final class RuleReader {
  private static final Set<String> BUILT_IN =
      Set.of(
          "required",
          "type",
          "local",
          "format",
          "pattern",
          "length",
          "range",
          "multiple",
          "unique");

  private final List<String> columns;
  private final Map<String, ColumnType> types;
  private final Map<String, Property> properties;
  private final Problems problems;
  private final OptionChecks options;
  private final QualityReader qualities;
  private final List<Rule> rules = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();

  RuleReader(List<Property> properties, Problems problems) {
    this.columns = properties.stream().map(Property::name).toList();
    this.types =
        properties.stream()
            .collect(
                java.util.stream.Collectors.toMap(Property::name, Property::type, (a, b) -> a));
    this.properties =
        properties.stream()
            .collect(java.util.stream.Collectors.toMap(Property::name, each -> each, (a, b) -> a));
    this.problems = problems;
    this.options = new OptionChecks(problems);
    this.qualities = new QualityReader(columns, problems);
  }

  List<Rule> rules() {
    return rules;
  }

  /** A rule about the record as a whole; it always quarantines. */
  void builtIn(String id, Check check) {
    add(
        new Rule.Row(id, null, check, OnFail.QUARANTINE, check.usualDimension(), Threshold.NONE),
        "schema");
  }

  /** What the column's declaration implies, then its own quality list. */
  void ofColumn(Odcs.Column column, List<String> key) {
    var type = types.get(column.name());
    if (type == null) {
      return;
    }
    String place = "schema." + column.name();
    var onFail = new OnFails(column, place);
    if (key.contains(column.name())) {
      row(column, "required", new Check.Missing(), OnFail.QUARANTINE);
    } else if (Boolean.TRUE.equals(column.required())) {
      row(column, "required", new Check.Missing(), onFail.of("required", OnFail.QUARANTINE));
    }
    if (type.kind() != ColumnType.Kind.TEXT) {
      row(column, "type", new Check.Unreadable(), onFail.of("type", OnFail.QUARANTINE));
    }
    if (properties.get(column.name()).choosesLocalTimes()) {
      row(column, "local", new Check.LocalTime(), onFail.of("local", OnFail.FLAG));
    }
    options
        .of(column, type)
        .forEach((name, check) -> row(column, name, check, onFail.of(name, check.usualOnFail())));
    if (Boolean.TRUE.equals(column.unique())) {
      add(
          new Rule.Duplicate(
              column.name() + "_unique",
              List.of(column.name()),
              onFail.of("unique", OnFail.FLAG),
              "uniqueness",
              Threshold.NONE),
          place);
    }
    qualities.read(column.quality(), column.name(), place).forEach(rule -> add(rule, place));
  }

  void ofTable(List<Odcs.Quality> list) {
    qualities.read(list, null, "schema.quality").forEach(rule -> add(rule, "schema.quality"));
  }

  private void row(Odcs.Column column, String name, Check check, OnFail onFail) {
    String id = column.name() + "_" + name;
    add(
        new Rule.Row(id, column.name(), check, onFail, check.usualDimension(), Threshold.NONE),
        "schema." + column.name());
  }

  private void add(Rule rule, String place) {
    if (!ids.add(rule.id())) {
      problems.add(place, "two rules are named " + rule.id());
    }
    rules.add(rule);
  }

  /** The column's {@code onFail}: one word for all of its built-in checks, or one per check. */
  private final class OnFails {
    private final OnFail all;
    private final Map<?, ?> each;

    private OnFails(Odcs.Column column, String place) {
      Object value =
          Objects.requireNonNullElse(column.customProperties(), List.<Odcs.Custom>of()).stream()
              .filter(custom -> "onFail".equals(custom.property()))
              .map(Odcs.Custom::value)
              .findFirst()
              .orElse(null);
      this.each = value instanceof Map<?, ?> map ? map : Map.of();
      this.all = value instanceof String word ? word(word, place) : null;
      each.forEach(
          (check, word) -> {
            if (!BUILT_IN.contains(check)) {
              problems.unknown(place + ".onFail", "check", String.valueOf(check), BUILT_IN);
            }
            word(String.valueOf(word), place);
          });
    }

    private OnFail of(String check, OnFail fallback) {
      if (each.get(check) instanceof String word) {
        return OnFail.of(word).orElse(fallback);
      }
      return all == null ? fallback : all;
    }

    private OnFail word(String word, String place) {
      return qualities.onFail(word, place + ".onFail", OnFail.FLAG);
    }
  }
}
