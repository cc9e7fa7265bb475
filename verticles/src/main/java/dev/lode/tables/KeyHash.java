package dev.lode.tables;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * The hash of a key, computed by the engine for rows in files and in temporary tables alike, so
 * that both mean the same by a value. Each column's value is written so that its end can be told;
 * NULL is a value like any other, and zero has no sign.
 */
record KeyHash(List<Types.NestedField> columns) {

  static KeyHash of(Schema schema, List<String> key) {
    return new KeyHash(key.stream().map(schema::findField).toList());
  }

  /** Names the key within its table, whatever its columns are called. */
  String columnIds() {
    return columns.stream()
        .map(column -> Integer.toString(column.fieldId()))
        .collect(Collectors.joining("-"));
  }

  /** Where it is the same, the same value has the same hash. */
  String shape() {
    return columns.stream()
        .map(column -> column.fieldId() + " " + Schemas.name(column.type()))
        .collect(Collectors.joining(", "));
  }

  /**
   * A SELECT of {@code kept} and the two halves of the hash, 63 bits each.
   *
   * @param seed nobody outside knows it, so nobody can make two keys with the same hash
   * @param from a relation that has the columns of the key
   */
  String select(String seed, String kept, String from) {
    return """
        SELECT * EXCLUDE (_lode_hash), (_lode_hash >> 65)::BIGINT, (_lode_hash & %d)::BIGINT
        FROM (SELECT %s, md5_number(concat(%s, %s)) AS _lode_hash FROM %s)"""
        .formatted(
            Long.MAX_VALUE,
            kept,
            Sql.text(seed),
            columns.stream().map(KeyHash::text).collect(Collectors.joining(", ")),
            from);
  }

  private static String text(Types.NestedField column) {
    String name = Sql.name(column.name());
    return switch (column.type().typeId()) {
      case STRING -> sized(name);
      case LIST -> sized("CAST(to_json(%s) AS VARCHAR)".formatted(name));
      case BINARY -> ended("hex(%s)".formatted(name));
      case FLOAT, DOUBLE -> ended("CASE WHEN %1$s = 0 THEN 0 ELSE %1$s END".formatted(name));
      case TIMESTAMP -> ended("epoch_us(%s)".formatted(name));
      default -> ended(name);
    };
  }

  /** For texts that may hold anything. */
  private static String sized(String text) {
    return "strlen(%1$s), ':', %1$s".formatted(text);
  }

  private static String ended(String text) {
    return text + ", ','";
  }
}
