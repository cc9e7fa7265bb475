package dev.lode.gold;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Expectations as one query over the rows about to be published. */
final class ExpectationSql {
  /** The rows to publish, and the whole mart as it would then be. */
  static final String STAGED = "temp.lode_staged";

  static final String RESULT = "temp.lode_result";

  private ExpectationSql() {}

  /** What is tested of every mart: its key names a row; then what it declares. */
  static List<Expectation> all(Mart mart) {
    var all = new ArrayList<Expectation>();
    all.add(new Expectation.Unique(mart.key()));
    mart.key().forEach(column -> all.add(new Expectation.NotNull(column)));
    all.addAll(mart.expectations());
    return all.stream().distinct().toList();
  }

  /** Whether {@link #failures} reads {@link #RESULT}. */
  static boolean needsResult(Mart mart) {
    return all(mart).stream()
        .anyMatch(test -> test instanceof Expectation.Unique unique && !isKey(unique, mart));
  }

  /**
   * A SELECT of test (its index in {@code expectations}), tenant_id, failing (rows) and sample, one
   * row per test and tenant that fails.
   */
  static String failures(List<Expectation> expectations, Mart mart) {
    return IntStream.range(0, expectations.size())
        .mapToObj(
            i ->
                """
                SELECT %d AS test, tenant_id, count(*) AS failing, min(sample) AS sample
                FROM (%s) GROUP BY tenant_id"""
                    .formatted(i, failing(expectations.get(i), mart)))
        .collect(Collectors.joining("\nUNION ALL\n"));
  }

  private static String failing(Expectation expectation, Mart mart) {
    String column = Keys.quoted(expectation.column());
    String sample = "CAST(%s AS VARCHAR) AS sample".formatted(column);
    return switch (expectation) {
      case Expectation.Unique unique -> repeated(unique, mart);
      case Expectation.NotNull _ ->
          "SELECT tenant_id, 'null' AS sample FROM %s WHERE %s IS NULL".formatted(STAGED, column);
      case Expectation.AcceptedValues accepted ->
          "SELECT tenant_id, %s FROM %s WHERE CAST(%s AS VARCHAR) NOT IN (%s)"
              .formatted(sample, STAGED, column, literals(accepted.values()));
      case Expectation.Relationships related ->
          """
          SELECT tenant_id, %1$s FROM %2$s AS s WHERE %3$s IS NOT NULL AND NOT EXISTS
          (SELECT 1 FROM %4$s AS r WHERE r.tenant_id = s.tenant_id AND r.%5$s = s.%3$s)"""
              .formatted(sample, STAGED, column, related.table(), Keys.quoted(related.other()));
    };
  }

  /** A staged key can only meet itself; another column may meet a row that stays. */
  private static String repeated(Expectation.Unique unique, Mart mart) {
    return """
        SELECT tenant_id, CAST((%1$s) AS VARCHAR) AS sample FROM %2$s
        WHERE (%1$s) IS NOT NULL GROUP BY tenant_id, %1$s HAVING count(*) > 1"""
        .formatted(Keys.list(unique.columns()), isKey(unique, mart) ? STAGED : RESULT);
  }

  private static boolean isKey(Expectation.Unique unique, Mart mart) {
    return unique.columns().equals(mart.key());
  }

  private static String literals(List<String> values) {
    return values.stream().map(Keys::literal).collect(Collectors.joining(", "));
  }
}
