package dev.lode.tables;

import dev.lode.codecs.Failure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Row filters: once to leave out whole files, once to leave out rows. */
final class Ranges {

  private Ranges() {}

  /** For planning; UUIDs are left to {@link UuidBounds}. */
  static Expression expression(Schema schema, List<Slice.Range> ranges) {
    Expression all = Expressions.alwaysTrue();
    for (var range : ranges) {
      Types.NestedField column = column(schema, range);
      if (column.type().typeId() != Type.TypeID.UUID) {
        all = Expressions.and(all, expression(column, range));
      }
    }
    return all;
  }

  private static Expression expression(Types.NestedField column, Slice.Range range) {
    String name = column.name();
    Expression low =
        range.low() == null
            ? Expressions.alwaysTrue()
            : Expressions.greaterThanOrEqual(name, literal(column, range.low()));
    Expression high =
        range.high() == null
            ? Expressions.alwaysTrue()
            : Expressions.lessThanOrEqual(name, literal(column, range.high()));
    return Expressions.and(low, high);
  }

  /** Joined by AND; none keep every row. */
  static List<String> conditions(Schema current, List<Slice.Range> ranges) {
    var conditions = new ArrayList<String>();
    for (var range : ranges) {
      String name = Sql.name(column(current, range).name());
      if (range.low() != null && range.low().equals(range.high())) {
        conditions.add(name + " = " + Sql.literal(range.low()));
        continue;
      }
      if (range.low() != null) {
        conditions.add(name + " >= " + Sql.literal(range.low()));
      }
      if (range.high() != null) {
        conditions.add(name + " <= " + Sql.literal(range.high()));
      }
    }
    return conditions;
  }

  static Types.NestedField column(Schema schema, Slice.Range range) {
    Types.NestedField column = schema.findField(range.column());
    if (column == null) {
      throw Failure.invalid(
          "Cannot filter by %s: no such column (there are %s)"
              .formatted(
                  range.column(), schema.columns().stream().map(Types.NestedField::name).toList()));
    }
    return column;
  }

  private static Object literal(Types.NestedField column, Object value) {
    try {
      return switch (column.type().typeId()) {
        case INTEGER, LONG -> ((Number) value).longValue();
        case DECIMAL ->
            new BigDecimal(value.toString()).setScale(((Types.DecimalType) column.type()).scale());
        default -> Internal.to(column.type()).apply(value);
      };
    } catch (ClassCastException | ArithmeticException | NumberFormatException e) {
      throw Failure.invalid(
          "Cannot filter %s by %s (must be %s)"
              .formatted(column.name(), value, Schemas.name(column.type())));
    }
  }
}
