package dev.lode.features.offline;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.config.Nearest;
import dev.lode.features.spec.Feature;
import dev.lode.features.spec.Feature.Column;
import dev.lode.features.spec.ValueType;
import dev.lode.features.spec.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A view as SQL: from {@code source_rows} and {@code touched} (the keys, and {@code _since} in
 * microseconds) to the rows that the source now tells of the touched entities, from {@code _since}
 * on: keys, event_timestamp, created where the source declares it, lineage_id, stored features,
 * {@code _invalid}.
 */
final class Evaluation {
  /** Earlier than any time: everything of the entity may have changed. */
  static final long EVER = -9_000_000_000_000_000_000L;

  private final View view;
  private final Scope scope;
  private final boolean lineage;
  private final boolean lenient;

  /**
   * @param columns of {@code source_rows}
   */
  Evaluation(View view, Set<String> columns) {
    this(view, columns, "touched");
  }

  /**
   * @param entities as {@code touched}
   */
  Evaluation(View view, Set<String> columns, String entities) {
    this(view, columns, new Scope("source_rows", entities, null), false);
  }

  /** What does not fit its type is null there, and {@code _invalid} says so. */
  static Evaluation lenient(View view, Set<String> columns) {
    return new Evaluation(view, columns, new Scope("source_rows", "touched", null), true);
  }

  /**
   * @param rows of the source
   * @param entities as {@code touched}
   * @param kept what is known of the rows that {@code rows} lacks; null where it has all
   */
  private record Scope(String rows, String entities, Kept kept) {}

  private Evaluation(View view, Set<String> columns, Scope scope, boolean lenient) {
    this.view = view;
    this.lenient = lenient;
    this.scope = scope;
    this.lineage = columns.contains("lineage_id");
    view.keyNames().forEach(key -> require(key, columns));
    require(view.source().timestamp(), columns);
    if (created()) {
      require(view.source().created(), columns);
    }
  }

  /** Of entities ahead, by what is kept of them and the rows that came. */
  static Evaluation ahead(View view, Set<String> columns, Kept kept) {
    return new Evaluation(view, columns, new Scope("source_rows", Kept.AHEAD, kept), false);
  }

  /**
   * Of the same as if no row had come.
   *
   * @param overtaken where there are rows in {@code later}
   */
  static Evaluation before(View view, Set<String> columns, Kept kept, boolean overtaken) {
    String rows = overtaken ? Kept.LATER : "(FROM source_rows WHERE false)";
    return new Evaluation(view, columns, new Scope(rows, Kept.AHEAD, kept), false);
  }

  private void require(String column, Set<String> columns) {
    if (!columns.contains(column)) {
      String near =
          Nearest.to(column, columns)
              .map(name -> "did you mean " + name + "?")
              .orElse("it has: " + String.join(", ", new TreeSet<>(columns)));
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Cannot compute "
              + view.name()
              + ": its source has no column "
              + column
              + " ("
              + near
              + ")");
    }
  }

  private boolean created() {
    return view.source().created() != null;
  }

  String select() {
    return view.aggregated()
        ? new Aggregation(view, scope.entities, scope.kept, this::source).select(lenient)
        : rows();
  }

  /** Equal rows, and rows of one entity and time, are one: the newest record's. */
  private String rows() {
    String keys = Sql.keys(view);
    String identity = keys + ", event_timestamp" + (created() ? ", created" : "");
    String features = Sql.more(Sql.features(view)) + ", " + History.INVALID;
    return """
    SELECT %s, lineage_id%s FROM (%s) JOIN touched USING (%s)
    WHERE epoch_us(event_timestamp) >= _since
    QUALIFY row_number() OVER (
      PARTITION BY %s ORDER BY lineage_id DESC NULLS LAST%s) = 1\
    """
        .formatted(identity, features, source(values()), keys, identity, features);
  }

  private List<String> values() {
    var values = new ArrayList<String>();
    values.add(time(view.source().timestamp()) + " AS event_timestamp");
    if (created()) {
      values.add(
          "coalesce(%s, %s) AS created"
              .formatted(time(view.source().created()), time(view.source().timestamp())));
    }
    String present = Sql.name(view.keyNames().getFirst()) + " IS NOT NULL";
    var invalid = new ArrayList<String>();
    for (Feature feature : view.stored()) {
      String value =
          "CAST((%s) AS %s)"
              .formatted(((Column) feature.origin()).expression(), feature.type().sql());
      String shown = lenient ? Sql.attempt(present, value) : value;
      values.add(shown + " AS " + Sql.name(feature.name()));
      invalid.add(unless(feature, Sql.succeeds(present, value)));
    }
    values.add(invalid(lenient ? invalid : List.of()));
    return values;
  }

  /** One of {@link #invalid}. */
  static String unless(Feature feature, String holds) {
    String reason = feature.name() + ": it does not fit " + feature.type().sql();
    return "CASE WHEN NOT (%s) THEN %s END".formatted(holds, Sql.text(reason));
  }

  /** The column that says why features have no value. */
  static String invalid(List<String> reasons) {
    return reasons.isEmpty()
        ? "CAST(NULL AS VARCHAR) AS " + History.INVALID
        : "nullif(concat_ws('; ', %s), '') AS %s"
            .formatted(String.join(", ", reasons), History.INVALID);
  }

  static String time(String column) {
    return "CAST(" + Sql.name(column) + " AS TIMESTAMPTZ)";
  }

  /** Timed source rows of the touched entities: typed keys, lineage_id and {@code values}. */
  private String source(List<String> values) {
    return """
    SELECT %s, %s AS lineage_id, %s FROM (
      SELECT * FROM %s s SEMI JOIN %s t ON %s WHERE isfinite(%s))\
    """
        .formatted(
            Sql.each(view.keys(), key -> typed("", key) + " AS " + Sql.name(key.name()), ", "),
            lineage ? "CAST(lineage_id AS UUID)" : "CAST(NULL AS UUID)",
            String.join(", ", values),
            scope.rows,
            scope.entities,
            sameKeys("s.", "t", view),
            time(view.source().timestamp()));
  }

  /** A row of the source is of an entity. */
  static String sameKeys(String row, String entity, View view) {
    return Sql.each(
        view.keys(),
        key -> "%s = %s.%s".formatted(typed(row, key), entity, Sql.name(key.name())),
        " AND ");
  }

  static String typed(String alias, View.Key key) {
    return "TRY_CAST(" + alias + Sql.name(key.name()) + " AS " + key.type().sql() + ")";
  }

  /** A row whose key is none is of no entity. */
  static String typed(String column, ValueType type) {
    return "TRY_CAST(" + Sql.name(column) + " AS " + type.sql() + ")";
  }
}
