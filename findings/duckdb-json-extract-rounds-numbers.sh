#!/usr/bin/env bash
# org.duckdb:duckdb_jdbc 2.0.0.0 (Maven), JDK 17 or newer.
# Guess: json_extract_string gives the characters that stand in the JSON, and so does json_transform to VARCHAR.
# Seen:  both go by way of a double: 1.000000000000000001 comes as 1.0. But once any field of json_transform's structure
#        is a DECIMAL, the raw digits of all its fields are kept, those of VARCHAR fields too.
# Fails when that changes.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
mvn -q -B dependency:copy -Dartifact=org.duckdb:duckdb_jdbc:2.0.0.0 -DoutputDirectory="$dir" >/dev/null
cat >Digits.java <<'J'
import java.sql.*;

class Digits {
  public static void main(String[] args) throws Exception {
    String json = "'{\"a\":1.5,\"b\":1.000000000000000001}'";
    String[] asked = {
      "json_extract_string(" + json + ", '$.b')",
      "json_transform(" + json + ", '{\"a\":\"VARCHAR\",\"b\":\"VARCHAR\"}').b",
      "json_transform(" + json + ", '{\"a\":\"DECIMAL(38,30)\",\"b\":\"VARCHAR\"}').b"
    };
    try (Connection c = DriverManager.getConnection("jdbc:duckdb:"); Statement s = c.createStatement()) {
      for (String each : asked) {
        ResultSet r = s.executeQuery("SELECT " + each);
        r.next();
        System.out.println(r.getString(1));
      }
    }
  }
}
J
out=$(java -cp duckdb_jdbc-2.0.0.0.jar Digits.java 2>&1); echo "$out"
[ "$out" = $'1.0\n1.0\n1.000000000000000001' ]
