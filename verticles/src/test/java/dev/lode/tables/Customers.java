package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;

import java.util.ArrayList;
import java.util.List;

/** A table for tests: a tenant's numbers with their names. */
public final class Customers {
  public static final TableName TABLE = TableName.of("silver.customer");
  public static final List<String> KEY = List.of("tenant_id", "id");
  public static final TableSpec SPEC = spec(TABLE);

  private Customers() {}

  /** Another one of the same columns, and {@code more}. */
  public static TableSpec spec(TableName name, TableSpec.Field... more) {
    var fields = new ArrayList<TableSpec.Field>();
    fields.add(required("tenant_id", "VARCHAR", "tenant"));
    fields.add(optional("id", "BIGINT", "number"));
    fields.add(optional("name", "VARCHAR", "name"));
    fields.addAll(List.of(more));
    return new TableSpec(name, fields, KEY, List.of("tenant_id"), "Customers.");
  }

  /**
   * @param values as SQL has them: {@code ('a', 1, 'x'), ('b', NULL, 'y')}
   */
  public static String select(String values) {
    return "SELECT * FROM (VALUES %s) AS t(tenant_id, id, name)".formatted(values);
  }
}
