package dev.lode.silver.sql;

import dev.lode.silver.contract.Contract;

/**
 * Records that delete all rows of their tenant that came before them in the source's order. In the
 * table of tombstones the newest of them is {@link #ALL}, and each is {@link #ALL} and its record:
 * no key is written so.
 */
public final class Truncations {
  /** All of a table as it was; bound where the batch deletes all rows. */
  public static final String BEFORE = "before_truncation";

  /** Tombstones of the entity; bound where versions may have been ended by earlier ones. */
  public static final String KNOWN = "truncations_known";

  /** As a key of the table of tombstones. */
  static final String ALL = "*";

  private final Contract contract;
  private final PlaceSql places;

  public Truncations(Contract contract) {
    this.contract = contract;
    this.places = new PlaceSql(contract);
  }

  /** Of the batch: tenant_id, place. */
  private static String batch() {
    return "SELECT tenant_id, {o: _ordering, l: lineage_id} AS place, _event_time FROM %s"
            .formatted(Outputs.OUTCOME)
        + " WHERE _rejected IS NULL AND _op = 't'";
  }

  /** To look for what is known, beside {@link Outputs#candidateTombstones}. */
  String candidates() {
    return """
    SELECT tenant_id, %s AS entity, '%s' AS key, min(_ordering) AS ordering,
      arg_min(lineage_id, _ordering) AS lineage_id
    FROM %s WHERE _rejected IS NULL GROUP BY tenant_id\
    """
        .formatted(Quote.text(contract.entity()), ALL, Outputs.OUTCOME);
  }

  /** The newest of each tenant: tenant_id, place. */
  String newest(boolean stateful) {
    String known =
        " UNION ALL SELECT tenant_id, {o: %s, l: lineage_id} FROM %s WHERE key = '%s'"
            .formatted(places.stored("ordering"), Outputs.TOMBSTONES, ALL);
    return "SELECT tenant_id, max(place) AS place FROM (SELECT tenant_id, place FROM (%s)%s)"
        .concat(" GROUP BY ALL")
        .formatted(batch(), stateful ? known : "");
  }

  /** Keys of {@link #BEFORE} that the batch deletes, and no winner keeps. */
  String deleted(String keys, String winners) {
    return """
    SELECT %1$s FROM (
      SELECT s.* FROM %2$s AS s JOIN (%3$s) AS t ON s.tenant_id = t.tenant_id
      WHERE {o: %4$s, l: s.lineage_id} < t.place)
    EXCEPT SELECT %1$s FROM %5$s\
    """
        .formatted(keys, BEFORE, newest(false), places.stored("s._ordering"), winners);
  }

  /**
   * Rows of the table of tombstones, where nothing newer is known; {@code now} is an expression.
   */
  String buried(String now, boolean stateful) {
    return """
    SELECT tenant_id, %1$s AS entity, key, place.o AS ordering, place.l AS lineage_id, deleted_at
    FROM (
      SELECT tenant_id, place, '%3$s' || CAST(place.l AS VARCHAR) AS key, _event_time AS deleted_at
      FROM (%4$s)
      UNION ALL SELECT n.tenant_id, n.place, '%3$s', %2$s FROM (%5$s) AS n
      SEMI JOIN (%4$s) AS b ON n.tenant_id = b.tenant_id AND n.place = b.place)\
    """
        .formatted(Quote.text(contract.entity()), now, ALL, batch(), newest(stateful));
  }

  /** Each that may have ended versions: tenant_id, place, lineage_id, times. */
  String each(boolean known) {
    String earlier =
        """
         UNION SELECT tenant_id, {o: %s, l: lineage_id} AS place, lineage_id,
          deleted_at AS _event_time, deleted_at AS _ingest_time
        FROM %s WHERE starts_with(key, '%s') AND length(key) > 1 AND lineage_id NOT IN (
          SELECT lineage_id FROM %s)\
        """
            .formatted(places.stored("ordering"), KNOWN, ALL, Outputs.OUTCOME);
    return """
    SELECT tenant_id, {o: _ordering, l: lineage_id} AS place, lineage_id, _event_time, _ingest_time
    FROM %s WHERE _rejected IS NULL AND _op = 't' %s\
    """
        .formatted(Outputs.OUTCOME, known ? earlier : "");
  }

  /** One row: how many the known are. */
  public static String count() {
    return "SELECT count(*) FROM %s WHERE starts_with(key, '%s')".formatted(KNOWN, ALL);
  }
}
