package dev.lode.silver.sql;

import dev.lode.silver.contract.Check;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Rule;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The statements of a batch that cannot be judged in one: {@code whole_batch} numbers its records,
 * {@code part} is some of them, {@code unreadable} names those that no statement can evaluate.
 */
public final class LenientSql {
  static final String UNREADABLE = "unreadable";
  private static final String PART = "part";

  private final Contract contract;
  private final Shapes shapes;

  public LenientSql(Shapes shapes) {
    this.shapes = shapes;
    this.contract = shapes.contract();
  }

  /** Leaves an empty {@link Evaluation#EVALUATED}. */
  public List<String> prepare() {
    return List.of(
        """
        CREATE TEMP TABLE whole_batch AS
        SELECT *, row_number() OVER (ORDER BY lineage_id) - 1 AS _number FROM %s\
        """
            .formatted(Evaluation.BATCH),
        "CREATE TEMP TABLE %s (lineage_id UUID, _reason VARCHAR)".formatted(UNREADABLE),
        part(0, 0),
        "CREATE TEMP TABLE %s AS SELECT * FROM (%s) LIMIT 0"
            .formatted(Evaluation.EVALUATED, Evaluation.lenient(contract, PART, shapes)));
  }

  public String count() {
    return "SELECT count(*) FROM whole_batch";
  }

  public String part(long from, long to) {
    return """
    CREATE OR REPLACE TEMP VIEW %s AS SELECT * EXCLUDE (_number) FROM whole_batch
    WHERE _number >= %d AND _number < %d\
    """
        .formatted(PART, from, to);
  }

  public String judge() {
    return "INSERT INTO %s BY NAME %s"
        .formatted(Evaluation.EVALUATED, Evaluation.lenient(contract, PART, shapes));
  }

  /**
   * Rejects all of the part.
   *
   * @param together how many records that are
   */
  public List<String> reject(long together, String kind) {
    String rule = Quote.text(malformed());
    String which = together == 1 ? "the record" : "one of %d records".formatted(together);
    return List.of(
        """
        INSERT INTO %s BY NAME SELECT tenant_id, lineage_id, ingest_time AS _ingest_time,
          'u' AS _op, [%s] AS _failed, [] AS _flags, %s AS _rejected FROM %s\
        """
            .formatted(Evaluation.EVALUATED, rule, rule, PART),
        "INSERT INTO %s SELECT lineage_id, %s FROM %s"
            .formatted(
                UNREADABLE,
                Quote.text("%s cannot be evaluated (%s)".formatted(which, kind)),
                PART));
  }

  private String malformed() {
    return contract.rowRules().stream()
        .filter(rule -> rule.check() instanceof Check.Malformed)
        .map(Rule::id)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Null where {@code expression} throws. The condition is always true, though the engine cannot
   * know: of what is conditional it takes no part out to compute it once for several, where nothing
   * would catch it.
   */
  static String attempt(String expression) {
    return "CASE WHEN tenant_id IS NOT NULL THEN TRY(%s) END".formatted(expression);
  }

  static String throwing(String expression) {
    return "(" + attempt("[" + expression + "]") + " IS NULL)";
  }

  /** The sentences of rules that could not be evaluated, as items of a list. */
  static Stream<String> reasons(Contract contract) {
    var rules = contract.rowRules();
    return IntStream.range(0, rules.size())
        .mapToObj(
            i ->
                "CASE WHEN _throws[%d] THEN %s END"
                    .formatted(i + 1, Quote.text(rules.get(i).id() + " cannot be evaluated")));
  }

  static String ids(Contract contract) {
    return contract.rowRules().stream()
        .map(rule -> Quote.text(rule.id()))
        .collect(Collectors.joining(", "));
  }
}
