package dev.lode.tables;

import dev.lode.codecs.Failure;
import java.util.List;

/**
 * What a table holds.
 *
 * @param key columns that name a row for upserts; empty for append-only tables
 * @param partitions {@code tenant_id}, {@code day(ingest_time)}, {@code month(invoice_date)}…: a
 *     column, or day, month or year of one
 * @param doc one sentence for people and agents
 */
public record TableSpec(
    TableName name, List<Field> fields, List<String> key, List<String> partitions, String doc) {

  public TableSpec {
    fields = List.copyOf(fields);
    key = List.copyOf(key);
    partitions = List.copyOf(partitions);
    if (fields.stream().noneMatch(field -> field.name().equals("tenant_id"))) {
      throw Failure.invalid("Cannot define " + name + ": no tenant_id column");
    }
  }

  /**
   * A column.
   *
   * @param type DuckDB's name of it: VARCHAR, BOOLEAN, INTEGER, BIGINT, FLOAT, DOUBLE,
   *     DECIMAL(p,s), DATE, TIMESTAMP, TIMESTAMP WITH TIME ZONE, BLOB, UUID, or a list of one of
   *     these (VARCHAR[])
   */
  public record Field(String name, String type, boolean required, String doc) {
    public static Field required(String name, String type, String doc) {
      return new Field(name, type, true, doc);
    }

    public static Field optional(String name, String type, String doc) {
      return new Field(name, type, false, doc);
    }
  }
}
