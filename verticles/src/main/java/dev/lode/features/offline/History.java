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
    view.stored()
        .forEach(f -> fields.add(Field.optional(f.name(), f.type().sql(), f.description())));
    return new TableSpec(table(view), fields, List.of(), List.of("tenant_id"), view.description());
  }

  private static Field timed(String name, String doc) {
    return Field.required(name, "TIMESTAMP WITH TIME ZONE", doc);
  }

  /** Rows of {@code relation}, one tenant's, that nothing has deleted. */
  static String live(View view, String relation) {
    return """
        SELECT * EXCLUDE (_deleted) FROM (
          SELECT *, max(CASE WHEN deleted THEN sequence END)
            OVER (PARTITION BY %s, event_timestamp, pushed) AS _deleted
          FROM %s)
        WHERE NOT deleted AND (_deleted IS NULL OR sequence > _deleted)"""
        .formatted(Sql.keys(view), relation);
  }

  /**
   * What the online store needs of {@code relation}, one tenant's: per entity the newest row that
   * holds at {@code nowMicros}, and the rows to come. Columns: keys, event_timestamp, created,
   * sequence, features.
   */
  public static String online(View view, String relation, long nowMicros) {
    return """
        SELECT %s, event_timestamp, created, sequence%s FROM (
          SELECT *, event_timestamp > %s OR created > %s AS _coming FROM (%s))
        QUALIFY _coming OR row_number() OVER (
          PARTITION BY %s, _coming
          ORDER BY event_timestamp DESC, created DESC, sequence DESC) = 1"""
        .formatted(
            Sql.keys(view),
            Sql.more(Sql.features(view)),
            Sql.time(nowMicros),
            Sql.time(nowMicros),
            live(view, relation),
            Sql.keys(view));
  }

  /** A condition that splits entities over {@code pages}. */
  public static String page(View view, long page, long pages) {
    return "hash(%s) %% %d = %d".formatted(Sql.keys(view), pages, page);
  }

  /** The rows of {@code history_rows} that belong to the entities of a table of keys. */
  public static String of(View view, String entities) {
    return "(SELECT h.* FROM history_rows h SEMI JOIN %s USING (%s))"
        .formatted(entities, Sql.keys(view));
  }
}
