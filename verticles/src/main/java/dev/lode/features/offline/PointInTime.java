package dev.lode.features.offline;

import dev.lode.features.spec.Feature;
import dev.lode.features.spec.Feature.DaysSince;
import dev.lode.features.spec.FeatureCatalog.Reference;
import dev.lode.features.spec.ValueType;
import dev.lode.features.spec.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Point-in-time joins: to each row of {@code given} (_row, _time and typed keys) the features as
 * they were at its time. Each view becomes steps: from {@code _at} on, this row is the answer; so
 * one ASOF join finds it.
 */
public final class PointInTime {
  private final List<Reference> references;
  private final List<View> views;
  private final boolean knownAsOf;

  public PointInTime(List<Reference> references, boolean knownAsOf) {
    this.references = List.copyOf(references);
    this.views = references.stream().map(Reference::view).distinct().toList();
    this.knownAsOf = knownAsOf;
  }

  public List<View> views() {
    return views;
  }

  /** The name under which the history of a view must be bound. */
  public static String relation(View view) {
    return "history_" + view.name();
  }

  /** A column of {@code given}, and its name in the answer. */
  public record Kept(String column, String name) {
    private String item() {
      return "g." + Sql.name(column) + " AS " + Sql.name(name);
    }
  }

  private static String steps(View view) {
    return "steps_" + view.name();
  }

  /** Statements that make the steps of every view. */
  public List<String> prepare() {
    return views.stream()
        .map(
            view ->
                "CREATE OR REPLACE TEMP TABLE "
                    + Sql.name(steps(view))
                    + " AS "
                    + (knownAsOf ? known(view) : latest(view)))
        .toList();
  }

  /** By default late rows count from their event time on: one step per event time. */
  private static String latest(View view) {
    return """
    SELECT *, event_timestamp AS _at FROM (%s)
    QUALIFY row_number() OVER (
      PARTITION BY %s, event_timestamp ORDER BY created DESC, sequence DESC) = 1\
    """
        .formatted(History.live(view, Sql.name(relation(view))), Sql.keys(view));
  }

  /**
   * As it was known: a row counts from when it was both true and recorded, until it was deleted.
   * The answer changes where a row begins that is newer than the answer so far, and where a row
   * ends: there it starts again from the newest that still holds, if any.
   */
  private static String known(View view) {
    return """
    WITH spans AS (
      SELECT *, greatest(event_timestamp, created) AS _at,
        row_number() OVER (
          PARTITION BY %1$s ORDER BY event_timestamp, created, sequence) AS _rank,
        min(CASE WHEN deleted THEN created END) OVER (
          PARTITION BY %1$s, event_timestamp, pushed ORDER BY sequence
          ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS _until
      FROM %2$s),
    held AS (SELECT * FROM spans WHERE NOT deleted AND (_until IS NULL OR _until > _at)),
    ends AS (SELECT DISTINCT %1$s, _until AS _at FROM held WHERE _until IS NOT NULL),
    restarts AS (
      SELECT %3$s, e._at, coalesce(r._rank, 0) AS _rank
      FROM ends e LEFT JOIN held r
        ON %4$s AND r._at <= e._at AND (r._until IS NULL OR r._until > e._at)
      QUALIFY row_number() OVER (
        PARTITION BY %3$s, e._at ORDER BY r._rank DESC NULLS LAST) = 1),
    moves AS (
      SELECT %1$s, _at, _rank, 0 AS _restart FROM held
      UNION ALL SELECT %1$s, _at, _rank, 1 FROM restarts),
    runs AS (
      SELECT *, sum(_restart) OVER (
        PARTITION BY %1$s ORDER BY _at, _restart DESC ROWS UNBOUNDED PRECEDING) AS _run
      FROM moves),
    best AS (
      SELECT %1$s, _at, max(_rank) OVER (
        PARTITION BY %1$s, _run ORDER BY _at, _restart DESC ROWS UNBOUNDED PRECEDING) AS _rank,
        _run
      FROM runs),
    steps AS (SELECT %1$s, _at, max(_rank) AS _rank FROM best GROUP BY ALL)
    SELECT %5$s, s._at, r.event_timestamp%6$s
    FROM steps s LEFT JOIN held r ON %7$s AND r._rank = s._rank\
    """
        .formatted(
            Sql.keys(view),
            Sql.name(relation(view)),
            Sql.of("e", view.keyNames()),
            Sql.same("e", "r", view),
            Sql.of("s", view.keyNames()),
            Sql.each(Sql.features(view), feature -> ", r." + Sql.name(feature), ""),
            Sql.same("s", "r", view));
  }

  /** Who is known at the end, for a snapshot; all views have the same keys. */
  public String everyone(long endMicros) {
    String keys = Sql.keys(views.getFirst());
    var parts = new ArrayList<String>();
    for (View view : views) {
      parts.add(
          """
          SELECT %s, event_timestamp IS NOT NULL AS _held FROM %s WHERE _at <= %s
          QUALIFY row_number() OVER (PARTITION BY %s ORDER BY _at DESC) = 1\
          """
              .formatted(keys, Sql.name(steps(view)), Sql.time(endMicros), keys));
    }
    return """
    SELECT row_number() OVER (ORDER BY %1$s) AS _row, %2$s AS _time, %1$s
    FROM (SELECT DISTINCT %1$s FROM (%3$s) WHERE _held)\
    """
        .formatted(keys, Sql.time(endMicros), String.join(" UNION ALL ", parts));
  }

  /**
   * The rows of {@code given}, in their order, each once.
   *
   * @param names of the features, one per reference
   */
  public String join(List<Kept> kept, List<String> names) {
    var columns = new ArrayList<>(kept.stream().map(Kept::item).toList());
    for (int i = 0; i < references.size(); i++) {
      columns.add(value(references.get(i)) + " AS " + Sql.name(names.get(i)));
    }
    var joins = new StringBuilder();
    for (int i = 0; i < views.size(); i++) {
      joins.append(
          " ASOF LEFT JOIN %s s%d ON %s AND g._time >= s%d._at"
              .formatted(
                  Sql.name(steps(views.get(i))), i, Sql.same("g", "s" + i, views.get(i)), i));
    }
    return "SELECT " + String.join(", ", columns) + " FROM given g" + joins + " ORDER BY g._row";
  }

  private String value(Reference reference) {
    String steps = "s" + views.indexOf(reference.view()) + ".";
    String value = value(reference.feature(), steps);
    long ttl = reference.view().ttlMicros();
    return ttl == 0
        ? value
        : "CASE WHEN epoch_us(%s) >= epoch_us(g._time) - %d THEN %s END"
            .formatted(newest(reference.view(), steps), ttl, value);
  }

  private static String newest(View view, String steps) {
    return view.tellsNewest()
        ? "coalesce(%1$s%2$s, %1$sevent_timestamp)".formatted(steps, History.NEWEST)
        : steps + "event_timestamp";
  }

  private static String value(Feature feature, String steps) {
    if (feature.origin() instanceof DaysSince days) {
      return "CAST(date_diff('day', %s, %s) AS %s)"
          .formatted(
              day(steps + Sql.name(days.since().name()), days.since().type()),
              day("g._time", ValueType.parse("TIMESTAMP WITH TIME ZONE")),
              feature.type().sql());
    }
    return steps + Sql.name(feature.name());
  }

  private static String day(String value, ValueType type) {
    return type.kind() == ValueType.Kind.DATE
        ? value
        : "CAST(timezone('UTC', " + value + ") AS DATE)";
  }
}
