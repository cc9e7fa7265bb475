package dev.lode.query;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.List;
import java.util.Set;

/**
 * What is asked for: the rows of a SELECT, its plan, or the names of datasets.
 *
 * @param sql the SELECT in it; what described a dataset by its name selects from it instead, so
 *     that the dataset has a place in the statement
 */
record Asked(Kind kind, String sql) {
  enum Kind {
    ROWS,
    PLAN,
    TABLES
  }

  private static final Set<String> DESCRIBING = Set.of("DESCRIBE", "DESC", "SHOW", "SUMMARIZE");
  private static final Set<String> QUERY =
      Set.of("SELECT", "WITH", "FROM", "VALUES", "TABLE", "PIVOT", "UNPIVOT", "(");

  static Asked of(String sql) {
    var tokens = new Tokens(sql);
    if (!tokens.isAt(0, "EXPLAIN")) {
      return select(sql, tokens);
    }
    if (tokens.isAt(1, "ANALYZE") || tokens.isAt(1, "(")) {
      throw new Failure(
          ErrorCode.SQL_REFUSED,
          "Cannot run the SQL: EXPLAIN takes a SELECT, without ANALYZE or options",
          "Write EXPLAIN SELECT ...; the envelope of a plain SELECT tells what it read.");
    }
    String inner = tokens.has(1) ? sql.substring(tokens.all().get(1).start()) : "";
    Asked asked = of(inner);
    if (asked.kind != Kind.ROWS) {
      throw new Failure(ErrorCode.SQL_REFUSED, "Cannot run the SQL: EXPLAIN takes a SELECT");
    }
    return new Asked(Kind.PLAN, asked.sql);
  }

  private static Asked select(String sql, Tokens tokens) {
    boolean describes = tokens.has(1) && DESCRIBING.contains(tokens.all().getFirst().text());
    if (!describes || QUERY.contains(tokens.all().get(1).text())) {
      return new Asked(Kind.ROWS, sql);
    }
    int second = tokens.all().get(1).start();
    String rest = sql.substring(second);
    if (tokens.isAt(0, "SHOW") && isAllTables(tokens)) {
      return new Asked(Kind.TABLES, sql);
    }
    return new Asked(Kind.ROWS, sql.substring(0, second) + "FROM " + rest);
  }

  private static boolean isAllTables(Tokens tokens) {
    var words = tokens.all().stream().skip(1).map(Token::text).toList();
    return List.of(
            List.of("TABLES"),
            List.of("TABLES", ";"),
            List.of("ALL", "TABLES"),
            List.of("ALL", "TABLES", ";"))
        .contains(words);
  }
}
