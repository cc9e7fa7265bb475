package dev.lode.vectors;

import dev.lode.vectors.search.FieldType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** The engine's values as JSON to show, and as typed values to filter on. */
final class MetadataValues {

  private MetadataValues() {}

  static Object json(Object value) {
    return switch (value) {
      case null -> null;
      case List<?> list -> list.stream().map(MetadataValues::json).toList();
      case LocalDateTime time -> time.toInstant(ZoneOffset.UTC).toString();
      case LocalDate date -> date.toString();
      case Instant time -> time.toString();
      case UUID id -> id.toString();
      default -> value;
    };
  }

  /** None for null, many for a list. */
  static List<Object> typed(FieldType type, Object value) {
    if (value instanceof List<?> list) {
      return list.stream().filter(Objects::nonNull).map(one -> one(type, one)).toList();
    }
    return value == null ? List.of() : List.of(one(type, value));
  }

  private static Object one(FieldType type, Object value) {
    return switch (type.kind()) {
      case TEXT -> value.toString();
      case NUMBER -> new BigDecimal(value.toString());
      case REAL -> ((Number) value).doubleValue();
      case BOOLEAN, DATE -> value;
      case TIME -> value instanceof LocalDateTime time ? time.toInstant(ZoneOffset.UTC) : value;
    };
  }
}
