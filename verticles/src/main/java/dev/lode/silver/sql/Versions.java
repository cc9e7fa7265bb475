package dev.lode.silver.sql;

import dev.lode.silver.contract.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Every version of the keys of a judged batch, as SELECTs over {@link Outputs#OUTCOME} and what was
 * known of the same keys before: so a late version takes its place, and judging a batch again
 * changes nothing.
 */
public final class Versions {
  /** Known versions of the keys of the batch; bound before {@link #statement}. */
  public static final String KNOWN = "versions_known";

  private static final String NOW = "versions_now";

  private final Contract contract;
  private final String key;
  private final String columns;

  public Versions(Contract contract) {
    this.contract = contract;
    this.key = "tenant_id, " + Quote.names(contract.key());
    var names = new ArrayList<String>();
    names.add("tenant_id");
    names.addAll(contract.columns());
    names.addAll(List.of("lineage_id", "_event_time", "_ingest_time", "_flags", "_ordering"));
    this.columns = names.stream().map(Quote::name).collect(Collectors.joining(", "));
  }

  /**
   * Keys to look {@link #KNOWN} up by; those of rejected records, too: they may have been known.
   */
  public String keys() {
    String own = "SELECT DISTINCT %s FROM %s".formatted(key, Outputs.OUTCOME);
    return contract.formerKey().isEmpty()
        ? own
        : own
            + " UNION SELECT tenant_id, %s FROM %s"
                .formatted(
                    contract.key().stream()
                        .map(name -> Quote.name(Contract.former(name)) + " AS " + Quote.name(name))
                        .collect(Collectors.joining(", ")),
                    Outputs.OUTCOME);
  }

  /** What names a version: its record, and where a record may be of two keys, its key. */
  public List<String> identity() {
    var identity = new ArrayList<>(List.of("tenant_id", "lineage_id"));
    if (!contract.formerKey().isEmpty()) {
      identity.addAll(contract.key());
    }
    return identity;
  }

  /**
   * Leaves the versions as they are now. Of several records of one place in the source's order, the
   * last to come counts. A version begins when it happened, and no later than those after it: the
   * time that a late record came in says nothing.
   *
   * @param truncating whether the batch deletes all rows
   * @param truncated whether earlier ones did, of which {@link Truncations#KNOWN} tells
   */
  public String statement(boolean truncating, boolean truncated) {
    String place = contract.ordering().isEmpty() ? "lineage_id" : "_ordering";
    boolean ends = truncating || truncated;
    return """
    CREATE TEMP TABLE %1$s AS WITH %8$s every AS (
      SELECT %2$s, _op = 'd' AS _is_deleted FROM %3$s AS e
      UNION ALL SELECT %7$s, _is_deleted FROM %4$s AS k
        ANTI JOIN (%9$s) AS o ON k.lineage_id = o.lineage_id),
    %10$s
    single AS (
      SELECT * FROM %11$s QUALIFY row_number() OVER (
        PARTITION BY %5$s, %6$s ORDER BY lineage_id DESC) = 1),
    begun AS (
      SELECT *, min(_event_time) OVER (
        PARTITION BY %5$s ORDER BY _ordering, lineage_id
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS valid_from
      FROM single)
    SELECT *, lead(valid_from) OVER (
      PARTITION BY %5$s ORDER BY _ordering, lineage_id) AS valid_to
    FROM begun\
    """
        .formatted(
            NOW,
            columns,
            new Moves(contract).effects(),
            KNOWN,
            key,
            place,
            known(),
            ends ? "truncations AS (" + new Truncations(contract).each(truncated) + ")," : "",
            judgedAgain(ends),
            ends ? ended() : "",
            ends ? "real" : "every");
  }

  private static String judgedAgain(boolean ends) {
    String batch = "SELECT lineage_id FROM " + Outputs.OUTCOME;
    return ends ? batch + " UNION ALL SELECT lineage_id FROM truncations" : batch;
  }

  /** A record that deletes all ends each version that was true until then. */
  private String ended() {
    return """
    ended AS (
      SELECT *, false AS _end FROM every
      UNION ALL BY NAME SELECT %1$s, t.lineage_id, t._event_time, t._ingest_time,
        []::VARCHAR[] AS _flags, t.place.o AS _ordering, true AS _is_deleted, true AS _end
      FROM (SELECT DISTINCT %1$s FROM every) JOIN truncations AS t USING (tenant_id)),
    real AS (
      SELECT * EXCLUDE (_end, _dead) FROM (
        SELECT *, lag(_is_deleted) OVER (
          PARTITION BY %1$s ORDER BY _ordering, lineage_id) AS _dead FROM ended)
      WHERE NOT _end OR NOT _dead),\
    """
        .formatted(key);
  }

  /** Places are as they would be written now, so that they compare with new ones. */
  private String known() {
    String stored = new PlaceSql(contract).stored("_ordering");
    return columns.replace("\"_ordering\"", stored + " AS _ordering");
  }

  /** Rows that are new, or whose validity has changed. */
  public String changed() {
    String all = columns + ", _is_deleted, valid_from, valid_to";
    return "SELECT %1$s FROM %2$s EXCEPT SELECT %1$s FROM %3$s".formatted(all, NOW, KNOWN);
  }

  /** By {@link #identity}, versions that are no more: sent again since, or now rejected. */
  public String gone() {
    String names = Quote.names(identity());
    String rejected =
        " UNION SELECT tenant_id, lineage_id FROM %s WHERE _rejected IS NOT NULL"
            .formatted(Outputs.OUTCOME);
    return "SELECT %1$s FROM (SELECT %1$s FROM %2$s%3$s) EXCEPT SELECT %1$s FROM %4$s"
        .formatted(names, KNOWN, contract.formerKey().isEmpty() ? rejected : "", NOW);
  }
}
