package dev.lode.features.offline;

import dev.lode.features.spec.View;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TableSpec.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of a view, and which of its rows count. Rows that came by push and rows made from the
 * source do not delete each other.
 */
public final class History {
  /** {@code feature: reason}, apart by {@code "; "}; {@code *} is every feature. */
  public static final String INVALID = "_invalid";

  /** The column of {@link View#tellsNewest}; a row without one is an event itself. */
  static final String NEWEST = "newest_event";

  private History() {}

  public static TableName table(View view) {
    return new TableName("platinum", "features_" + view.name());
  }

  /** All versions of all rows; append only. */
  public static TableSpec spec(View view) {
    var fields = new ArrayList<Field>();
    fields.add(Field.required("tenant_id", "VARCHAR", "Whose row it is."));
    view.keys().forEach(key -> fields.add(Field.required(key.name(), key.type().sql(), "Key.")));
    fields.add(timed("event_timestamp", "Since when the values hold."));
    fields.add(timed("created", "When the row was recorded."));
    fields.add(Field.required("sequence", "BIGINT", "Order in which rows were recorded."));
    fields.add(Field.optional("lineage_id", "UUID", "The newest Bronze record behind the row."));
    fields.add(Field.required("pushed", "BOOLEAN", "Came by push, not from the source."));
    fields.add(
        Field.required("deleted", "BOOLEAN", "Earlier rows of this entity and time never were."));
    fields.add(Field.optional(INVALID, "VARCHAR", "Why features have no value; null: all do."));
    view.stored()
        .forEach(f -> fields.add(Field.optional(f.name(), f.type().sql(), f.description())));
    if (view.tellsNewest()) {
      fields.add(
          Field.optional(
              NEWEST,
              "TIMESTAMP WITH TIME ZONE",
              "The newest event so far: a ttl counts from it."));
    }
    return new TableSpec(table(view), fields, List.of(), List.of("tenant_id"), view.description());
  }

  private static Field timed(String name, String doc) {
    return Field.required(name, "TIMESTAMP WITH TIME ZONE", doc);
  }

  /** Rows of {@code relation}, one tenant's, that nothing has deleted; most rows never are. */
  static String live(View view, String relation) {
    return """
    SELECT * FROM %1$s h WHERE NOT h.deleted AND NOT EXISTS (
      SELECT 1 FROM %1$s d
      WHERE d.deleted AND d.sequence > h.sequence AND d.pushed = h.pushed
        AND d.event_timestamp = h.event_timestamp AND %2$s)\
    """
        .formatted(relation, Sql.same("d", "h", view));
  }

  /**
   * What the online store needs of {@code relation}, one tenant's: per entity the newest rows that
   * hold at {@code nowMicros}, and the rows to come. Columns: keys, event_timestamp, created,
   * sequence, features, {@link #INVALID}.
   */
  public static String online(View view, String relation, long nowMicros) {
    return needed(view, live(view, relation), nowMicros);
  }

  /** The same of rows of which none was deleted. */
  static String needed(View view, String rows, long nowMicros) {
    return """
    WITH own AS MATERIALIZED (
      SELECT %1$s, event_timestamp, created, sequence%2$s, _invalid,
        event_timestamp > %3$s OR created > %3$s AS _coming FROM (%4$s)),
    newest AS (
      SELECT %1$s, max(event_timestamp) AS event_timestamp FROM own
      WHERE NOT _coming GROUP BY %1$s)
    SELECT * EXCLUDE (_coming) FROM own SEMI JOIN newest USING (%1$s, event_timestamp)
    WHERE NOT _coming
    UNION ALL SELECT * EXCLUDE (_coming) FROM own WHERE _coming\
    """
        .formatted(Sql.keys(view), Sql.more(Sql.features(view)), Sql.time(nowMicros), rows);
  }

  /** Rows: how many entities lack a value at {@code nowMicros}, and why one of them does. */
  public static String invalid(View view, long nowMicros) {
    return """
    SELECT count(*), min(_invalid) FROM (
      SELECT %1$s, _invalid FROM (%2$s)
      SEMI JOIN (SELECT DISTINCT %1$s FROM history_rows WHERE _invalid IS NOT NULL)
        USING (%1$s)
      WHERE event_timestamp <= %3$s
      QUALIFY row_number() OVER (
        PARTITION BY %1$s ORDER BY event_timestamp DESC, created DESC, sequence DESC) = 1)
    WHERE _invalid IS NOT NULL\
    """
        .formatted(Sql.keys(view), live(view, "history_rows"), Sql.time(nowMicros));
  }

  /** A condition that splits entities over {@code pages}. */
  public static String page(View view, long page, long pages) {
    return "hash(%s) %% %d = %d".formatted(Sql.keys(view), pages, page);
  }

  /** The keys of one page of {@code history_rows}. */
  public static String entities(View view, long page, long pages) {
    return "SELECT DISTINCT %s FROM history_rows WHERE %s"
        .formatted(Sql.keys(view), page(view, page, pages));
  }

  /** The rows of {@code history_rows} that belong to the entities of a table of keys. */
  public static String of(View view, String entities) {
    return "(SELECT h.* FROM history_rows h SEMI JOIN %s USING (%s))"
        .formatted(entities, Sql.keys(view));
  }
}
