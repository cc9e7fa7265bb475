#!/usr/bin/env bash
# org.duckdb:duckdb_jdbc 2.0.0.0 (Maven), JDK 17 or newer.
# Guess: where a statement fails on its values, the driver says why, streaming or not.
# Seen:  with jdbc_stream_results=true the reason is lost when rows are fetched. The same statement, the same data:
#          plain:     Conversion Error: Could not convert string 'abc' to INT32
#          streaming: Invalid Input Error: Invalid result set
#        EXPLAIN ANALYZE of the statement on the same connection tells the reason.
# Fails when that changes.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
mvn -q -B dependency:copy -Dartifact=org.duckdb:duckdb_jdbc:2.0.0.0 -DoutputDirectory="$dir" >/dev/null
cat >Reason.java <<'J'
import java.sql.*;
import java.util.Properties;

class Reason {
  static String reason(Connection c, String sql) {
    try (Statement s = c.createStatement(); ResultSet r = s.executeQuery(sql)) {
      while (r.next()) r.getObject(1);
      return "no error";
    } catch (SQLException e) {
      return e.getMessage().lines().findFirst().orElse("");
    }
  }

  public static void main(String[] args) throws Exception {
    String sql = "SELECT CAST(t AS INTEGER) FROM (VALUES ('1'), ('abc')) v(t)";
    for (String streaming : new String[] {"false", "true"}) {
      Properties p = new Properties();
      p.setProperty("jdbc_stream_results", streaming);
      try (Connection c = DriverManager.getConnection("jdbc:duckdb:", p)) {
        System.out.println(streaming + ": " + reason(c, sql));
        System.out.println(streaming + ", EXPLAIN ANALYZE: " + reason(c, "EXPLAIN ANALYZE " + sql));
      }
    }
  }
}
J
out=$(java -cp duckdb_jdbc-2.0.0.0.jar Reason.java 2>&1); echo "$out"
grep -q '^false: .*Could not convert string' <<<"$out"
grep -q '^true: .*Invalid result set' <<<"$out"
grep -q '^true, EXPLAIN ANALYZE: .*Could not convert string' <<<"$out"
