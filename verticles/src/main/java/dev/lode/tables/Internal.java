package dev.lode.tables;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Java's values as Iceberg holds them inside: dates as days, times as microseconds. */
final class Internal {

  private Internal() {}

  /** Throws ClassCastException for a value that is not of the type. */
  static UnaryOperator<Object> to(Type type) {
    return switch (type.typeId()) {
      case STRING -> String.class::cast;
      case BOOLEAN -> Boolean.class::cast;
      case INTEGER -> value -> ((Integer) value);
      case LONG ->
          value -> value instanceof Integer small ? (Object) small.longValue() : (Long) value;
      case FLOAT -> Float.class::cast;
      case DOUBLE -> Double.class::cast;
      case DATE -> value -> Math.toIntExact(((LocalDate) value).toEpochDay());
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC()
              ? value -> micros((Instant) value)
              : value -> micros(((LocalDateTime) value).toInstant(ZoneOffset.UTC));
      case BINARY -> value -> ByteBuffer.wrap((byte[]) value);
      case UUID -> UUID.class::cast;
      case DECIMAL -> decimal((Types.DecimalType) type);
      case LIST -> list(to(type.asListType().elementType()));
      default -> throw new IllegalStateException("No Java value for " + type);
    };
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** Refuses to round: a lost cent is a wrong total. */
  private static UnaryOperator<Object> decimal(Types.DecimalType type) {
    return value -> ((BigDecimal) value).setScale(type.scale());
  }

  private static UnaryOperator<Object> list(UnaryOperator<Object> element) {
    return value ->
        ((List<?>) value)
            .stream().map(inner -> inner == null ? null : element.apply(inner)).toList();
  }
}
