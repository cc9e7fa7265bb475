package dev.lode.proof;

import dev.lode.fold.Nodes;
import dev.lode.tables.Session;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of the engine's functions. */
public final class Functions {
  /** Aggregates that give the same of the same rows, in whatever order they come. */
  static final Set<String> UNORDERED =
      Set.of(
          "sum",
          "count",
          "count_star",
          "min",
          "max",
          "avg",
          "mean",
          "bool_and",
          "bool_or",
          "bit_and",
          "bit_or",
          "bit_xor",
          "count_if",
          "countif",
          "sum_no_overflow",
          "median",
          "quantile",
          "quantile_cont",
          "quantile_disc");

  /** Aggregates that give the row at an end, or another one of those that tie with it. */
  static final Set<String> ENDS =
      Set.of("arg_max", "arg_min", "max_by", "min_by", "argmax", "argmin");

  /** Aggregates that tell in which order rows came. */
  static final Set<String> ORDERED =
      Set.of(
          "any_value",
          "arbitrary",
          "first",
          "last",
          "list",
          "array_agg",
          "string_agg",
          "group_concat",
          "listagg");

  /** Of the engine's macros, of which it tells nothing. */
  private static final Set<String> MACROS =
      Set.of(
          "nullif",
          "if",
          "ifnull",
          "split_part",
          "fdiv",
          "fmod",
          "date_add",
          "days_in_month",
          "array_append",
          "array_prepend",
          "array_reverse",
          "array_to_string",
          "list_append",
          "list_prepend",
          "list_reverse",
          "list_sum",
          "list_avg",
          "list_min",
          "list_max",
          "list_count",
          "unnest");

  /** Words that are functions where no column has the name. */
  private static final Set<String> WORDS =
      Set.of(
          "current_catalog",
          "current_date",
          "current_schema",
          "current_role",
          "current_time",
          "current_timestamp",
          "current_user",
          "localtime",
          "localtimestamp",
          "session_user",
          "user");

  private final Set<String> steady;
  private final Set<String> unsteady;
  private final Set<String> aggregates;

  private Functions(Set<String> steady, Set<String> unsteady, Set<String> aggregates) {
    this.steady = steady;
    this.unsteady = unsteady;
    this.aggregates = aggregates;
  }

  public static Functions of(Session session) {
    var steady =
        names(
            session,
            """
            SELECT function_name FROM duckdb_functions() GROUP BY ALL
            HAVING bool_or(function_type = 'scalar')
              AND bool_and(stability = 'CONSISTENT' OR function_type IN ('table', 'pragma'))\
            """);
    steady.addAll(MACROS);
    var unsteady =
        names(
            session,
            """
            SELECT DISTINCT function_name FROM duckdb_functions()
            WHERE function_type = 'scalar' AND stability <> 'CONSISTENT'\
            """);
    unsteady.addAll(WORDS);
    unsteady.add("ago");
    return new Functions(
        steady,
        unsteady,
        names(
            session,
            "SELECT DISTINCT function_name FROM duckdb_functions()"
                + " WHERE function_type = 'aggregate'"));
  }

  private static Set<String> names(Session session, String sql) {
    return session.query(sql, Integer.MAX_VALUE).rows().stream()
        .map(row -> lower(row.getFirst()))
        .collect(Collectors.toCollection(HashSet::new));
  }

  static String lower(Object name) {
    return String.valueOf(name).toLowerCase(Locale.ROOT);
  }

  static boolean isWord(String name) {
    return WORDS.contains(name);
  }

  boolean isAggregate(String name) {
    return aggregates.contains(name) || name.equals("count_star");
  }

  /** Whether it gives the same of the same arguments, at any time. */
  boolean isSteady(String name, int arguments) {
    return steady.contains(name) && !isSinceNow(name, arguments);
  }

  /** An age of one argument is counted from today, whatever the engine's list says. */
  private static boolean isSinceNow(String name, int arguments) {
    return name.equals("age") && arguments < 2;
  }

  /**
   * What {@code tree} calls that gives another value when it is asked again: {@code now()}; empty
   * for nothing.
   */
  public Set<String> unsteady(Map<String, Object> tree) {
    var found = new HashSet<String>();
    Nodes.walk(
        tree,
        node -> {
          String name = lower(Nodes.text(node, "function_name"));
          int arguments = Nodes.list(node.get("arguments")).size();
          if (unsteady.contains(name) || isSinceNow(name, arguments)) {
            found.add(name + "()");
          }
          var path = Nodes.list(node.get("column_names"));
          if (Nodes.is(node, "COLUMN_REF") && path.size() == 1 && isWord(lower(path.getFirst()))) {
            found.add(lower(path.getFirst()));
          }
          if (node.get("sample") instanceof Map) {
            found.add("SAMPLE");
          }
        });
    return found;
  }
}
