package dev.lode.silver.sql;

import dev.lode.silver.contract.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is written of a judged batch, as SELECTs over the view {@link #OUTCOME}. */
public final class Outputs {
  /** {@link Evaluation#EVALUATED}, with repeated records marked. */
  public static final String OUTCOME = "outcome";

  /** Silver's rows that the batch could come too late for; bound before {@link #winners}. */
  public static final String STATE = "state";

  /** Deletions that the batch could come too late for; bound before {@link #winners}. */
  public static final String TOMBSTONES = "tombstones";

  /** Before a name that no column takes. */
  public static final String UNKNOWN_FIELD = "unknown_field:";

  private static final String WINNERS = "winners";

  private final Contract contract;
  private final PlaceSql places;
  private final Truncations truncations;
  private final boolean truncates;
  private final String effects;
  private final boolean lenient;

  public Outputs(Contract contract) {
    this(contract, false);
  }

  /**
   * @param lenient whether the batch was judged by {@link LenientSql}
   */
  public Outputs(Contract contract, boolean lenient) {
    this.contract = contract;
    this.lenient = lenient;
    this.places = new PlaceSql(contract);
    this.truncations = new Truncations(contract);
    this.truncates = new Moves(contract).any();
    this.effects = new Moves(contract).effects();
  }

  /** Rows: tenant_id, records, rejected, oldest ingest_time. */
  public String totals() {
    return """
    SELECT tenant_id, count(*), count(*) FILTER (WHERE _rejected IS NOT NULL),
      min(_ingest_time) FROM %s GROUP BY tenant_id ORDER BY tenant_id\
    """
        .formatted(OUTCOME);
  }

  /** Rows: tenant_id, rule, records that fail it. */
  public String failures() {
    return """
    SELECT tenant_id, rule, count(*)
    FROM (SELECT tenant_id, unnest(_failed) AS rule FROM %s WHERE len(_failed) > 0)
    GROUP BY ALL\
    """
        .formatted(OUTCOME);
  }

  /** The accepted records of one tenant, for rules about the whole. */
  public String accepted(String tenantId) {
    return "(SELECT %s FROM %s WHERE _rejected IS NULL AND _op = 'u' AND tenant_id = %s)"
        .formatted(Quote.names(columns()), OUTCOME, Quote.text(tenantId));
  }

  /** Every accepted record, for append. */
  public String appended() {
    return "SELECT %s FROM %s WHERE _rejected IS NULL".formatted(Quote.names(columns()), OUTCOME);
  }

  /** Silver's columns, in order. */
  private List<String> columns() {
    var columns = new ArrayList<String>();
    columns.add("tenant_id");
    columns.addAll(contract.columns());
    columns.addAll(List.of("lineage_id", "_event_time", "_ingest_time", "_flags"));
    if (contract.upserts()) {
      columns.add("_ordering");
    }
    return columns;
  }

  /** Keys of the batch as Silver has them, and where its records stand in the source's order. */
  public String candidates() {
    return "SELECT %s, _ordering, lineage_id FROM %s".formatted(Quote.names(key()), effects);
  }

  /** {@link #candidates} as the table of tombstones has them. */
  public String candidateTombstones() {
    return """
    SELECT tenant_id, %s AS entity, %s AS key, _ordering AS ordering, lineage_id
    FROM %s%s\
    """
        .formatted(
            Quote.text(contract.entity()),
            tombstoneKey(),
            effects,
            truncates ? " UNION ALL " + truncations.candidates() : "");
  }

  /** To look for records that deleted all, in the table of tombstones. */
  public String candidateTruncations() {
    return truncations.candidates();
  }

  /**
   * The newest record of each key, where nothing newer is known: compared by what the source says,
   * then by arrival; an equal one is the same record again.
   *
   * @param stateful whether to compare with {@link #STATE} and {@link #TOMBSTONES}
   */
  public String winners(boolean stateful) {
    String keys = "tenant_id, " + Quote.names(contract.key());
    String newest =
        """
        SELECT * FROM %s AS e QUALIFY row_number() OVER (
          PARTITION BY %s ORDER BY _ordering DESC, lineage_id DESC) = 1\
        """
            .formatted(truncates ? left(stateful) : effects, keys);
    if (!stateful) {
      return "CREATE TEMP TABLE %s AS SELECT *, %s AS _key FROM (%s)"
          .formatted(WINNERS, tombstoneKey(), newest);
    }
    return """
    CREATE TEMP TABLE %s AS WITH newest AS (SELECT *, %s AS _key FROM (%s)),
    known AS (
      SELECT tenant_id, %s AS _key, {o: %s, l: lineage_id} AS place FROM %s
      UNION ALL SELECT tenant_id, key, {o: %s, l: lineage_id} FROM %s),
    last AS (SELECT tenant_id, _key, max(place) AS place FROM known GROUP BY ALL)
    SELECT newest.* FROM newest LEFT JOIN last
      ON newest.tenant_id = last.tenant_id AND newest._key = last._key
    WHERE place IS NULL OR {o: _ordering, l: lineage_id} >= place
    """
        .formatted(
            WINNERS,
            tombstoneKey(),
            newest,
            tombstoneKey(),
            places.stored("_ordering"),
            STATE,
            places.stored("ordering"),
            TOMBSTONES);
  }

  /** Effects that no record which deletes all came after. */
  private String left(boolean stateful) {
    return """
    (SELECT e.* FROM %s AS e LEFT JOIN (%s) AS t ON e.tenant_id = t.tenant_id
     WHERE t.place IS NULL OR {o: e._ordering, l: e.lineage_id} > t.place)\
    """
        .formatted(effects, truncations.newest(stateful));
  }

  /** All key columns as one text. */
  private String tombstoneKey() {
    return "CAST(to_json([%s]) AS VARCHAR)"
        .formatted(
            contract.key().stream()
                .map(key -> "CAST(" + Quote.name(key) + " AS VARCHAR)")
                .collect(Collectors.joining(", ")));
  }

  public String deletions() {
    return "SELECT count(*) FROM " + WINNERS + " WHERE _op = 'd'";
  }

  /**
   * Rows of the table of tombstones; {@code now} is an expression.
   *
   * @param truncating whether the batch deletes all rows
   */
  public String buried(String now, boolean truncating, boolean stateful) {
    String keys =
        """
        SELECT tenant_id, %s AS entity, _key AS key, _ordering AS ordering, lineage_id,
          %s AS deleted_at FROM %s WHERE _op = 'd'\
        """
            .formatted(Quote.text(contract.entity()), now, WINNERS);
    return truncating ? keys + " UNION ALL " + truncations.buried(now, stateful) : keys;
  }

  /** Rows for Silver, each key once. */
  public String upserted() {
    return "SELECT %s FROM %s WHERE _op = 'u'".formatted(Quote.names(columns()), WINNERS);
  }

  /**
   * Keys to delete.
   *
   * @param truncating whether the batch deletes all rows
   */
  public String deleted(boolean truncating) {
    String keys = Quote.names(key());
    String single = "SELECT %s FROM %s WHERE _op = 'd'".formatted(keys, WINNERS);
    return truncating ? single + " UNION ALL (" + truncations.deleted(keys, WINNERS) + ")" : single;
  }

  /** Keys of {@link #STATE} that no winner keeps. */
  public String vanished() {
    return "SELECT %1$s FROM %2$s EXCEPT SELECT %1$s FROM %3$s WHERE _op = 'u'"
        .formatted(Quote.names(key()), STATE, WINNERS);
  }

  /** Keys of {@link #TOMBSTONES} that no winner deletes. */
  public String risen(boolean truncating) {
    return "SELECT tenant_id, entity, key FROM %s EXCEPT SELECT tenant_id, entity, key FROM (%s)"
        .formatted(TOMBSTONES, buried("NULL", truncating, false));
  }

  /** What names a row of Silver. */
  public List<String> key() {
    var key = new ArrayList<String>();
    key.add("tenant_id");
    key.addAll(contract.upserts() ? contract.key() : List.of("lineage_id"));
    return key;
  }

  public String rejectedBatch() {
    return """
    CREATE TEMP TABLE %s AS SELECT b.* FROM %s AS b SEMI JOIN (
      SELECT lineage_id FROM %s WHERE _rejected IS NOT NULL) AS r
    ON b.lineage_id = r.lineage_id\
    """
        .formatted(Evaluation.REJECTED_BATCH, Evaluation.BATCH, OUTCOME);
  }

  /** Rows of the table of quarantine; {@code now} and {@code runId} are expressions. */
  public String quarantined(String now, String runId, Shapes shapes) {
    return """
    SELECT b.tenant_id, b.lineage_id, b.source, b.entity, b.batch_id, b.position,
      o._rejected AS rule,
      CASE WHEN o._rejected = '%s' THEN 'a value was not sent, and the row that has it is not there'
        ELSE coalesce(nullif(r._reason, ''), 'repeats an earlier record') END AS reason,
      b.payload, b.header, b.ingest_time, %s AS rejected_at, %s AS run_id
    FROM %s AS b
    JOIN %s AS o ON b.lineage_id = o.lineage_id
    JOIN (%s) AS r ON b.lineage_id = r.lineage_id\
    """
        .formatted(Unsent.RULE, now, runId, Evaluation.REJECTED_BATCH, OUTCOME, reasons(shapes));
  }

  private String reasons(Shapes shapes) {
    return lenient
        ? Evaluation.lenientReasons(contract, shapes)
        : Evaluation.reasons(contract, shapes);
  }

  /** Keys of the table of quarantine that the batch passed. */
  public String passed() {
    return "SELECT tenant_id, lineage_id FROM " + OUTCOME + " WHERE _rejected IS NULL";
  }

  /** Keys of Silver, by record, that the batch rejects. */
  public String rejected() {
    return "SELECT tenant_id, lineage_id FROM " + OUTCOME + " WHERE _rejected IS NOT NULL";
  }
}
