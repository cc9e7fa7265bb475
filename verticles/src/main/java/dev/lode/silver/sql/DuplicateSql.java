package dev.lode.silver.sql;

import dev.lode.silver.contract.ColumnType.Kind;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.OnFail;
import dev.lode.silver.contract.Property;
import dev.lode.silver.contract.Rule;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Records that repeat an earlier one, in the batch or in Silver. Repeated means: the rule's columns
 * are equal as Silver shows them, and the record is another one (of another key, where the table
 * has keys to upsert by). Nulls equal nulls, but a record with nulls alone repeats nothing.
 */
public final class DuplicateSql {
  private static final String NEAR = "near_";

  private final Contract contract;

  public DuplicateSql(Contract contract) {
    this.contract = contract;
  }

  /** The view of Silver that {@code rule} is judged against. */
  public String near(Rule.Duplicate rule) {
    return NEAR + contract.duplicateRules().indexOf(rule);
  }

  /**
   * The column whose least and greatest value in the batch bound what must be read of Silver: a
   * time if there is one, because times of records lie together.
   */
  public Optional<Property> bounding(Rule.Duplicate rule) {
    var properties =
        rule.properties().stream().map(name -> contract.property(name).orElseThrow()).toList();
    return properties.stream()
        .filter(property -> bounds(property.type().kind()))
        .min((a, b) -> Boolean.compare(b.type().kind().timely(), a.type().kind().timely()));
  }

  private static boolean bounds(Kind kind) {
    return switch (kind) {
      case TEXT, INTEGER, DECIMAL, DATE, INSTANT, UUID -> true;
      case FLOAT, BOOLEAN, TIMESTAMP, LIST -> false;
    };
  }

  /**
   * One row: least and greatest value of {@code property}, and the count of records without one.
   */
  public static String bounds(Property property) {
    String column = Quote.name(property.name());
    return "SELECT min(%1$s), max(%1$s), count(*) - count(%1$s) FROM %2$s WHERE _rejected IS NULL"
        .formatted(column, Evaluation.EVALUATED);
  }

  /** Fills the table {@code duplicated}: lineage_id and the list of {@code rules} it fails. */
  public String statement() {
    return "CREATE TEMP TABLE duplicated AS SELECT lineage_id, list(rule) AS rules FROM ("
        + contract.duplicateRules().stream()
            .map(
                rule ->
                    "SELECT lineage_id, %s AS rule FROM (\n%s\nUNION\n%s)"
                        .formatted(Quote.text(rule.id()), inBatch(rule), inSilver(rule)))
            .collect(Collectors.joining("\nUNION ALL "))
        + ") GROUP BY lineage_id";
  }

  /**
   * The batch has the value twice, and Silver does not have it. Only records whose hash is there
   * twice are sorted.
   */
  private String inBatch(Rule.Duplicate rule) {
    String columns = "tenant_id, " + Quote.names(rule.properties());
    return """
    SELECT lineage_id FROM (
      SELECT *, first_value(%s) OVER (PARTITION BY %s ORDER BY lineage_id) AS _first
      FROM %s WHERE %s AND hash(%s) IN (
        SELECT hash(%s) FROM %s WHERE %s GROUP BY ALL HAVING count(*) > 1)) AS e
    ANTI JOIN (%s) AS n ON %s
    WHERE %s IS DISTINCT FROM _first%s\
    """
        .formatted(
            identity(),
            columns,
            Evaluation.EVALUATED,
            candidate(rule),
            columns,
            columns,
            Evaluation.EVALUATED,
            candidate(rule),
            others(rule),
            same(rule),
            identity(),
            notPassedOn(rule, "_first"));
  }

  /** Silver has the value: under the least key that has it, where there are keys. */
  private String inSilver(Rule.Duplicate rule) {
    String candidates =
        "(SELECT * FROM %s WHERE %s) AS e".formatted(Evaluation.EVALUATED, candidate(rule));
    if (!contract.upserts()) {
      return "SELECT lineage_id FROM %s SEMI JOIN (%s) AS n ON %s"
          .formatted(candidates, others(rule), same(rule));
    }
    return """
    SELECT e.lineage_id FROM %s
    JOIN (SELECT tenant_id, %s, min(%s) AS _holder FROM (%s) GROUP BY ALL) AS n ON %s
    WHERE %s IS DISTINCT FROM _holder%s\
    """
        .formatted(
            candidates,
            Quote.names(rule.properties()),
            identity(),
            others(rule),
            same(rule),
            identity("e"),
            notPassedOn(rule, "_holder"));
  }

  /** A row that moved to another key has its value from the key that had it. */
  private String notPassedOn(Rule.Duplicate rule, String holder) {
    if (contract.formerKey().isEmpty()) {
      return "";
    }
    String former =
        contract.formerKey().stream()
            .map(property -> Quote.name(property.name()))
            .collect(Collectors.joining(", ", "row(", ")"));
    String movers =
        "SELECT tenant_id, %s, %s AS _is, %s AS _was FROM %s WHERE _moved AND %s"
            .formatted(
                Quote.names(rule.properties()),
                identity(),
                former,
                Evaluation.EVALUATED,
                candidate(rule));
    return "\n"
        + """
            AND NOT EXISTS (
         SELECT 1 FROM (%1$s) AS n WHERE %2$s AND n._is = %3$s
           AND (n._was = %4$s OR n._was IN (SELECT _is FROM (%1$s))))\
        """
            .formatted(movers, same(rule), identity("e"), holder);
  }

  /** Rows of Silver that were not made from records of this batch. */
  private String others(Rule.Duplicate rule) {
    return "SELECT * FROM %s AS s ANTI JOIN %s AS mine ON s.lineage_id = mine.lineage_id"
        .formatted(near(rule), Evaluation.EVALUATED);
  }

  private static String same(Rule.Duplicate rule) {
    return rule.properties().stream()
        .map(Quote::name)
        .map(name -> " AND e.%1$s IS NOT DISTINCT FROM n.%1$s".formatted(name))
        .collect(Collectors.joining("", "e.tenant_id = n.tenant_id", ""));
  }

  private static String candidate(Rule.Duplicate rule) {
    return "_rejected IS NULL AND _op = 'u' AND coalesce("
        + rule.properties().stream()
            .map(name -> "CAST(" + Quote.name(name) + " AS VARCHAR)")
            .collect(Collectors.joining(", "))
        + ") IS NOT NULL";
  }

  private String identity() {
    return contract.upserts() ? "row(" + Quote.names(contract.key()) + ")" : "lineage_id";
  }

  private String identity(String alias) {
    return contract.key().stream()
        .map(key -> alias + "." + Quote.name(key))
        .collect(Collectors.joining(", ", "row(", ")"));
  }

  /** The view {@code outcome}: {@link Evaluation#EVALUATED} with what was found here. */
  public String outcome() {
    if (contract.duplicateRules().isEmpty()) {
      return "CREATE TEMP VIEW %s AS SELECT * FROM %s"
          .formatted(Outputs.OUTCOME, Evaluation.EVALUATED);
    }
    return """
    CREATE TEMP VIEW %s AS SELECT e.* REPLACE (
      CASE WHEN rules IS NULL THEN _failed ELSE list_concat(_failed, rules) END AS _failed,
      CASE WHEN rules IS NULL THEN _flags
        ELSE list_concat(_flags, list_filter(rules, lambda rule: rule IN (%s))) END AS _flags,
      coalesce(_rejected, list_filter(rules, lambda rule: rule IN (%s))[1]) AS _rejected)
    FROM %s AS e LEFT JOIN duplicated AS d ON e.lineage_id = d.lineage_id
    """
        .formatted(
            Outputs.OUTCOME,
            names(OnFail::marks),
            names(OnFail.QUARANTINE::equals),
            Evaluation.EVALUATED);
  }

  private String names(Predicate<OnFail> which) {
    var names =
        contract.duplicateRules().stream()
            .filter(rule -> which.test(rule.onFail()))
            .map(Rule::id)
            .toList();
    return names.isEmpty() ? "NULL" : Quote.texts(names);
  }
}
