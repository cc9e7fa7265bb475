package dev.lode.features.offline;

import dev.lode.features.spec.Feature;
import dev.lode.features.spec.View;
import dev.lode.features.spec.View.Keeps;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What a view has to record of a change at its source, one tenant at a time: {@code touched} names
 * the entities, {@code fresh} is what the source tells now, {@code recorded} what the table tells,
 * and {@code emitted} gathers the difference of all tenants.
 */
public final class Changes {
  private final View view;
  private final String keys;

  /** What is recorded of a row: the stored features, and why some have no value. */
  private final List<String> features;

  public Changes(View view) {
    this.view = view;
    this.keys = Sql.keys(view);
    this.features = new ArrayList<>(Sql.features(view));
    features.add(History.INVALID);
  }

  /** Of the rows of {@code relation}, which came and went: tenant_id, keys, and since when. */
  public String changed(String relation, List<String> keyColumns) {
    var typed = new ArrayList<String>();
    var known = new ArrayList<String>();
    for (int i = 0; i < keyColumns.size(); i++) {
      View.Key key = view.keys().get(i);
      String value = Evaluation.typed(keyColumns.get(i), key.type());
      typed.add(value + " AS " + Sql.name(key.name()));
      known.add(value + " IS NOT NULL");
    }
    return "SELECT tenant_id, %s, min(%s) AS _since FROM %s WHERE %s GROUP BY ALL"
        .formatted(
            String.join(", ", typed), since(), Sql.name(relation), String.join(" AND ", known));
  }

  /** Rows before the first that changed stay as they are, unless SQL or a replacement says so. */
  private String since() {
    boolean local = view.source().table() != null && view.source().keeps() == Keeps.HISTORY;
    return local
        ? "coalesce(epoch_us(TRY_CAST(%s AS TIMESTAMPTZ)), %s)"
            .formatted(Sql.name(view.source().timestamp()), ever())
        : ever();
  }

  /** The same for every entity that the source or the table knows. */
  public String everyone() {
    return touch(
        """
        SELECT %s, %s AS _since FROM source_rows WHERE %s
        UNION SELECT %s, %s FROM history_rows\
        """
            .formatted(
                Sql.each(
                    view.keys(),
                    key -> Evaluation.typed("", key) + " AS " + Sql.name(key.name()),
                    ", "),
                ever(),
                Sql.each(view.keys(), key -> Evaluation.typed("", key) + " IS NOT NULL", " AND "),
                keys,
                ever()));
  }

  private static String ever() {
    return "CAST(" + Evaluation.EVER + " AS BIGINT)";
  }

  /** Leaves {@code changed} as a table, of all tenants; {@code parts} as {@link #changed} says. */
  public static String gather(List<String> parts) {
    return "CREATE OR REPLACE TEMP TABLE changed AS " + String.join(" UNION ALL ", parts);
  }

  /** Leaves {@code touched} as a table: one row per entity. */
  public String touched(String tenantId) {
    return touch("SELECT * FROM changed WHERE tenant_id = " + Sql.text(tenantId));
  }

  private String touch(String select) {
    return """
    CREATE OR REPLACE TEMP TABLE touched AS
    SELECT %s, min(_since) AS _since FROM (%s) GROUP BY ALL\
    """
        .formatted(keys, select);
  }

  /** Bounds of what is touched, for pruning: first key low and high, since, entities. */
  public String bounds() {
    return bounds("touched");
  }

  /** The same of other entities. */
  public String bounds(String entities) {
    String first = Sql.name(view.keyNames().getFirst());
    return "SELECT min(%s), max(%s), min(_since), count(*) FROM %s"
        .formatted(first, first, entities);
  }

  /** INVALID_CONFIG where the source lacks a column that every view needs. */
  public void check(Set<String> columns) {
    var _ = new Evaluation(view, columns);
  }

  /** What the source tells now; {@code columns} are those of {@code source_rows}. */
  public String fresh(Set<String> columns) {
    return "CREATE OR REPLACE TEMP TABLE fresh AS " + new Evaluation(view, columns).select();
  }

  /** The same, where what does not fit its type is null, and {@link History#INVALID} says so. */
  public String lenient(Set<String> columns) {
    return "CREATE OR REPLACE TEMP TABLE fresh AS " + Evaluation.lenient(view, columns).select();
  }

  /** What the table tells of the same entities since the same times: the latest versions. */
  public String recorded() {
    return "CREATE OR REPLACE TEMP TABLE recorded AS " + recorded("touched");
  }

  /**
   * {@code fresh} and {@code recorded} of {@code ahead}: of what changed alone, and of what was
   * kept, which is what was recorded.
   *
   * @param overtaken where there are rows in {@code later}
   */
  public List<String> ahead(Set<String> columns, Kept kept, boolean overtaken) {
    var all = new ArrayList<String>();
    all.add(
        "CREATE OR REPLACE TEMP TABLE fresh AS " + Evaluation.ahead(view, columns, kept).select());
    String before =
        kept.hasWindows() || overtaken
            ? Evaluation.before(view, columns, kept, overtaken).select()
            : "FROM fresh LIMIT 0";
    all.add(
        """
        CREATE OR REPLACE TEMP TABLE recorded AS
        SELECT %s, CAST(0 AS BIGINT) AS sequence%s FROM (%s)\
        """
            .formatted(identity(""), Sql.more(features), before));
    if (poison() != null) {
      all.add(cleaned("recorded"));
    }
    return all;
  }

  /** Adds those of {@code behind}. */
  public List<String> behind(Set<String> columns) {
    return List.of(
        "INSERT INTO fresh BY NAME " + new Evaluation(view, columns, Kept.BEHIND).select(),
        "INSERT INTO recorded BY NAME SELECT * EXCLUDE (created) FROM (%s)"
            .formatted(recorded(Kept.BEHIND)));
  }

  private String recorded(String entities) {
    return """
    SELECT %s, sequence%s FROM (%s)
    QUALIFY row_number() OVER (PARTITION BY %s ORDER BY created DESC, sequence DESC) = 1\
    """
        .formatted(
            identity(""),
            Sql.more(features) + (declaresCreated() ? "" : ", created"),
            History.live(
                view,
                """
                (SELECT h.* FROM history_rows h JOIN %s t USING (%s)
                 WHERE NOT h.pushed AND epoch_us(h.event_timestamp) >= t._since)\
                """
                    .formatted(entities, keys)),
            identity(""));
  }

  private boolean declaresCreated() {
    return view.source().created() != null;
  }

  /** What names a row: its entity and time; and when it was recorded, where the source says so. */
  private String identity(String alias) {
    var columns = new ArrayList<>(view.keyNames());
    columns.add("event_timestamp");
    if (declaresCreated()) {
      columns.add("created");
    }
    return alias.isEmpty() ? Sql.names(columns) : Sql.of(alias, columns);
  }

  private String identities() {
    return "USING (" + identity("") + ")";
  }

  /** An empty {@code emitted} of the table's columns. */
  public String nothingEmitted() {
    return "CREATE OR REPLACE TEMP TABLE emitted (%s)"
        .formatted(
            Sql.each(
                History.spec(view).fields(),
                field -> Sql.name(field.name()) + " " + field.type(),
                ", "));
  }

  /** Takes what was emitted for one tenant back. */
  public String withdraw(String tenantId) {
    return "DELETE FROM emitted WHERE tenant_id = " + Sql.text(tenantId);
  }

  /** How many rows were emitted for one tenant, and how many of them lack a value. */
  public String count(String tenantId) {
    return "SELECT count(*), count(_invalid) FROM emitted WHERE tenant_id = " + Sql.text(tenantId);
  }

  /** Which rows of {@code fresh} hold what is not finite; null where none can. */
  public String poison() {
    var columns = infinite();
    return columns.isEmpty()
        ? null
        : Sql.each(columns, name -> "NOT isfinite(" + Sql.name(name) + ")", " OR ");
  }

  private List<String> infinite() {
    var columns = new ArrayList<String>();
    for (Feature feature : view.stored()) {
      switch (feature.type().kind()) {
        case DOUBLE, DATE, TIME -> columns.add(feature.name());
        default -> {}
      }
    }
    return columns;
  }

  /** What is not finite is no value: a statement that says so in its place. */
  public String cleaned(String rows) {
    return "UPDATE %s SET %s, _invalid = concat_ws('; ', _invalid, %s) WHERE %s"
        .formatted(
            rows,
            Sql.each(
                infinite(),
                name -> "%1$s = CASE WHEN isfinite(%1$s) THEN %1$s END".formatted(Sql.name(name)),
                ", "),
            Sql.each(
                infinite(),
                name ->
                    "CASE WHEN NOT isfinite(%s) THEN %s END"
                        .formatted(Sql.name(name), Sql.text(name + ": it is not finite")),
                ", "),
            poison());
  }

  /**
   * Changes where rows made from the same source would: another text means to compute all again.
   */
  public static String definition(View view) {
    var columns = new HashSet<>(view.keyNames());
    columns.add(view.source().timestamp());
    columns.add(String.valueOf(view.source().created()));
    columns.add("lineage_id");
    String text = view.source() + new Evaluation(view, columns).select();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }

  /**
   * Adds one tenant's difference to {@code emitted}. Deletions come first, so that what stays of
   * the same entity and time is recorded again after them.
   */
  public String emit(String tenantId, long nowMicros, long sequence) {
    String now = Sql.time(nowMicros);
    return """
    INSERT INTO emitted BY NAME
    WITH gone AS (
      SELECT %1$s, event_timestamp, %2$s AS created FROM recorded ANTI JOIN fresh %3$s
      WHERE %4$s GROUP BY %1$s, event_timestamp),
    difference AS (
      SELECT *, NULL AS lineage_id, true AS deleted%5$s FROM gone
      UNION ALL BY NAME
      SELECT f.* EXCLUDE (lineage_id)%6$s, f.lineage_id, false AS deleted
      FROM fresh f LEFT JOIN recorded r %3$s
      WHERE r.sequence IS NULL OR (%7$s) IS DISTINCT FROM (%8$s)
        OR EXISTS (SELECT 1 FROM gone g WHERE %9$s))
    SELECT %10$s AS tenant_id, *, false AS pushed,
      %11$d + row_number() OVER (%12$s) AS sequence
    FROM difference\
    """
        .formatted(
            keys,
            declaresCreated() ? "min(created)" : now,
            identities(),
            replaced(),
            Sql.each(features, feature -> ", NULL AS " + Sql.name(feature), ""),
            declaresCreated() ? "" : ", " + now + " AS created",
            tuple("f"),
            tuple("r"),
            Sql.same("g", "f", view) + " AND g.event_timestamp = f.event_timestamp",
            Sql.text(tenantId),
            sequence,
            declaresCreated() ? "ORDER BY deleted DESC" : "");
  }

  /** Even one feature makes a tuple. */
  private String tuple(String alias) {
    return "0, " + Sql.of(alias, features);
  }

  /** A source of latest rows has only dropped what is not older than what it shows. */
  private String replaced() {
    if (view.source().keeps() == Keeps.HISTORY) {
      return "true";
    }
    return """
    NOT EXISTS (SELECT 1 FROM fresh f
      WHERE f.event_timestamp > recorded.event_timestamp AND %s)\
    """
        .formatted(Sql.same("f", "recorded", view));
  }

  /** What of {@code emitted} the online store needs, but for entities that lost a row. */
  public String online(String tenantId, long nowMicros) {
    return History.needed(
        view,
        "SELECT * FROM emitted WHERE tenant_id = %s AND (%s) NOT IN (%s)"
            .formatted(Sql.text(tenantId), keys, withdrawn(tenantId)),
        nowMicros);
  }

  /** Entities of which a row was deleted: what they fall back to is in the table. */
  public String withdrawn(String tenantId) {
    return "SELECT DISTINCT %s FROM emitted WHERE deleted AND tenant_id = %s"
        .formatted(keys, Sql.text(tenantId));
  }
}
