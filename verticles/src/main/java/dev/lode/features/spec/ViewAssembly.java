package dev.lode.features.spec;

import dev.lode.codecs.Failure;
import dev.lode.config.Span;
import dev.lode.features.spec.Feature.Aggregate;
import dev.lode.features.spec.Feature.Column;
import dev.lode.features.spec.Feature.DaysSince;
import dev.lode.features.spec.Feature.Derived;
import dev.lode.features.spec.Feature.Function;
import dev.lode.features.spec.Feature.Origin;
import dev.lode.features.spec.Feature.Ratio;
import dev.lode.features.spec.FeatureFile.AggregateEntry;
import dev.lode.features.spec.FeatureFile.FeatureEntry;
import dev.lode.features.spec.FeatureFile.SourceEntry;
import dev.lode.features.spec.FeatureFile.ViewEntry;
import dev.lode.features.spec.ValueType.Kind;
import dev.lode.tables.TableName;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Makes one view of what a file says of it, and notes what does not fit. */
final class ViewAssembly {
  static final Set<String> RESERVED =
      Set.of(
          "tenant_id",
          "entity_id",
          "event_timestamp",
          "created",
          "sequence",
          "lineage_id",
          "pushed",
          "deleted",
          "newest_event",
          "_invalid");

  private final Problems here;
  private final ViewEntry entry;
  private final List<View.Key> keys;
  private final Map<String, Feature> features = new LinkedHashMap<>();

  ViewAssembly(Problems here, ViewEntry entry, List<View.Key> keys) {
    this.here = here;
    this.entry = entry;
    this.keys = keys;
  }

  View view() {
    View.Source source = source();
    here.check(!entry.features().isEmpty(), "no features");
    entry.features().forEach(feature -> feature(here.in("feature " + feature.name()), feature));
    boolean aggregated = entry.features().stream().anyMatch(each -> each.aggregate() != null);
    here.check(
        !aggregated || source == null || source.created() == null,
        "aggregates are recorded when Lode makes them: leave created out");
    here.check(
        !aggregated || source == null || source.keeps() == View.Keeps.HISTORY,
        "aggregates need a source that keeps history");
    return new View(
        entry.name(),
        Objects.requireNonNullElse(entry.description(), ""),
        keys,
        source,
        ttl(),
        entry.owner(),
        entry.tags(),
        entry.consentPurpose(),
        !Boolean.FALSE.equals(entry.online()),
        List.copyOf(features.values()));
  }

  private Duration ttl() {
    if (entry.ttl() == null || entry.ttl().matches("0+")) {
      return null;
    }
    Span span = here.in("ttl").read(() -> Span.parse(entry.ttl()));
    return span == null || span.duration().isZero() ? null : span.duration();
  }

  private View.Source source() {
    SourceEntry source = entry.source();
    if (source == null) {
      here.check(
          entry.timestamp() == null && entry.created() == null,
          "timestamp and created belong to a source (without one, rows come by push)");
      return null;
    }
    Problems at = here.in("source");
    at.check((source.table() == null) != (source.sql() == null), "give either table or sql");
    at.check(source.sql() != null || source.touched().isEmpty(), "touched belongs to sql");
    Stream.concat(Stream.ofNullable(source.table()), source.touched().keySet().stream())
        .forEach(table -> table(at, table));
    source.touched().forEach((table, columns) -> touched(at, table, columns));
    here.check(entry.timestamp() != null, "no timestamp (the source's column with the event time)");
    return new View.Source(
        source.table(),
        source.sql(),
        source.touched(),
        keeps(at, source.keeps()),
        entry.timestamp(),
        entry.created());
  }

  private static void table(Problems at, String table) {
    try {
      var _ = TableName.of(table);
    } catch (Failure e) {
      at.add(e.getMessage());
    }
  }

  private void touched(Problems at, String table, List<String> columns) {
    int given = columns == null ? 0 : columns.size();
    at.check(
        given == keys.size(),
        "touched " + table + " names " + given + " columns for " + keys.size() + " keys");
  }

  private static View.Keeps keeps(Problems at, String keeps) {
    if (keeps != null && !List.of("history", "latest").contains(keeps)) {
      at.unknown("keeps", keeps, List.of("history", "latest"));
    }
    return "latest".equals(keeps) ? View.Keeps.LATEST : View.Keeps.HISTORY;
  }

  private void feature(Problems at, FeatureEntry feature) {
    at.name(feature.name());
    at.check(!RESERVED.contains(feature.name()), "is a name that Lode uses itself");
    at.check(
        keys.stream().noneMatch(key -> key.name().equals(feature.name())), "is a key of the view");
    ValueType type = at.type(feature.type());
    if (type == null) {
      return;
    }
    Origin origin = origin(at, feature, type);
    var made =
        new Feature(
            feature.name(),
            type,
            Objects.requireNonNullElse(feature.description(), ""),
            origin == null ? new Column(feature.name()) : origin);
    at.check(features.put(feature.name(), made) == null, "declared twice");
  }

  private Origin origin(Problems at, FeatureEntry feature, ValueType type) {
    long ways =
        Stream.of(feature.aggregate(), feature.ratio(), feature.expression(), feature.daysSince())
            .filter(Objects::nonNull)
            .count();
    boolean aggregated = entry.features().stream().anyMatch(each -> each.aggregate() != null);
    at.check(ways <= 1, "give one of aggregate, ratio, expression, days-since");
    at.check(
        ways > 0 || !aggregated,
        "give aggregate, ratio, expression or days-since (the view aggregates its source)");
    at.check(
        entry.source() != null || ways == 0 || feature.daysSince() != null,
        "is pushed, so it cannot be computed from a source");
    if (feature.aggregate() != null) {
      return aggregate(at.in("aggregate"), feature.aggregate(), type);
    }
    if (feature.ratio() != null) {
      return ratio(at.in("ratio"), feature, type);
    }
    if (feature.daysSince() != null) {
      return daysSince(at.in("days-since"), feature.daysSince(), type);
    }
    if (feature.expression() != null) {
      return aggregated ? new Derived(feature.expression()) : new Column(feature.expression());
    }
    return new Column('"' + feature.name() + '"');
  }

  private static Aggregate aggregate(Problems at, AggregateEntry entry, ValueType type) {
    var known = Arrays.stream(Function.values()).map(ViewAssembly::written).toList();
    if (entry.function() == null || !known.contains(entry.function())) {
      at.unknown("function", entry.function(), known);
      return null;
    }
    Function function =
        Function.valueOf(entry.function().replace('-', '_').toUpperCase(Locale.ROOT));
    at.check(entry.of() != null || function == Function.COUNT, "no of (an expression)");
    at.check(
        function == Function.MIN || function == Function.MAX || type.exact(),
        type.sql() + " has no exact sums and counts (use BIGINT or DECIMAL(p,s))");
    at.check((entry.window() == null) == (entry.hop() == null), "window and hop go together");
    long window = micros(at.in("window"), entry.window());
    long hop = micros(at.in("hop"), entry.hop());
    at.check(
        window == 0 || function == Function.SUM || function == Function.COUNT,
        written(function) + " has no windows (sum and count have)");
    at.check(hop <= window, "hop is longer than the window");
    return new Aggregate(function, entry.of(), window, hop);
  }

  private static String written(Function function) {
    return function.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static long micros(Problems at, String text) {
    Span span = text == null ? null : at.read(() -> Span.parse(text));
    if (span == null) {
      return 0;
    }
    at.check(!span.duration().isZero(), "must be longer than 0");
    return span.duration().toNanos() / 1000;
  }

  private Ratio ratio(Problems at, FeatureEntry entry, ValueType type) {
    Feature of = stored(at, entry.ratio().of());
    Feature by = stored(at, entry.ratio().by());
    at.check(type.kind() == Kind.DECIMAL, "must be a DECIMAL(p,s), rounded to s");
    if (of == null || by == null) {
      return null;
    }
    at.check(of.type().exact() && by.type().exact(), "takes integers and decimals");
    return new Ratio(of, by);
  }

  private DaysSince daysSince(Problems at, String name, ValueType type) {
    Feature since = stored(at, name);
    at.check(
        type.kind() == Kind.INTEGER || type.kind() == Kind.BIGINT, "must be INTEGER or BIGINT");
    if (since == null) {
      return null;
    }
    at.check(
        since.type().kind() == Kind.DATE || since.type().kind() == Kind.TIME,
        name + " is not a time or a date");
    return new DaysSince(since);
  }

  /** A feature declared before this one: so there are no circles. */
  private Feature stored(Problems at, String name) {
    Feature found = name == null ? null : features.get(name);
    if (found == null || !found.stored()) {
      at.unknown("feature (declared before this one)", name, features.keySet());
      return null;
    }
    return found;
  }
}
