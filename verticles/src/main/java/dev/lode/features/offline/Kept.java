package dev.lode.features.offline;

import dev.lode.features.spec.Feature;
import dev.lode.features.spec.Feature.Aggregate;
import dev.lode.features.spec.Feature.Function;
import dev.lode.features.spec.View;
import dev.lode.features.spec.View.Keeps;
import dev.lode.fold.Folds;
import dev.lode.tables.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What is kept of all rows of a view's source up to a snapshot, so that an entity whose rows only
 * come later than those needs no row read again: its running totals and the time of its newest row;
 * per window, what leaves it and when; and each value that counts once. A row that comes a little
 * late is overtaken by few: these are read, and taken out of what is kept.
 */
public final class Kept {
  static final String AHEAD = "ahead";
  public static final String BEHIND = "behind";
  static final String LATER = "later";
  private static final String TOTALS = "kept_totals";

  /** Of rows that come later than by this, all of their entity are read. */
  private static final long LATE_MICROS = 10_000_000;

  private final View view;
  private final TableName table;
  private final List<Feature> aggregates;
  private final List<Aggregate> windows;
  private final List<Feature> distinct;

  private Kept(View view) {
    this.view = view;
    this.table = TableName.of(view.source().table());
    this.aggregates = view.stored().stream().filter(f -> f.origin() instanceof Aggregate).toList();
    this.windows = List.copyOf(Aggregation.windows(aggregates));
    this.distinct = aggregates.stream().filter(Aggregation::isDistinct).toList();
  }

  /** Empty where totals cannot be added to: of no table, or of numbers that round. */
  public static Optional<Kept> of(View view) {
    boolean possible =
        view.source() != null
            && view.source().table() != null
            && view.source().keeps() == Keeps.HISTORY
            && view.source().created() == null
            && view.aggregated()
            && view.stored().stream().noneMatch(Kept::rounds);
    return possible ? Optional.of(new Kept(view)) : Optional.empty();
  }

  private static boolean rounds(Feature feature) {
    return feature.origin() instanceof Aggregate aggregate
        && aggregate.function() == Function.SUM
        && switch (feature.type().kind()) {
          case BIGINT, DECIMAL -> false;
          default -> true;
        };
  }

  /** Whether rows were recorded that are later than all of the source: where something leaves. */
  boolean hasWindows() {
    return !windows.isEmpty();
  }

  /**
   * A query, and the temporary table that its answer for {@code touched} goes to.
   *
   * @param without the same without the rows of {@code later}
   */
  public record Part(Folds.Query query, String name, String condition, String without) {
    /**
     * @param answer the SQL of it
     */
    public String store(String answer) {
      return "CREATE OR REPLACE TEMP TABLE %s AS SELECT * FROM (%s) WHERE %s"
          .formatted(name, answer, condition);
    }
  }

  public List<Part> parts() {
    var parts = new ArrayList<Part>();
    parts.add(part(TOTALS, "max(" + at() + ") AS _newest" + totals(), "", this::totalsWithout));
    for (int i = 0; i < windows.size(); i++) {
      Aggregate window = windows.get(i);
      String leaves = Aggregation.leaves(at(), window);
      var part =
          part(
              leaving(i),
              leaves + " AS _at" + sums(window),
              "",
              later -> sumsWithout(later, window));
      String stays = "_at >= (SELECT min(_since) FROM touched)";
      parts.add(new Part(part.query(), part.name(), stays, part.without()));
    }
    for (Feature feature : distinct) {
      String of = "(" + ((Aggregate) feature.origin()).of() + ")";
      parts.add(
          part(
              values(feature),
              of + " AS _value, count(*) AS _rows",
              " AND " + of + " IS NOT NULL",
              later ->
                  "k.* FROM %s k LEFT JOIN (%s) l USING (%s, _value) WHERE %s"
                      .formatted(
                          values(feature), later, group(), "k._rows > coalesce(l._rows, 0)")));
    }
    return parts;
  }

  private String totalsWithout(String later) {
    var rest = new ArrayList<String>();
    rest.add("CASE WHEN l._newest IS NULL THEN k._newest END AS _newest");
    for (Feature feature : running()) {
      String name = Sql.name(feature.name());
      String less = "k.%1$s - coalesce(l.%1$s, 0)".formatted(name);
      String value =
          switch (((Aggregate) feature.origin()).function()) {
            case SUM -> "CASE WHEN k.%1$s > coalesce(l.%1$s, 0) THEN %2$s END";
            case COUNT -> "%2$s";
            default -> "CASE WHEN l._newest IS NULL THEN k.%3$s END";
          };
      rest.add(value.formatted(some(feature), less, name) + " AS " + name);
    }
    return "k.* REPLACE (%s) FROM %s k LEFT JOIN (%s) l USING (%s)"
        .formatted(String.join(", ", rest), TOTALS, later, group());
  }

  private String sumsWithout(String later, Aggregate window) {
    return "k.* REPLACE (%s) FROM %s k LEFT JOIN (%s) l USING (%s, _at)"
        .formatted(
            Sql.each(
                within(window),
                feature ->
                    "k.%1$s - coalesce(l.%1$s, 0) AS %1$s".formatted(Sql.name(feature.name())),
                ", "),
            leaving(windows.indexOf(window)),
            later,
            group());
  }

  private String group() {
    return "tenant_id, " + each(i -> "_key" + i);
  }

  private String at() {
    return "epoch_us(" + Evaluation.time(view.source().timestamp()) + ")";
  }

  /**
   * @param without FROM a SELECT of the same columns over {@code later}
   */
  private Part part(String name, String columns, String condition, UnaryOperator<String> without) {
    UnaryOperator<String> sql =
        from ->
            "SELECT tenant_id, %s, %s FROM %s WHERE isfinite(%s)%s GROUP BY ALL"
                .formatted(
                    each(i -> typed(i) + " AS _key" + i),
                    columns,
                    from,
                    Evaluation.time(view.source().timestamp()),
                    condition);
    var keys = new ArrayList<>(List.of("tenant_id"));
    IntStream.range(0, view.keys().size()).forEach(i -> keys.add(typed(i)));
    String all = sql.apply(table.toString());
    var query = new Folds.Query(view.name() + " " + name, all, table, keys, false);
    return new Part(query, name, "true", without.apply(sql.apply(LATER)));
  }

  private String typed(int key) {
    return Evaluation.typed("", view.keys().get(key));
  }

  private String each(java.util.function.IntFunction<String> text) {
    return String.join(", ", IntStream.range(0, view.keys().size()).mapToObj(text).toList());
  }

  private String totals() {
    return Sql.each(
        running(),
        feature ->
            ", "
                + gathered(feature)
                + (Aggregation.is(Function.SUM, feature)
                    ? ", count(%s) AS %s".formatted(Aggregation.value(feature), some(feature))
                    : ""),
        "");
  }

  /** How many values a sum has: without any it is none. */
  private String some(Feature feature) {
    return "_some" + aggregates.indexOf(feature);
  }

  private List<Feature> running() {
    return aggregates.stream()
        .filter(f -> !Aggregation.windowed(f) && !distinct.contains(f))
        .toList();
  }

  private String sums(Aggregate window) {
    return Sql.each(within(window), feature -> ", " + gathered(feature), "");
  }

  private List<Feature> within(Aggregate window) {
    return aggregates.stream().filter(feature -> Aggregation.in(window, feature)).toList();
  }

  /** {@code sum(value) AS name}. */
  private static String gathered(Feature feature) {
    String name = Sql.name(feature.name());
    return Aggregation.gather(feature, Aggregation.value(feature)) + " AS " + name;
  }

  private static String leaving(int window) {
    return "kept_leaving" + window;
  }

  private String values(Feature feature) {
    return "kept_values" + distinct.indexOf(feature);
  }

  /** The keys of {@code touched}, for {@link Folds#bind}. */
  public String touched(String tenantId) {
    return "SELECT %s, %s FROM touched".formatted(Sql.text(tenantId), Sql.keys(view));
  }

  /** Leaves {@code ahead} and {@code behind}, which together are {@code touched}. */
  public List<String> split() {
    String same = same("t");
    return List.of(
        """
        CREATE OR REPLACE TEMP TABLE ahead AS
        SELECT t.* FROM touched t LEFT JOIN %s k ON %s
        WHERE t._since > %d AND (k._newest IS NULL OR k._newest < t._since)\
        """
            .formatted(TOTALS, same, Evaluation.EVER),
        "CREATE OR REPLACE TEMP TABLE behind AS FROM touched ANTI JOIN ahead USING (%s)"
            .formatted(Sql.keys(view)));
  }

  /**
   * Whether rows can be taken out: of the largest of anything but the time, which is always that of
   * the row that came, nobody knows what it was without some of them; nor which was the newest
   * before, where that is told.
   */
  public boolean rewinds() {
    return !view.tellsNewest()
        && running().stream()
            .map(feature -> (Aggregate) feature.origin())
            .allMatch(
                aggregate ->
                    switch (aggregate.function()) {
                      case MIN -> false;
                      case MAX -> aggregate.of().strip().equals(view.source().timestamp());
                      default -> true;
                    });
  }

  /** Since when there may be rows later than some that came a little late; null for none. */
  public String overtaken() {
    return """
    SELECT min(t._since) FROM touched t JOIN %s k ON %s
    WHERE k._newest >= t._since AND t._since > %d
      AND t._since >= (SELECT max(_since) FROM touched) - %d\
    """
        .formatted(TOTALS, same("t"), Evaluation.EVER, LATE_MICROS);
  }

  /**
   * Leaves rows of the entities that were touched since then as {@code later}, and takes them out.
   *
   * @param rows of the source, before those that came
   */
  public List<String> rewind(String rows, long since) {
    var all = new ArrayList<String>();
    all.add(
        """
        CREATE OR REPLACE TEMP TABLE later AS
        SELECT s.* FROM (FROM %s WHERE isfinite(%s)) s SEMI JOIN touched t
        ON %s AND %s >= t._since AND t._since >= %d\
        """
            .formatted(
                rows,
                Evaluation.time(view.source().timestamp()),
                Evaluation.sameKeys("s.", "t", view),
                at(),
                since));
    for (Part part : parts()) {
      all.add("CREATE OR REPLACE TEMP TABLE %s AS SELECT %s".formatted(part.name, part.without));
    }
    return all;
  }

  /**
   * Rows of {@code changed} that came to one tenant, as {@code source_rows}.
   *
   * @param overtaken with those of {@code later}
   */
  public static String came(String changed, String tenantId, boolean overtaken) {
    return """
    CREATE OR REPLACE VIEW source_rows AS
    SELECT * EXCLUDE (_change) FROM %s WHERE _change > 0 AND tenant_id = %s%s\
    """
        .formatted(
            Sql.name(changed),
            Sql.text(tenantId),
            overtaken ? " UNION ALL BY NAME FROM " + LATER : "");
  }

  /** Whether a source row has a value of the feature that its entity had before. */
  String knows(Feature feature) {
    return "EXISTS (SELECT 1 FROM %s k WHERE %s AND k._value = (%s))"
        .formatted(
            values(feature),
            each(i -> "k._key" + i + " = " + typed(i)),
            ((Aggregate) feature.origin()).of());
  }

  /** Of entities ahead: all that came before {@code _since}, as one change, and what will leave. */
  String deltas() {
    var parts = new ArrayList<String>();
    var totals = new ArrayList<>(running().stream().map(f -> "k." + Sql.name(f.name())).toList());
    if (view.tellsNewest()) {
      totals.add("k._newest");
    }
    if (!totals.isEmpty()) {
      parts.add(before(String.join(", ", totals), TOTALS));
    }
    for (int i = 0; i < windows.size(); i++) {
      Aggregate window = windows.get(i);
      String stays = leaving(i) + " k ON " + same("a") + " AND k._at >= a._since";
      parts.add(change("a._since - 1", features(window, "%s"), stays));
      parts.add(change("k._at", features(window, "-%s"), stays));
    }
    for (Feature feature : distinct) {
      String one = "1 AS " + Sql.name(feature.name());
      parts.add(before(one, values(feature)));
    }
    return String.join(" UNION ALL BY NAME ", parts);
  }

  private String features(Aggregate window, String value) {
    return Sql.each(
        within(window),
        feature ->
            value.formatted("k." + Sql.name(feature.name())) + " AS " + Sql.name(feature.name()),
        ", ");
  }

  private String before(String columns, String kept) {
    return change("a._since - 1", columns, kept + " k ON " + same("a"));
  }

  private String change(String at, String columns, String join) {
    return "SELECT %s, a._since, %s AS _at, %s FROM ahead a JOIN %s"
        .formatted(Sql.of("a", view.keyNames()), at, columns, join);
  }

  private String same(String alias) {
    return String.join(
        " AND ",
        IntStream.range(0, view.keys().size())
            .mapToObj(i -> "k._key%d = %s.%s".formatted(i, alias, Sql.name(view.keyNames().get(i))))
            .toList());
  }
}
