package dev.lode.tables;

import dev.lode.codecs.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Table specs and types as Iceberg has them, and back. */
final class Schemas {
  static final String KEY = "lode.key";
  static final String COMMENT = "comment";

  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+), ?(\\d+)\\)");
  private static final Pattern TRANSFORM = Pattern.compile("(day|month|year)\\((\\w+)\\)");
  private static final Map<String, Type> SCALARS =
      Map.ofEntries(
          Map.entry("VARCHAR", Types.StringType.get()),
          Map.entry("BOOLEAN", Types.BooleanType.get()),
          Map.entry("INTEGER", Types.IntegerType.get()),
          Map.entry("BIGINT", Types.LongType.get()),
          Map.entry("FLOAT", Types.FloatType.get()),
          Map.entry("DOUBLE", Types.DoubleType.get()),
          Map.entry("DATE", Types.DateType.get()),
          Map.entry("TIMESTAMP", Types.TimestampType.withoutZone()),
          Map.entry("TIMESTAMP WITH TIME ZONE", Types.TimestampType.withZone()),
          Map.entry("TIMESTAMPTZ", Types.TimestampType.withZone()),
          Map.entry("BLOB", Types.BinaryType.get()),
          Map.entry("UUID", Types.UUIDType.get()));

  private Schemas() {}

  static Schema schema(TableSpec spec) {
    var fields = new ArrayList<Types.NestedField>();
    int lists = spec.fields().size();
    for (var field : spec.fields()) {
      Type type = type(field.type(), spec.name() + "." + field.name(), ++lists);
      fields.add(
          Types.NestedField.builder()
              .withId(fields.size() + 1)
              .withName(field.name())
              .ofType(type)
              .isOptional(!field.required())
              .withDoc(field.doc())
              .build());
    }
    return new Schema(fields);
  }

  /** Iceberg's type of DuckDB's {@code name}; a list's element takes {@code elementId}. */
  static Type type(String name, String column, int elementId) {
    String upper = name.strip().toUpperCase(Locale.ROOT);
    if (upper.endsWith("[]")) {
      String element = upper.substring(0, upper.length() - 2);
      if (!element.endsWith("[]")) {
        return Types.ListType.ofOptional(elementId, type(element, column, elementId));
      }
    }
    Matcher decimal = DECIMAL.matcher(upper);
    if (decimal.matches()) {
      return Types.DecimalType.of(
          Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    Type type = SCALARS.get(upper);
    if (type == null) {
      throw Failure.invalid(
          "Cannot define %s: unknown type %s (must be one of %s, DECIMAL(p,s), or a list of one)"
              .formatted(
                  column, name, String.join(", ", SCALARS.keySet().stream().sorted().toList())));
    }
    return type;
  }

  /** DuckDB's name of an Iceberg type. */
  static String name(Type type) {
    return switch (type.typeId()) {
      case STRING -> "VARCHAR";
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case DATE -> "DATE";
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? "TIMESTAMP WITH TIME ZONE"
              : "TIMESTAMP";
      case BINARY -> "BLOB";
      case UUID -> "UUID";
      case DECIMAL ->
          "DECIMAL(%d,%d)"
              .formatted(
                  ((Types.DecimalType) type).precision(), ((Types.DecimalType) type).scale());
      case LIST -> name(type.asListType().elementType()) + "[]";
      default -> throw new IllegalStateException("No DuckDB type for " + type);
    };
  }

  /** Columns of any relation that has them, as this schema has them. */
  static String casts(Schema schema, List<String> columns) {
    return columns.stream()
        .map(
            column ->
                "CAST(%1$s AS %2$s) AS %1$s"
                    .formatted(Sql.name(column), name(schema.findType(column))))
        .collect(Collectors.joining(", "));
  }

  static PartitionSpec partitions(Schema schema, TableSpec spec) {
    var builder = PartitionSpec.builderFor(schema);
    for (String partition : spec.partitions()) {
      Matcher transform = TRANSFORM.matcher(partition);
      String column = transform.matches() ? transform.group(2) : partition;
      if (schema.findField(column) == null) {
        throw Failure.invalid(
            "Cannot partition %s by %s: no such column".formatted(spec.name(), partition));
      }
      switch (transform.matches() ? transform.group(1) : "") {
        case "day" -> builder.day(column);
        case "month" -> builder.month(column);
        case "year" -> builder.year(column);
        default -> builder.identity(column);
      }
    }
    return builder.build();
  }

  /** The spec that would make this table. */
  static TableSpec spec(TableName name, Table table) {
    var fields =
        table.schema().columns().stream()
            .map(
                column ->
                    new TableSpec.Field(
                        column.name(), name(column.type()), column.isRequired(), column.doc()))
            .toList();
    return new TableSpec(
        name, fields, key(table), partitions(table), table.properties().getOrDefault(COMMENT, ""));
  }

  static List<String> key(Table table) {
    String key = table.properties().getOrDefault(KEY, "");
    return key.isEmpty() ? List.of() : List.of(key.split(","));
  }

  static List<String> partitions(Table table) {
    return table.spec().fields().stream().map(field -> partition(table.schema(), field)).toList();
  }

  private static String partition(Schema schema, PartitionField field) {
    String column = schema.findColumnName(field.sourceId());
    return field.transform().isIdentity() ? column : field.transform() + "(" + column + ")";
  }
}
