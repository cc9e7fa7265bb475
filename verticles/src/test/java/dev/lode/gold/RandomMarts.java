package dev.lode.gold;

import dev.lode.RandomCases;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws marts over {@code silver.sale}, {@code silver.gone} (alike) and {@code silver.shop}: some
 * that can be brought up to date key by key, and many that look like it.
 */
final class RandomMarts {
  private static final String ROW = "tenant_id, id, region, shop, units, hap";

  private final RandomCases cases;

  RandomMarts(RandomCases cases) {
    this.cases = cases;
  }

  static String draw(RandomCases cases) {
    return new RandomMarts(cases).mart();
  }

  private String mart() {
    List<String> keys = new ArrayList<>();
    var made = new ArrayList<String>();
    var touched = new ArrayList<String>();
    int parts = cases.one(1, 1, 1, 2);
    for (int i = 0; i < parts; i++) {
      String value = expression();
      keys.add("k" + i);
      made.add(value + " AS k" + i);
      touched.add("k%d = %s".formatted(i, often() ? value : expression()));
    }
    String sale = String.join(", ", touched);
    String head =
        """
        -- description: Drawn.
        -- materialization: incremental
        -- key: %s
        -- incremental: silver.sale by %s
        """
            .formatted(String.join(", ", keys), sale);
    String sql = select(keys, made);
    if (sql.contains("silver.gone") && often()) {
      head += "-- incremental: silver.gone by " + sale + "\n";
    }
    if (sql.contains("silver.shop") && cases.one(true, false)) {
      String shop = cases.one("shop", "shop", "region", "upper(region)");
      head +=
          "-- incremental: silver.shop by "
              + String.join(", ", keys.stream().map(key -> key + " = " + shop).toList())
              + "\n";
    }
    return head + sql;
  }

  private boolean often() {
    return cases.one(true, true, true, true, false);
  }

  /** Over a sale. */
  private String expression() {
    return cases.one(
        "region",
        "region",
        "shop",
        "shop",
        "coalesce(region, 'none')",
        "upper(region)",
        "region || shop",
        "CAST(CAST(hap AS DATE) AS VARCHAR)",
        "CAST(hap AS VARCHAR)");
  }

  private String select(List<String> keys, List<String> made) {
    String names = String.join(", ", keys);
    String values = String.join(", ", made);
    String bare = String.join(", ", made.stream().map(RandomMarts::withoutName).toList());
    String from = source() + cases.one("", "", " WHERE " + filter());
    return switch (cases.between(0, 11)) {
      case 0, 1, 2, 3 -> grouped(values, cases.one(names, bare, "ALL"), from);
      case 4 ->
          "SELECT DISTINCT s.tenant_id, %s%s\nFROM %s"
              .formatted(values, cases.one("", ", units"), from);
      case 5 -> "SELECT s.tenant_id, %s, id, units\nFROM %s".formatted(values, from);
      case 6 ->
          "SELECT s.tenant_id, %s, id, %s AS n\nFROM %s".formatted(values, window(bare), from);
      case 7 ->
          "WITH x AS (SELECT s.*, %s FROM %s)\nSELECT tenant_id, %s, %s\nFROM x\nGROUP BY ALL"
              .formatted(values, from, names, aggregates());
      case 8 -> ranked(values, names, from);
      case 9 -> joined(values, names);
      case 10 -> grouped(values, "ALL", from) + "\n" + afterwards();
      default ->
          "%s\n%s %s"
              .formatted(
                  counted(values, from),
                  cases.one("UNION ALL", "UNION", "EXCEPT", "INTERSECT"),
                  counted(cases.one(values, "'x' AS k0"), source()));
    };
  }

  private String grouped(String values, String by, String from) {
    return "SELECT s.tenant_id, %s, %s\nFROM %s\nGROUP BY %s"
        .formatted(values, aggregates(), from, by.equals("ALL") ? by : "s.tenant_id, " + by);
  }

  private static String counted(String values, String from) {
    return "SELECT s.tenant_id, %s, count(*) AS n\nFROM %s\nGROUP BY ALL".formatted(values, from);
  }

  private String ranked(String values, String names, String from) {
    return """
    WITH x AS (SELECT s.tenant_id, %s, %s FROM %s GROUP BY ALL)
    SELECT tenant_id, %s, n, rank() OVER (%s ORDER BY n) AS place FROM x\
    """
        .formatted(
            values,
            aggregates(),
            from,
            names,
            cases.one("PARTITION BY tenant_id, " + names, "PARTITION BY tenant_id", ""));
  }

  private String joined(String values, String names) {
    return """
    WITH x AS (SELECT s.tenant_id, %1$s, %2$s FROM %3$s GROUP BY ALL),
    y AS (SELECT s.tenant_id, %1$s, max(units) AS most FROM silver.sale AS s GROUP BY ALL)
    SELECT tenant_id, %4$s, n, most FROM x %5$s y USING (%6$s)\
    """
        .formatted(
            values,
            aggregates(),
            source(),
            names,
            cases.one("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"),
            cases.one("tenant_id, " + names, "tenant_id, " + names, "tenant_id"));
  }

  private String afterwards() {
    return cases.one(
        "HAVING count(*) > 1",
        "ORDER BY 1, 2",
        "ORDER BY n LIMIT 3",
        "QUALIFY rank() OVER (ORDER BY n) < 3",
        "HAVING max(units) < (SELECT max(units) FROM silver.sale)");
  }

  private static String withoutName(String made) {
    return made.substring(0, made.lastIndexOf(" AS "));
  }

  private String aggregates() {
    return cases.one(
        "count(*) AS n",
        "sum(units) AS n",
        "count(DISTINCT id) AS n, max(hap) AS last",
        "arg_max(units, (hap, units)) AS n",
        "arg_max(units, hap) AS n",
        "list(units ORDER BY units)[1] AS n",
        "list(units)[1] AS n",
        "count(*) FILTER (units > 2) AS n",
        "max(units) + (SELECT count(*) FROM silver.sale) AS n");
  }

  private String filter() {
    return cases.one(
        "units > 1",
        "region IS NOT NULL",
        "s.shop IS NOT NULL AND region IS NOT NULL",
        "units < (SELECT max(units) FROM silver.sale)",
        "EXISTS (SELECT 1 FROM silver.sale AS o WHERE o.id = s.id + 1)",
        "s.shop IN (SELECT shop FROM silver.shop)",
        "units BETWEEN 0 AND 7 OR region = 'EU'");
  }

  private String window(String bare) {
    String partition =
        cases.one(
            "PARTITION BY s.tenant_id, " + bare,
            "PARTITION BY s.tenant_id, " + bare,
            "PARTITION BY s.tenant_id, region, s.shop, hap",
            "PARTITION BY s.tenant_id",
            "");
    return cases.one(
        "rank() OVER (%s ORDER BY units)".formatted(partition),
        "sum(units) OVER (%s)".formatted(partition),
        "sum(units) OVER (%s ORDER BY hap)".formatted(partition),
        "sum(units) OVER (%s ORDER BY hap ROWS 1 PRECEDING)".formatted(partition),
        "row_number() OVER (%s ORDER BY hap)".formatted(partition),
        "row_number() OVER (%s ORDER BY hap, s.tenant_id, id)".formatted(partition),
        "lag(units) OVER (%s ORDER BY s.tenant_id, id)".formatted(partition),
        "first_value(units) OVER (%s ORDER BY hap, units)".formatted(partition));
  }

  /** Something called s with the columns of a sale. */
  private String source() {
    return cases.one(
        "silver.sale AS s",
        "silver.sale AS s",
        "silver.sale AS s",
        "(FROM silver.sale) AS s",
        "(SELECT * REPLACE (upper(region) AS region) FROM silver.sale) AS s",
        "(SELECT * REPLACE (coalesce(region, 'none') AS region) FROM silver.sale) AS s",
        "(SELECT tenant_id, id, region AS r, upper(r) AS region, shop, units, hap FROM silver.sale)"
            + " AS s",
        "(SELECT tenant_id, id, upper(shop) AS region, region AS shop, units, hap"
            + " FROM silver.sale) AS s",
        "(SELECT * EXCLUDE (region), lower(region) AS region FROM silver.sale) AS s",
        "(SELECT %s FROM silver.sale UNION ALL SELECT 'a', 0, 'EU', 's1', 1, NULL) AS s"
            .formatted(ROW),
        "(SELECT tenant_id, id, shop AS region, region AS shop, units, hap FROM silver.sale) AS s",
        "(SELECT %s FROM silver.sale UNION ALL SELECT %s FROM silver.gone) AS s"
            .formatted(ROW, ROW),
        "(SELECT * FROM silver.sale UNION SELECT * FROM silver.gone) AS s",
        "(SELECT * FROM silver.sale EXCEPT SELECT * FROM silver.gone) AS s",
        "(SELECT * FROM silver.sale ORDER BY units, id LIMIT 6) AS s",
        "(SELECT DISTINCT ON (tenant_id, region, shop) * FROM silver.sale ORDER BY id) AS s",
        "(SELECT DISTINCT * FROM silver.sale) AS s",
        """
        (SELECT * FROM silver.sale
          QUALIFY row_number() OVER (PARTITION BY %s ORDER BY %s) = 1) AS s\
        """
            .formatted(
                cases.one("tenant_id, region", "tenant_id, region, shop", "tenant_id", "region"),
                cases.one("hap, id", "tenant_id, id", "id", "units")),
        """
        (SELECT tenant_id, max(id) AS id, region, shop, sum(units) AS units, max(hap) AS hap
          FROM silver.sale GROUP BY tenant_id, region, shop) AS s\
        """,
        """
        (SELECT tenant_id, max(id) AS id, max(region) AS region, shop, sum(units) AS units,
          max(hap) AS hap FROM silver.sale GROUP BY tenant_id, shop) AS s\
        """,
        join());
  }

  private String join() {
    String other =
        cases.one(
            "silver.shop",
            "silver.shop",
            "(SELECT tenant_id, shop, max(tax) AS tax FROM silver.shop GROUP BY ALL)",
            "(SELECT tenant_id, shop, units AS tax FROM silver.sale)",
            "(SELECT tenant_id, shop, tax FROM silver.shop WHERE shop IS NOT NULL)");
    String on =
        cases.one(
            "t.tenant_id = s.tenant_id AND t.shop = s.shop",
            "t.tenant_id = s.tenant_id AND t.shop = s.shop AND tax > 1",
            "t.tenant_id = s.tenant_id AND t.shop IS NOT DISTINCT FROM s.shop",
            "t.shop = s.shop",
            "t.tenant_id = s.tenant_id",
            "t.tenant_id = s.tenant_id AND t.tax = s.units");
    String kind =
        cases.one("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN");
    String columns =
        kind.startsWith("SEMI") || kind.startsWith("ANTI")
            ? "s.*"
            : cases.one(
                "s.*",
                "s.tenant_id, id, s.region, t.shop, units + coalesce(tax, 0) AS units, hap",
                "t.tenant_id, id, s.region, t.shop, units, hap",
                "coalesce(s.tenant_id, t.tenant_id) AS tenant_id, id, s.region,"
                    + " coalesce(s.shop, t.shop) AS shop, units, hap");
    if (kind.equals("JOIN") && cases.one(true, false)) {
      return "(SELECT %s FROM silver.sale AS s, %s AS t WHERE %s) AS s"
          .formatted(columns, other, on);
    }
    if (!columns.contains("t.") && cases.one(true, false)) {
      return """
      (SELECT tenant_id, id, s.region, shop, units, hap
        FROM silver.sale AS s %s %s AS t %s) AS s\
      """
          .formatted(kind, other, cases.one("USING (tenant_id, shop)", "USING (shop, tenant_id)"));
    }
    return "(SELECT %s FROM silver.sale AS s %s %s AS t ON %s) AS s"
        .formatted(columns, kind, other, on);
  }
}
