package dev.lode.silver.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the quality lists of the standard: the library's metrics, and SQL. */
final class QualityReader {
  private static final Set<String> METRICS =
      Set.of("nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount");
  private static final Set<String> TYPES = Set.of("library", "sql", "text");
  private static final Set<String> SETTINGS = Set.of("onFail");
  private static final Set<String> DIMENSIONS =
      Set.of(
          "accuracy",
          "completeness",
          "conformity",
          "consistency",
          "coverage",
          "timeliness",
          "uniqueness");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");

  /** Counts the records that fail: so it can be asked of each record. */
  private static final Pattern COUNT_WHERE =
      Pattern.compile(
          "\\s*SELECT\\s+COUNT\\s*\\(\\s*\\*\\s*\\)\\s+FROM\\s+\\{object\\}"
              + "\\s+WHERE\\s+(.+?)\\s*;?\\s*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern WHOLE_CLAUSE =
      Pattern.compile(
          "\\b(GROUP\\s+BY|HAVING|QUALIFY|ORDER\\s+BY|LIMIT|UNION|\\{object\\})",
          Pattern.CASE_INSENSITIVE);

  private final List<String> columns;
  private final Problems problems;
  private final ThresholdReader thresholds;

  QualityReader(List<String> columns, Problems problems) {
    this.columns = columns;
    this.problems = problems;
    this.thresholds = new ThresholdReader(problems);
  }

  /** {@code property} is null for the table's own list. */
  List<Rule> read(List<Odcs.Quality> list, String property, String place) {
    var rules = new ArrayList<Rule>();
    for (var quality : Objects.requireNonNullElse(list, List.<Odcs.Quality>of())) {
      String type = Objects.requireNonNullElse(quality.type(), "library");
      String at = place + "." + Objects.requireNonNullElse(quality.id(), type);
      switch (type) {
        case "library" -> library(quality, property, at).ifPresent(rules::add);
        case "sql" -> sql(quality, property, at).ifPresent(rules::add);
        case "text" -> {}
        default -> problems.unknown(at, "type", type, TYPES);
      }
    }
    return rules;
  }

  private Optional<Rule> library(Odcs.Quality quality, String property, String at) {
    String metric = String.valueOf(quality.metric());
    if (!METRICS.contains(metric)) {
      problems.unknown(at, "metric", metric, METRICS);
      return Optional.empty();
    }
    return switch (metric) {
      case "rowCount" -> Optional.of(whole(quality, null, at));
      case "duplicateValues" -> Optional.of(duplicates(quality, property, at));
      default -> {
        if (property == null) {
          problems.add(at, metric + " belongs to a property");
          yield Optional.empty();
        }
        yield Optional.of(row(quality, property, check(quality, metric, at), at));
      }
    };
  }

  private Check check(Odcs.Quality quality, String metric, String at) {
    return switch (metric) {
      case "nullValues" -> {
        arguments(quality, Set.of(), at);
        yield new Check.Missing();
      }
      case "missingValues" ->
          new Check.Among(arguments(quality, Set.of("missingValues"), at).texts("missingValues"));
      default -> invalid(arguments(quality, Set.of("validValues", "pattern"), at), at);
    };
  }

  private Check invalid(Settings arguments, String at) {
    if (arguments.has("validValues") == arguments.has("pattern")) {
      problems.add(at + ".arguments", "must hold either validValues or pattern");
    }
    return arguments.has("pattern")
        ? new Check.NotMatching(
            new OptionChecks(problems).pattern(arguments.text("pattern", ""), at))
        : new Check.NotAmong(arguments.texts("validValues"));
  }

  private Settings arguments(Odcs.Quality quality, Set<String> known, String at) {
    Object arguments = Objects.requireNonNullElse(quality.arguments(), Map.of());
    return Settings.block(arguments, known, at + ".arguments", problems);
  }

  private Rule duplicates(Odcs.Quality quality, String property, String at) {
    var named = arguments(quality, Set.of("properties"), at).texts("properties");
    for (String name : named) {
      if (!columns.contains(name) && !name.equals("tenant_id")) {
        problems.unknown(at, "property", name, new HashSet<>(columns));
      }
    }
    var properties = named.stream().filter(name -> !name.equals("tenant_id")).toList();
    if (properties.isEmpty()) {
      properties = property == null ? columns : List.of(property);
    }
    return new Rule.Duplicate(
        id(quality, property, at),
        properties,
        onFail(quality, at, OnFail.FLAG),
        dimension(quality, "uniqueness", at),
        thresholds.read(quality, at));
  }

  private Optional<Rule> sql(Odcs.Quality quality, String property, String at) {
    if (quality.query() == null || quality.query().isBlank()) {
      problems.add(at, "query is missing");
      return Optional.empty();
    }
    String query = quality.query();
    if (property != null) {
      query = query.replace("{property}", "\"" + property + "\"");
    }
    if (query.contains("{property}")) {
      problems.add(at, "{property} belongs to a property");
    }
    var count = COUNT_WHERE.matcher(query);
    boolean each = count.matches() && !WHOLE_CLAUSE.matcher(count.group(1)).find();
    if (each && thresholds.read(quality, at).wantsNone()) {
      var condition = new Check.Condition(count.group(1));
      return Optional.of(row(quality, property, condition, at));
    }
    return Optional.of(whole(quality, query, at));
  }

  private Rule row(Odcs.Quality quality, String property, Check check, String at) {
    return new Rule.Row(
        id(quality, property, at),
        property,
        check,
        onFail(quality, at, check.usualOnFail()),
        dimension(quality, check.usualDimension(), at),
        thresholds.read(quality, at));
  }

  private Rule whole(Odcs.Quality quality, String query, String at) {
    var onFail = onFail(quality, at, OnFail.ALERT);
    if (onFail != OnFail.ALERT) {
      problems.add(at + ".onFail", "must be alert: the rule is about the whole, not one record");
    }
    return new Rule.Whole(
        id(quality, null, at),
        query,
        onFail,
        dimension(quality, query == null ? "completeness" : "accuracy", at),
        thresholds.read(quality, at));
  }

  private String id(Odcs.Quality quality, String property, String at) {
    String id =
        Objects.requireNonNullElse(quality.id(), Objects.requireNonNullElse(quality.name(), ""));
    if (id.isEmpty()) {
      id = (property == null ? "table" : property) + "_" + quality.metric();
    }
    if (!ID.matcher(id).matches()) {
      problems.add(at, "id must match " + ID + ", not " + id);
    }
    return id;
  }

  private OnFail onFail(Odcs.Quality quality, String at, OnFail fallback) {
    var settings = new Settings(quality.customProperties(), SETTINGS, at, problems);
    return settings.has("onFail")
        ? onFail(settings.text("onFail", ""), at + ".onFail", fallback)
        : fallback;
  }

  OnFail onFail(String word, String at, OnFail fallback) {
    var onFail = OnFail.of(word);
    if (onFail.isEmpty()) {
      var known = Arrays.stream(OnFail.values()).map(OnFail::word).toList();
      problems.unknown(at, "action", word, known);
    }
    return onFail.orElse(fallback);
  }

  private String dimension(Odcs.Quality quality, String fallback, String at) {
    if (quality.dimension() != null && !DIMENSIONS.contains(quality.dimension())) {
      problems.unknown(at, "dimension", quality.dimension(), DIMENSIONS);
    }
    return Objects.requireNonNullElse(quality.dimension(), fallback);
  }
}
