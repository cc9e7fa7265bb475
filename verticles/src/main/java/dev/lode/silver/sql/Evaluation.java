package dev.lode.silver.sql;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.OnFail;
import dev.lode.silver.contract.Property;
import dev.lode.silver.contract.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one statement of a contract: reads, normalises, types, judges and masks the records of {@link
 * #BATCH}. A second one, for the few that are rejected, says why in words.
 */
public final class Evaluation {
  /** The Bronze records of a run. */
  public static final String BATCH = "bronze_batch";

  /** Those of them that are rejected. */
  public static final String REJECTED_BATCH = "rejected_batch";

  /**
   * One row per record: tenant_id, lineage_id, the contract's columns as Silver shows them, {@code
   * _event_time}, {@code _ingest_time}, {@code _op} (u, d or t), {@code _ordering}, {@code
   * _unknown} (names that nothing takes; null for none), {@code _failed} and {@code _flags} (names
   * of rules), and {@code _rejected} (the rule that quarantines it, or null).
   */
  public static final String EVALUATED = "evaluated";

  /**
   * One row: {@code _inner} and {@code _outer}, the HMAC's key blocks, and {@code _salted}, whether
   * the tenant is part of what is hashed.
   */
  public static final String HMAC_KEY = "hmac_key";

  private static final String UNKNOWN = "_unknown";

  private Evaluation() {}

  /** Whether {@link #HMAC_KEY} is read. */
  public static boolean keyed(Contract contract) {
    return contract.properties().stream().anyMatch(property -> property.masking().keyed());
  }

  /** Fills {@link #EVALUATED} from {@link #BATCH}. */
  static String statement(Contract contract, Shapes shapes) {
    var fails =
        "%s AS _fails, CAST(NULL AS VARCHAR) AS _thrown".formatted(new CheckSql(contract).fails());
    return "CREATE TEMP TABLE "
        + EVALUATED
        + " AS "
        + judged(contract, stages(contract, BATCH, shapes, fails));
  }

  /**
   * A SELECT of the same of {@code batch}, where a rule that cannot be evaluated rejects the
   * record.
   */
  static String lenient(Contract contract, String batch, Shapes shapes) {
    return judged(contract, stages(contract, batch, shapes, leniently(contract)));
  }

  private static String leniently(Contract contract) {
    var checks = new CheckSql(contract);
    return "%s AS _fails, list_filter([%s], lambda name, i: (%s)[i])[1] AS _thrown"
        .formatted(checks.leniently(), LenientSql.ids(contract), checks.thrown());
  }

  private static String judged(Contract contract, String stages) {
    return """
    WITH %s
    SELECT * EXCLUDE (_failing, _thrown), _failing AS _failed,
      list_filter(_failing, lambda name: name IN (%s)) AS _flags,
      coalesce(list_filter(_failing, lambda name: name IN (%s))[1], _thrown) AS _rejected
    FROM (
      SELECT tenant_id, lineage_id, %s, %s, _ingest_time, _op, _ordering,%s%s
      %s AS _unknown, _thrown,
        _shape IS NULL AND (_csv OR _object) AS _unread,
        CASE WHEN list_contains(_fails, true)
          THEN list_filter([%s], lambda name, i: _fails[i]) ELSE [] END AS _failing
      FROM judged%s)
    """
        .formatted(
            stages,
            names(contract, OnFail::marks),
            names(contract, OnFail.QUARANTINE::equals),
            each(contract, property -> MaskSql.masked(property) + named("", property)),
            eventTime(contract),
            new Moves(contract).columns(),
            new Unsent(contract).possible() ? " _unsent," : "",
            contract.onUnknown() == Contract.OnUnknown.IGNORE ? "NULL::VARCHAR[]" : UNKNOWN,
            names(contract, onFail -> true),
            keyed(contract) ? ", " + HMAC_KEY : "");
  }

  /** What the record tells of itself, else what Bronze knows: when it was taken in, if untold. */
  private static String eventTime(Contract contract) {
    return contract.eventTime() == null
        ? "_event_time"
        : "coalesce(CAST(%s AS TIMESTAMPTZ), _event_time) AS _event_time"
            .formatted(Quote.name(contract.eventTime()));
  }

  /** A SELECT of lineage_id and {@code _reason} for each record of {@link #REJECTED_BATCH}. */
  static String reasons(Contract contract, Shapes shapes) {
    var fails = new CheckSql(contract).fails() + " AS _fails";
    return reasons(contract, stages(contract, REJECTED_BATCH, shapes, fails), List.of());
  }

  /** The same after {@link #lenient}. */
  static String lenientReasons(Contract contract, Shapes shapes) {
    var checks = new CheckSql(contract);
    var fails = "%s AS _fails, %s AS _throws".formatted(checks.leniently(), checks.thrown());
    return ("WITH readable AS (SELECT * FROM %s ANTI JOIN %s USING (lineage_id)), %s"
            + " UNION ALL FROM %s")
        .formatted(
            REJECTED_BATCH,
            LenientSql.UNREADABLE,
            reasons(
                    contract,
                    stages(contract, "readable", shapes, fails),
                    LenientSql.reasons(contract).toList())
                .replaceFirst("WITH ", ""),
            LenientSql.UNREADABLE);
  }

  private static String reasons(Contract contract, String stages, List<String> more) {
    var checks = new CheckSql(contract);
    var reasons = new ArrayList<>(more);
    var rules = contract.rowRules();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).onFail() == OnFail.QUARANTINE) {
        reasons.add(
            "CASE WHEN _fails[%1$d]%2$s THEN %3$s END"
                .formatted(
                    i + 1,
                    more.isEmpty() ? "" : " AND NOT _throws[%d]".formatted(i + 1),
                    checks.reason(rules.get(i))));
      }
    }
    return """
    WITH %s
    SELECT lineage_id,
      array_to_string(list_filter([%s], lambda one: one IS NOT NULL), '; ') AS _reason
    FROM judged
    """
        .formatted(stages, String.join(",\n    ", reasons));
  }

  private static String stages(Contract contract, String batch, Shapes shapes, String fails) {
    var reading = shapes.reading();
    var unsent = new Unsent(contract);
    return """
    %s,
    operated AS (SELECT *, %s AS _op FROM told),
    raw AS (SELECT *, %s FROM operated),
    sent AS (SELECT %s* FROM raw),
    even AS (SELECT *, %s FROM sent),
    plain AS (SELECT *, %s AS _plain FROM even),
    typed AS (SELECT *, %s FROM plain),
    ordered AS (SELECT *, %s AS _ordering FROM typed),
    judged AS (SELECT *, %s FROM ordered)\
    """
        .formatted(
            shapes.stages(batch),
            reading.operation(),
            reading.raws(),
            unsent.columns(),
            read(
                contract,
                property ->
                    unsent.sent(property, ValueSql.text(property)) + named("_text_", property)),
            ValueSql.plain(contract),
            read(contract, property -> ValueSql.typed(contract, property) + named("", property)),
            new PlaceSql(contract).ordering(),
            fails);
  }

  private static String named(String prefix, Property property) {
    return " AS " + Quote.name(prefix + property.name());
  }

  /** Of what is read from a record: the columns, and the key that a change event had before. */
  private static String read(Contract contract, Function<Property, String> column) {
    return Stream.concat(contract.properties().stream(), contract.formerKey().stream())
        .map(column)
        .collect(Collectors.joining(",\n    "));
  }

  private static String each(Contract contract, Function<Property, String> column) {
    return contract.properties().stream().map(column).collect(Collectors.joining(",\n    "));
  }

  /** Of the row rules, as a list of SQL texts; never empty, for IN. */
  private static String names(Contract contract, Predicate<OnFail> which) {
    var names =
        contract.rowRules().stream()
            .filter(rule -> which.test(rule.onFail()))
            .map(Rule::id)
            .toList();
    return names.isEmpty() ? "NULL" : Quote.texts(names);
  }
}
