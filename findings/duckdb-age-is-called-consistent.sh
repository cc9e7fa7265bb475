#!/usr/bin/env bash
# org.duckdb:duckdb_jdbc 2.0.0.0 (Maven), JDK 17 or newer.
# Guess: a function that duckdb_functions() calls CONSISTENT gives the same for the same arguments, as its list of
#        stabilities is meant, so it can be used to tell which statements may be answered incrementally.
# Seen:  age is CONSISTENT in all its forms, but age(timestamp) counts from today; now() is
#        CONSISTENT_WITHIN_QUERY, as it should be. And current_date without brackets is a column reference in the tree of
#        json_serialize_sql, no function.
# Fails when that changes.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
mvn -q -B dependency:copy -Dartifact=org.duckdb:duckdb_jdbc:2.0.0.0 -DoutputDirectory="$dir" >/dev/null
cat >Stability.java <<'J'
import java.sql.*;

class Stability {
  public static void main(String[] args) throws Exception {
    String[] asked = {
      "SELECT string_agg(DISTINCT stability) FROM duckdb_functions() WHERE function_name = 'age'",
      "SELECT string_agg(DISTINCT stability) FROM duckdb_functions() WHERE function_name = 'now'",
      "SELECT age(TIMESTAMP '2020-01-01') = age(current_date::TIMESTAMP, TIMESTAMP '2020-01-01')",
      "SELECT json_serialize_sql('SELECT current_date') LIKE '%\"COLUMN_REF\"%'"
    };
    try (Connection c = DriverManager.getConnection("jdbc:duckdb:"); Statement s = c.createStatement()) {
      for (String each : asked) {
        ResultSet r = s.executeQuery(each);
        r.next();
        System.out.println(r.getString(1));
      }
    }
  }
}
J
out=$(java -cp duckdb_jdbc-2.0.0.0.jar Stability.java 2>&1); echo "$out"
[ "$out" = $'CONSISTENT\nCONSISTENT_WITHIN_QUERY\ntrue\ntrue' ]
