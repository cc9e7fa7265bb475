package dev.lode.features.offline;

import dev.lode.features.spec.Feature;
import dev.lode.features.spec.Feature.Aggregate;
import dev.lode.features.spec.Feature.Derived;
import dev.lode.features.spec.Feature.Function;
import dev.lode.features.spec.Feature.Ratio;
import dev.lode.features.spec.View;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Aggregates as change points: a source row at t counts in running values from t on, enters every
 * window at t + 1 microsecond, and leaves a window at the first T where round_down(T - window, hop)
 * > t. Between change points nothing changes, so a plain point-in-time read of these rows is exact
 * at every T. What happened before {@code _since} is one sum that the changes start from.
 */
final class Aggregation {
  private static final String PRESENT = "_at IS NOT NULL";

  private final View view;
  private final String entities;
  private final java.util.function.Function<List<String>, String> source;
  private final List<Feature> aggregates;
  private final String keys;

  /** What is kept of earlier rows; null where every row of an entity is read. */
  private final Kept kept;

  /**
   * @param entities whose rows are evaluated, and since when
   * @param source makes SQL of the values wanted of each source row
   */
  Aggregation(
      View view,
      String entities,
      Kept kept,
      java.util.function.Function<List<String>, String> source) {
    this.view = view;
    this.entities = entities;
    this.kept = kept;
    this.source = source;
    this.aggregates = view.stored().stream().filter(f -> f.origin() instanceof Aggregate).toList();
    this.keys = Sql.keys(view);
  }

  /**
   * @param lenient what does not fit its type is null, and so is what is derived of it
   */
  String select(boolean lenient) {
    return """
    WITH events AS MATERIALIZED (SELECT * FROM (%s) JOIN %s USING (%s)),
    deltas AS (%s),
    changes AS (
      SELECT %s, CASE WHEN _at >= _since THEN _at END AS _at,
        max(lineage_id) AS lineage_id, %s%s
      FROM deltas GROUP BY ALL),
    totals AS (
      SELECT %s, _at, last_value(lineage_id IGNORE NULLS) OVER so_far AS lineage_id, %s%s
      FROM changes
      WINDOW so_far AS (
        PARTITION BY %s ORDER BY _at NULLS FIRST ROWS UNBOUNDED PRECEDING))
    SELECT %s, make_timestamptz(_at) AS event_timestamp, lineage_id, %s
    FROM totals WHERE _at IS NOT NULL\
    """
        .formatted(
            source.apply(values()),
            entities,
            keys,
            deltas(),
            keys,
            each(feature -> gather(feature) + " AS " + out(feature)),
            newest(", max(_newest) AS _newest"),
            keys,
            each(feature -> total(feature, lenient)),
            newest(", max(_newest) OVER so_far AS _newest"),
            keys,
            keys,
            Sql.each(view.stored(), feature -> result(feature, lenient) + ", ", "")
                + Evaluation.invalid(lenient ? reasons() : List.of())
                + newest(", make_timestamptz(_newest) AS " + History.NEWEST));
  }

  private String newest(String columns) {
    return view.tellsNewest() ? columns : "";
  }

  private List<String> reasons() {
    var reasons = new ArrayList<String>();
    for (Feature feature : view.stored()) {
      String holds =
          feature.origin() instanceof Aggregate
              ? fits(feature)
              : fit() + " AND " + Sql.succeeds(PRESENT, computed(feature));
      reasons.add(Evaluation.unless(feature, holds));
    }
    return reasons;
  }

  /** Every aggregate has fitted its type. */
  private String fit() {
    return Sql.each(aggregates, Aggregation::fits, " AND ");
  }

  private static String fits(Feature feature) {
    return Sql.name("_fits_" + feature.name());
  }

  private String each(java.util.function.Function<Feature, String> text) {
    return Sql.each(aggregates, text, ", ");
  }

  /** Of one source row: its time, and what it adds to each aggregate. */
  private List<String> values() {
    var values = new ArrayList<String>();
    values.add("epoch_us(" + Evaluation.time(view.source().timestamp()) + ") AS _at");
    for (Feature feature : aggregates) {
      String value = isDistinct(feature) ? first(feature) : value(feature);
      values.add(value + " AS " + out(feature));
    }
    return values;
  }

  /** What a source row adds to an aggregate, but for values that count once. */
  static String value(Feature feature) {
    var aggregate = (Aggregate) feature.origin();
    String of = "(" + aggregate.of() + ")";
    return switch (aggregate.function()) {
      case SUM, MIN, MAX -> "CAST(" + of + " AS " + feature.type().sql() + ")";
      case COUNT -> aggregate.of() == null ? "1" : "CAST(" + of + " IS NOT NULL AS INTEGER)";
      case COUNT_DISTINCT -> throw new IllegalArgumentException(feature.name());
    };
  }

  /** A value counts where it is seen first. */
  private String first(Feature feature) {
    String of = "(" + ((Aggregate) feature.origin()).of() + ")";
    String time = Evaluation.time(view.source().timestamp());
    String first =
        "%s IS NOT NULL AND row_number() OVER (PARTITION BY %s, %s ORDER BY %s) = 1"
            .formatted(of, keys, of, time);
    String known = kept == null ? "" : " AND NOT " + kept.knows(feature);
    return "CAST(" + first + known + " AS INTEGER)";
  }

  /** A window that has ended before {@code _since} adds nothing to what comes after. */
  private String deltas() {
    var parts = new ArrayList<String>();
    if (!aggregates.stream().allMatch(Aggregation::windowed)) {
      parts.add(delta("_at", "lineage_id", f -> windowed(f) ? "NULL" : out(f), "events._at"));
    } else if (view.tellsNewest()) {
      parts.add(delta("_at + 1", "NULL", f -> "NULL", "events._at"));
    }
    for (var window : windows(aggregates)) {
      String leaves = leaves("_at", window);
      String lasts = " WHERE " + leaves + " >= _since";
      parts.add(
          delta("_at + 1", "lineage_id", f -> in(window, f) ? out(f) : "NULL", "NULL") + lasts);
      parts.add(delta(leaves, "NULL", f -> in(window, f) ? "-" + out(f) : "NULL", "NULL") + lasts);
    }
    String all = String.join(" UNION ALL ", parts);
    return kept == null ? all : all + " UNION ALL BY NAME " + kept.deltas();
  }

  /** The first T where round_down(T - window, hop) > at. */
  static String leaves(String at, Aggregate window) {
    return "(%3$s - ((%3$s %% %1$d) + %1$d) %% %1$d + %2$d)"
        .formatted(window.hopMicros(), window.hopMicros() + window.windowMicros(), at);
  }

  private String delta(
      String at,
      String lineage,
      java.util.function.Function<Feature, String> value,
      String newest) {
    return "SELECT %s, _since, %s AS _at, %s AS lineage_id, %s%s FROM events"
        .formatted(
            keys,
            at,
            lineage,
            each(feature -> value.apply(feature) + " AS " + out(feature)),
            newest(", " + newest + " AS _newest"));
  }

  static Set<Aggregate> windows(List<Feature> aggregates) {
    return aggregates.stream()
        .filter(Aggregation::windowed)
        .map(feature -> (Aggregate) feature.origin())
        .map(each -> new Aggregate(Function.SUM, null, each.windowMicros(), each.hopMicros()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static boolean isDistinct(Feature feature) {
    return is(Function.COUNT_DISTINCT, feature);
  }

  static boolean is(Function function, Feature feature) {
    return feature.origin() instanceof Aggregate aggregate && aggregate.function() == function;
  }

  static boolean windowed(Feature feature) {
    return feature.origin() instanceof Aggregate aggregate && aggregate.windowed();
  }

  static boolean in(Aggregate window, Feature feature) {
    return feature.origin() instanceof Aggregate aggregate
        && aggregate.windowMicros() == window.windowMicros()
        && aggregate.hopMicros() == window.hopMicros();
  }

  private static String gather(Feature feature) {
    return gather(feature, out(feature));
  }

  static String gather(Feature feature, String values) {
    String function =
        switch (((Aggregate) feature.origin()).function()) {
          case SUM, COUNT, COUNT_DISTINCT -> "sum";
          case MIN -> "min";
          case MAX -> "max";
        };
    return function + "(" + values + ")";
  }

  /** A window without rows sums to 0; an entity whose values were all null so far has no sum. */
  private String total(Feature feature, boolean lenient) {
    String sum = gather(feature) + " OVER so_far";
    String total = windowed(feature) ? "coalesce(" + sum + ", 0)" : sum;
    String type = feature.type().sql();
    return lenient
        ? """
        TRY_CAST(%1$s AS %2$s) AS %3$s,
        (%1$s IS NULL) = (TRY_CAST(%1$s AS %2$s) IS NULL) AS %4$s\
        """
            .formatted(total, type, out(feature), fits(feature))
        : "CAST(%s AS %s) AS %s".formatted(total, type, out(feature));
  }

  private String result(Feature feature, boolean lenient) {
    if (feature.origin() instanceof Aggregate) {
      return out(feature);
    }
    String value = computed(feature);
    return (lenient ? Sql.attempt(fit(), value) : value) + " AS " + out(feature);
  }

  private static String computed(Feature feature) {
    return switch (feature.origin()) {
      case Derived derived ->
          "CAST((" + derived.expression() + ") AS " + feature.type().sql() + ")";
      case Ratio ratio -> ratio(feature, ratio);
      default -> out(feature);
    };
  }

  /** Rounded half away from zero in whole numbers: the engine divides decimals as doubles. */
  private static String ratio(Feature feature, Ratio ratio) {
    int scale = feature.type().scale();
    String of = whole(ratio.of(), scale + ratio.by().type().scale());
    String by = whole(ratio.by(), ratio.of().type().scale());
    return """
    CAST(CAST(CASE WHEN %2$s <> 0 THEN
      CAST(sign(%1$s) * sign(%2$s) AS HUGEINT)
        * ((2 * abs(%1$s) + abs(%2$s)) // (2 * abs(%2$s))) END AS DECIMAL(%3$d,0))
      * %4$s AS %5$s)\
    """
        .formatted(of, by, 38 - scale, unit(scale), feature.type().sql());
  }

  /** The smallest step of a decimal: 0.01 for a scale of 2. */
  private static String unit(int scale) {
    return scale == 0
        ? "1"
        : "CAST(0.%s1 AS DECIMAL(%d,%d))".formatted("0".repeat(scale - 1), scale, scale);
  }

  private static String whole(Feature feature, int scaleMore) {
    int scale = feature.type().scale();
    return "(CAST(%s * %s AS HUGEINT) * %s)"
        .formatted(out(feature), power(scale), power(scaleMore));
  }

  private static String power(int digits) {
    return "CAST(1" + "0".repeat(digits) + " AS HUGEINT)";
  }

  private static String out(Feature feature) {
    return Sql.name(feature.name());
  }
}
