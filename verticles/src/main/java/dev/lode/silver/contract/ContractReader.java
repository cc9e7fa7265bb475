package dev.lode.silver.contract;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.ConfigFile;
import dev.lode.tables.TableName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads one contract file, strictly. */
final class ContractReader {
  private static final String LAYER = "silver";
  private static final Set<String> SETTINGS =
      Set.of(
          "upstream",
          "mode",
          "envelope",
          "ordering",
          "deleteWhen",
          "eventTime",
          "unavailable",
          "dropped",
          "history",
          "onUnknown");

  /** What Debezium writes in the place of a value that the database did not send. */
  private static final String UNAVAILABLE = "__debezium_unavailable_value";

  /** Columns of the history beside the contract's. */
  private static final Set<String> VALIDITY = Set.of("valid_from", "valid_to");

  private final Odcs odcs;
  private final Problems problems;
  private final Settings settings;

  private ContractReader(Odcs odcs, Problems problems) {
    this.odcs = odcs;
    this.problems = problems;
    this.settings = new Settings(odcs.customProperties(), SETTINGS, "customProperties", problems);
  }

  /** INVALID_CONFIG names every problem, one a line. */
  static Contract read(Path file) {
    var problems = new Problems(file);
    var contract = new ContractReader(ConfigFile.readCamel(file, Odcs.class), problems).contract();
    if (!problems.found().isEmpty()) {
      throw new Failure(ErrorCode.INVALID_CONFIG, String.join("\n", problems.found()));
    }
    return contract;
  }

  /** Null where the outline is wrong; only ever used where no problem was found. */
  private Contract contract() {
    head();
    if (odcs.schema() == null || odcs.schema().size() != 1) {
      problems.add("schema", "must hold exactly one table");
      return null;
    }
    var table = odcs.schema().getFirst();
    var name = tableName(table);
    var upstream = upstream();
    var properties = properties(table);
    var key = key(table);
    var mode = mode(key);
    var envelope = envelope();
    var ordering = settings.texts("ordering");
    var onUnknown = onUnknown(properties);
    var rules = rules(table, properties, mode == Contract.Mode.UPSERT, onUnknown);
    return new Contract(
        table.name(),
        name,
        upstream,
        mode,
        properties,
        key,
        envelope,
        ordering,
        deleteWhen(),
        eventTime(properties, ordering),
        settings.text("unavailable", envelope == null ? null : UNAVAILABLE),
        dropped(properties),
        history(mode, properties),
        onUnknown,
        rules,
        new SlaReader(problems).read(odcs.slaProperties(), properties),
        Objects.requireNonNullElse(table.description(), ""));
  }

  /** What is taken out of the record by an expression cannot be told. */
  private static boolean readsWhole(List<Property> properties) {
    return properties.stream()
        .anyMatch(
            property ->
                property.expression() != null && property.expression().contains("{payload}"));
  }

  private Contract.OnUnknown onUnknown(List<Property> properties) {
    if (readsWhole(properties)) {
      if (settings.has("onUnknown")) {
        problems.add(
            "customProperties.onUnknown", "cannot be told where transformLogic reads {payload}");
      }
      return Contract.OnUnknown.IGNORE;
    }
    String word = settings.text("onUnknown", "warn");
    for (var known : Contract.OnUnknown.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(word)) {
        return known;
      }
    }
    problems.unknown("customProperties", "onUnknown", word, Set.of("ignore", "warn", "quarantine"));
    return Contract.OnUnknown.WARN;
  }

  private void head() {
    if (!"v3.1.0".equals(odcs.apiVersion())) {
      problems.add("apiVersion", "must be v3.1.0, not " + odcs.apiVersion());
    }
    if (!"DataContract".equals(odcs.kind())) {
      problems.add("kind", "must be DataContract, not " + odcs.kind());
    }
    present("id", odcs.id());
    present("version", odcs.version());
    present("status", odcs.status());
  }

  private void present(String place, String value) {
    if (value == null || value.isBlank()) {
      problems.add(place, "is missing");
    }
  }

  private TableName tableName(Odcs.Table table) {
    String physical = LAYER + "." + table.name();
    if (table.physicalName() != null && !table.physicalName().equals(physical)) {
      problems.add("schema.physicalName", "must be " + physical + ", not " + table.physicalName());
    }
    return named("schema.name", physical);
  }

  private TableName upstream() {
    var upstreams = settings.texts("upstream");
    if (upstreams.size() != 1 || !upstreams.getFirst().startsWith("bronze.")) {
      problems.add(
          "customProperties.upstream",
          "must name one Bronze table, bronze.<source>_<entity>, not " + upstreams);
      return null;
    }
    return named("customProperties.upstream", upstreams.getFirst());
  }

  private TableName named(String place, String dotted) {
    try {
      return TableName.of(dotted);
    } catch (Failure e) {
      problems.add(place, e.getMessage());
      return null;
    }
  }

  private List<Property> properties(Odcs.Table table) {
    var reader = new PropertyReader(problems);
    var properties = new ArrayList<Property>();
    var names = new HashSet<String>();
    for (var column : columns(table)) {
      reader.read(column).ifPresent(properties::add);
      if (!names.add(column.name())) {
        problems.add("schema." + column.name(), "is there twice");
      }
    }
    if (properties.isEmpty()) {
      problems.add("schema.properties", "must hold at least one property");
    }
    return properties;
  }

  private static List<Odcs.Column> columns(Odcs.Table table) {
    return Objects.requireNonNullElse(table.properties(), List.of());
  }

  private static List<String> key(Odcs.Table table) {
    return columns(table).stream()
        .filter(column -> Boolean.TRUE.equals(column.primaryKey()))
        .sorted(
            Comparator.comparing(
                column -> Objects.requireNonNullElse(column.primaryKeyPosition(), 0)))
        .map(Odcs.Column::name)
        .toList();
  }

  private Contract.Mode mode(List<String> key) {
    String mode = settings.text("mode", null);
    switch (mode) {
      case "append" -> {
        for (String needless : List.of("ordering", "deleteWhen", "envelope", "unavailable")) {
          if (settings.has(needless)) {
            problems.add("customProperties." + needless, "means nothing in mode append");
          }
        }
        return Contract.Mode.APPEND;
      }
      case "upsert" -> {
        if (key.isEmpty()) {
          problems.add("customProperties.mode", "upsert needs a property with primaryKey: true");
        }
        return Contract.Mode.UPSERT;
      }
      case null -> problems.add("customProperties.mode", "is missing (append or upsert)");
      default -> problems.unknown("customProperties", "mode", mode, Set.of("append", "upsert"));
    }
    return Contract.Mode.APPEND;
  }

  private Contract.Envelope envelope() {
    if (!settings.has("envelope")) {
      return null;
    }
    String place = "customProperties.envelope";
    var known = Set.of("record", "before", "op", "words");
    var block = Settings.block(settings.raw("envelope"), known, place, problems);
    var envelope =
        new Contract.Envelope(
            block.text("record", null),
            block.text("before", "before"),
            block.text("op", "op"),
            operations(block, place + ".words"));
    present(place + ".record", envelope.record());
    return envelope;
  }

  /** {@code {MERGE: u, PURGE: d}}: what other words of the source mean. */
  private Operations operations(Settings block, String place) {
    var words = new LinkedHashMap<String, String>();
    if (block.raw("words") instanceof Map<?, ?> told) {
      told.forEach((word, means) -> words.put(String.valueOf(word), String.valueOf(means)));
    } else if (block.has("words")) {
      problems.add(place, "must be a block of words, as {MERGE: u, PURGE: d}");
    }
    words.values().stream()
        .filter(letter -> !Operations.letters().contains(letter))
        .forEach(letter -> problems.unknown(place, "operation", letter, Operations.letters()));
    return new Operations(words);
  }

  /** Where nothing is declared, the time that the source orders its records by is theirs. */
  private String eventTime(List<Property> properties, List<String> ordering) {
    String declared = settings.text("eventTime", null);
    if (declared == null) {
      return properties.stream()
          .filter(property -> !ordering.isEmpty() && property.name().equals(ordering.getFirst()))
          .filter(property -> property.type().kind().timely())
          .map(Property::name)
          .findFirst()
          .orElse(null);
    }
    var found = properties.stream().filter(one -> one.name().equals(declared)).findFirst();
    if (found.isEmpty()) {
      var names = properties.stream().map(Property::name).collect(Collectors.toSet());
      problems.unknown("customProperties", "eventTime", declared, names);
    } else if (!found.get().type().kind().timely()) {
      problems.add(
          "customProperties.eventTime",
          "%s is %s, and must be a date or a timestamp"
              .formatted(declared, found.get().type().sql()));
    } else if (found.get().masking().hides()) {
      problems.add("customProperties.eventTime", declared + " is masked, and tells no time");
    }
    return declared;
  }

  private Contract.DeleteWhen deleteWhen() {
    if (!settings.has("deleteWhen")) {
      return null;
    }
    String place = "customProperties.deleteWhen";
    var known = Set.of("path", "values");
    var block = Settings.block(settings.raw("deleteWhen"), known, place, problems);
    var deleteWhen = new Contract.DeleteWhen(block.text("path", null), block.texts("values"));
    present(place + ".path", deleteWhen.path());
    if (deleteWhen.values().isEmpty()) {
      problems.add(place + ".values", "is missing");
    }
    return deleteWhen;
  }

  private List<String> dropped(List<Property> properties) {
    var names = new FormerNames(properties, problems);
    names.check();
    var dropped = settings.texts("dropped");
    names.checkDropped(dropped);
    return dropped;
  }

  private boolean history(Contract.Mode mode, List<Property> properties) {
    boolean history = settings.flag("history");
    if (history && mode == Contract.Mode.APPEND) {
      problems.add("customProperties.history", "means nothing in mode append: every record stays");
    }
    for (Property property : history ? properties : List.<Property>of()) {
      if (VALIDITY.contains(property.name())) {
        problems.add("schema." + property.name(), "is a name that the history uses for itself");
      }
    }
    return history;
  }

  private List<Rule> rules(
      Odcs.Table table, List<Property> properties, boolean upserts, Contract.OnUnknown onUnknown) {
    List<String> key = key(table);
    var rules = new RuleReader(properties, problems);
    rules.builtIn("malformed", new Check.Malformed());
    rules.builtIn("ambiguous_name", new Check.Ambiguous());
    if (!readsWhole(properties)) {
      rules.builtIn("no_known_field", new Check.Unmatched());
    }
    if (onUnknown == Contract.OnUnknown.QUARANTINE) {
      rules.builtIn("unknown_field", new Check.UnknownField());
    }
    if (upserts) {
      rules.builtIn("unknown_operation", new Check.UnknownOperation());
    }
    for (var column : columns(table)) {
      rules.ofColumn(column, key);
    }
    if (!settings.texts("ordering").isEmpty()) {
      rules.builtIn("unordered", new Check.Unordered());
    }
    rules.ofTable(table.quality());
    return rules.rules();
  }
}
