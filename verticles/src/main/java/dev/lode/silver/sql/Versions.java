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
    return "SELECT DISTINCT %s FROM %s".formatted(key, Outputs.OUTCOME);
  }

  /**
   * Leaves the versions as they are now. Of several records of one place in the source's order, the
   * last to come counts. A version begins when it happened, and no later than those after it: the
   * time that a late record came in says nothing.
   */
  public String statement() {
    String place = contract.ordering().isEmpty() ? "lineage_id" : "_ordering";
    return """
    CREATE TEMP TABLE %1$s AS WITH every AS (
      SELECT %2$s, _op = 'd' AS _is_deleted FROM %3$s WHERE _rejected IS NULL
      UNION ALL SELECT %7$s, _is_deleted FROM %4$s AS k
        ANTI JOIN %3$s AS o ON k.lineage_id = o.lineage_id),
    single AS (
      SELECT * FROM every QUALIFY row_number() OVER (
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
        .formatted(NOW, columns, Outputs.OUTCOME, KNOWN, key, place, known());
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

  /** Keys, by record, of versions that are no more: sent again since, or now rejected. */
  public String gone() {
    return """
    SELECT tenant_id, lineage_id FROM (
      SELECT tenant_id, lineage_id FROM %s
      UNION SELECT tenant_id, lineage_id FROM %s WHERE _rejected IS NOT NULL)
    EXCEPT SELECT tenant_id, lineage_id FROM %s\
    """
        .formatted(KNOWN, Outputs.OUTCOME, NOW);
  }
}
