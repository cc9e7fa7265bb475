package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.apache.iceberg.TableProperties.PARQUET_COLUMN_STATS_ENABLED_PREFIX;
import static org.apache.iceberg.TableProperties.PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX;

import dev.lode.codecs.Bronze;
import java.util.List;
import java.util.Map;

/** The one shape of every Bronze table: what came, exactly as it came, and where from. */
public final class BronzeTable {
  static final List<TableSpec.Field> FIELDS =
      List.of(
          required("tenant_id", "VARCHAR", "Whose record this is."),
          required("lineage_id", "UUID", "Names the record in all layers; UUIDv7."),
          required("source", "VARCHAR", "The system that sent it."),
          required("entity", "VARCHAR", "What it describes."),
          required("batch_id", "UUID", "The body that it came in."),
          required("position", "BIGINT", "Its number in that body, from 1."),
          required("ingest_time", "TIMESTAMP WITH TIME ZONE", "When it was taken in."),
          optional("event_time", "TIMESTAMP WITH TIME ZONE", "When it happened, if told."),
          required("op", "VARCHAR", "c for a record, u and d for a source's updates, deletes."),
          required("format", "VARCHAR", "How to read the payload: json, csv."),
          optional("header", "BLOB", "The CSV header, exactly as sent."),
          required("payload", "BLOB", "The record's exact bytes, without the line end."),
          required("hash", "BLOB", "SHA-256 of the payload."),
          optional("defect", "VARCHAR", "Why it cannot be read; Silver quarantines it."),
          optional("batch_records", "BIGINT", "Last of a whole body with a key: its records."));

  /**
   * Hardly two records share these values and nobody searches by their order: dictionaries and
   * bounds would cost a quarter of the writing time and find nothing.
   */
  static final Map<String, String> PROPERTIES =
      Map.of(
          PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + "lineage_id", "false",
          PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + "position", "false",
          PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + "payload", "false",
          PARQUET_DICT_ENCODING_ENABLED_COLUMN_PREFIX + "hash", "false",
          PARQUET_COLUMN_STATS_ENABLED_PREFIX + "payload", "false",
          PARQUET_COLUMN_STATS_ENABLED_PREFIX + "hash", "false");

  private BronzeTable() {}

  public static TableSpec spec(String source, String entity) {
    return new TableSpec(
        TableName.of(Bronze.table(source, entity)),
        FIELDS,
        List.of(),
        List.of("tenant_id", "day(ingest_time)"),
        "Raw records of " + entity + " from " + source + ", immutable.");
  }
}
