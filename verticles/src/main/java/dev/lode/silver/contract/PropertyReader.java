package dev.lode.silver.contract;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads one schema property into a column. */
final class PropertyReader {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,127}");

  /** Columns that every Silver table has beside its contract's. */
  private static final Set<String> RESERVED = Set.of("tenant_id", "lineage_id");

  /** The last two describe, for governance; they change nothing here. */
  static final Set<String> SETTINGS =
      Set.of(
          "source",
          "renamedFrom",
          "normalise",
          "masking",
          "onFail",
          "years",
          "localTimes",
          "fraction",
          "piiEntity",
          "lgpdSubjectKey");

  private static final Map<String, Normalise> STEPS =
      Map.of(
          "trim", new Normalise.Trim(),
          "upper", new Normalise.Upper(),
          "lower", new Normalise.Lower(),
          "collapse", new Normalise.Collapse(),
          "digits", new Normalise.Digits());
  private static final Set<String> STEPS_WITH_VALUE = Set.of("stripSuffix", "nullTokens");

  private static final Set<String> METHODS =
      Arrays.stream(Masking.Method.values())
          .map(method -> method.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.toUnmodifiableSet());

  private final Problems problems;

  PropertyReader(Problems problems) {
    this.problems = problems;
  }

  Optional<Property> read(Odcs.Column column) {
    if (column.name() == null || !NAME.matcher(column.name()).matches()) {
      problems.add("schema." + column.name(), "name must match " + NAME);
      return Optional.empty();
    }
    String place = "schema." + column.name();
    if (RESERVED.contains(column.name())) {
      problems.add(place, "is a name that every table uses for itself");
    }
    if (column.physicalName() != null && !column.physicalName().equals(column.name())) {
      problems.add(place + ".physicalName", "must be " + column.name());
    }
    var settings = new Settings(column.customProperties(), SETTINGS, place, problems);
    return type(column, place)
        .map(
            type ->
                new Property(
                    column.name(),
                    type,
                    settings.text("source", column.name()),
                    settings.texts("renamedFrom"),
                    column.transformLogic(),
                    normalise(settings.raw("normalise"), place + ".normalise"),
                    format(column, type),
                    zone(column, place),
                    new TimesReader(settings, place, problems)
                        .read(type, format(column, type), zone(column, place)),
                    masking(settings, type, column, place),
                    Boolean.TRUE.equals(column.partitioned()),
                    Objects.requireNonNullElse(column.description(), "")));
  }

  private Optional<ColumnType> type(Odcs.Column column, String place) {
    String logical = column.logicalType();
    String physical = column.physicalType();
    if (logical == null && physical == null) {
      problems.add(place, "logicalType or physicalType is missing");
      return Optional.empty();
    }
    var type = physical == null ? ColumnType.of(logical) : ColumnType.parse(physical);
    if (type.isEmpty()) {
      problems.add(
          place,
          physical == null
              ? "logicalType " + logical + " needs a physicalType, as DECIMAL(18,2)"
              : "unknown physicalType " + physical);
    } else if (logical != null && !type.get().kind().is(logical)) {
      problems.add(place, "logicalType %s is not %s".formatted(logical, type.get().sql()));
    }
    return type;
  }

  private static String format(Odcs.Column column, ColumnType type) {
    var options = column.logicalTypeOptions();
    return options != null && type.kind().timely() ? options.format() : null;
  }

  private ZoneId zone(Odcs.Column column, String place) {
    var options = column.logicalTypeOptions();
    if (options == null || options.defaultTimezone() == null) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(options.defaultTimezone());
    } catch (DateTimeException e) {
      problems.add(place + ".defaultTimezone", "unknown zone " + options.defaultTimezone());
      return ZoneOffset.UTC;
    }
  }

  private List<Normalise> normalise(Object value, String place) {
    var steps = new ArrayList<Normalise>();
    for (Object step : value instanceof List<?> list ? list : singleton(value)) {
      if (step instanceof Map<?, ?> block && block.size() == 1) {
        var settings = Settings.block(block, STEPS_WITH_VALUE, place, problems);
        if (settings.has("stripSuffix")) {
          steps.add(new Normalise.StripSuffix(settings.text("stripSuffix", "")));
        } else if (settings.has("nullTokens")) {
          steps.add(new Normalise.NullTokens(settings.texts("nullTokens")));
        }
      } else if (STEPS.containsKey(String.valueOf(step))) {
        steps.add(STEPS.get(String.valueOf(step)));
      } else {
        var known = new TreeSet<>(STEPS.keySet());
        known.addAll(STEPS_WITH_VALUE);
        problems.unknown(place, "step", String.valueOf(step), known);
      }
    }
    return steps;
  }

  private static List<?> singleton(Object value) {
    return value == null ? List.of() : List.of(value);
  }

  private Masking masking(Settings settings, ColumnType type, Odcs.Column column, String place) {
    if (!settings.has("masking")) {
      return Masking.KEEP;
    }
    String at = place + ".masking";
    var known = Set.of("method", "keepFirst", "keepLast");
    var block = Settings.block(settings.raw("masking"), known, at, problems);
    String word = block.text("method", "");
    if (!METHODS.contains(word)) {
      problems.unknown(at, "method", word, METHODS);
      return Masking.KEEP;
    }
    var method = Masking.Method.valueOf(word.toUpperCase(Locale.ROOT));
    var masking = new Masking(method, block.number("keepFirst", 0), block.number("keepLast", 0));
    fitting(masking, type, column, at);
    return masking;
  }

  private void fitting(Masking masking, ColumnType type, Odcs.Column column, String at) {
    boolean lossy =
        masking.method() == Masking.Method.MASK || masking.method() == Masking.Method.REDACT;
    boolean names =
        Boolean.TRUE.equals(column.primaryKey()) || Boolean.TRUE.equals(column.unique());
    if (masking.hides()
        && masking.method() != Masking.Method.REDACT
        && type.kind() != ColumnType.Kind.TEXT) {
      problems.add(at, "a " + type.sql() + " can only be redacted or kept");
    }
    if (lossy && names) {
      problems.add(at, "would make keys equal that are not; use hash or tokenize");
    }
    if (masking.method() != Masking.Method.MASK && masking.keepFirst() + masking.keepLast() > 0) {
      problems.add(at, "keepFirst and keepLast belong to method mask");
    }
  }
}
