package dev.lode.features;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;

import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.Upsert;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A small table of sales that tests change, and views over it. */
final class Sales {
  static final TableName TABLE = TableName.of("silver.sale");
  static final String YAML =
      """
      entities:
        - {name: shopper, keys: [{name: shopper, type: BIGINT}]}
      views:
        - name: spend
          entities: [shopper]
          source: {table: silver.sale}
          timestamp: sold_at
          features:
            - {name: sales, type: BIGINT, aggregate: {function: count}}
            - {name: items, type: BIGINT, aggregate: {function: count-distinct, of: item}}
            - {name: total, type: 'DECIMAL(18,2)', aggregate: {function: sum, of: amount}}
            - {name: mean, type: 'DECIMAL(18,2)', ratio: {of: total, by: sales}}
            - {name: last, type: TIMESTAMP WITH TIME ZONE, aggregate: {function: max, of: sold_at}}
            - name: recent_total
              type: DECIMAL(18,2)
              aggregate: {function: sum, of: amount, window: 5s, hop: 2s}
            - {name: recent, type: BIGINT, aggregate: {function: count, window: 3s, hop: 1s}}
            - {name: days_ago, type: INTEGER, days-since: last}
        - name: basket
          entities: [shopper]
          source: {table: silver.sale}
          timestamp: sold_at
          ttl: 4s
          features:
            - {name: item, type: VARCHAR}
            - {name: amount, type: 'DECIMAL(10,2)'}
            - {name: double_amount, type: DOUBLE, expression: amount * 2}
      """;
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "tenant"),
              required("id", "BIGINT", "number"),
              optional("shopper", "VARCHAR", "who"),
              optional("sold_at", "TIMESTAMP WITH TIME ZONE", "when"),
              optional("item", "VARCHAR", "what"),
              optional("amount", "DECIMAL(10,2)", "money"),
              optional("lineage_id", "UUID", "from")),
          List.of("tenant_id", "id"),
          List.of("tenant_id"),
          "Sales.");

  private final Lake lake;

  /** A row of the table. */
  record Sale(String tenant, long id, String shopper, Instant at, String item, String amount) {}

  Sales(Lake lake) {
    this.lake = lake;
    lake.ensure(SPEC);
  }

  static Sale sale(long id, String shopper, String at, String amount) {
    return new Sale("acme", id, shopper, at == null ? null : Instant.parse(at), "tea", amount);
  }

  /** Adds sales, or replaces those with the same number. */
  void put(Sale... sales) {
    put(List.of(sales));
  }

  void put(List<Sale> sales) {
    change(sales, List.of());
  }

  void remove(long... ids) {
    var gone = new ArrayList<Long>();
    for (long id : ids) {
      gone.add(id);
    }
    change(List.of(), gone);
  }

  private void change(List<Sale> sales, List<Long> gone) {
    try (Session session = lake.session()) {
      session.load(
          "sales",
          "tenant_id VARCHAR, id BIGINT, shopper VARCHAR, sold_at TIMESTAMPTZ, item VARCHAR,"
              + " amount DECIMAL(10,2), lineage_id UUID",
          sales.stream()
              .map(
                  s ->
                      new Object[] {
                        s.tenant(),
                        s.id(),
                        s.shopper(),
                        s.at(),
                        s.item(),
                        s.amount() == null ? null : new BigDecimal(s.amount()).setScale(2),
                        new UUID(7, s.id())
                      })
              .toList());
      session.load("gone", "tenant_id VARCHAR, id BIGINT", gone(gone));
      session.upsert(
          TABLE,
          new Upsert(List.of("tenant_id", "id"), "SELECT * FROM sales", "SELECT * FROM gone"),
          Progress.NONE);
    }
  }

  private static List<Object[]> gone(List<Long> ids) {
    return ids.stream().map(id -> new Object[] {"acme", id}).toList();
  }
}
