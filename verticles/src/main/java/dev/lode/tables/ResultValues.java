package dev.lode.tables;

import dev.lode.codecs.Column;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBStruct;

/** Values between the engine and {@link Rows}. */
final class ResultValues {

  private ResultValues() {}

  /**
   * Stops after so many rows, or before the row that makes it more than so many bytes;
   * LIMIT_EXCEEDED where one row alone does.
   */
  static Rows read(ResultSet result, int rowsMax, long bytesMax) throws SQLException {
    var meta = result.getMetaData();
    var columns = new ArrayList<Column>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new Column(meta.getColumnLabel(i), meta.getColumnTypeName(i)));
    }
    var rows = new ArrayList<List<Object>>();
    long bytes = 0;
    while (result.next()) {
      var row = new ArrayList<Object>(columns.size());
      for (int i = 1; i <= columns.size() && rows.size() < rowsMax && bytes <= bytesMax; i++) {
        row.add(value(result.getObject(i)));
        bytes += bytesMax == Long.MAX_VALUE ? 0 : bytes(row.getLast());
      }
      if (bytes > bytesMax && rows.isEmpty()) {
        throw new Failure(
            ErrorCode.LIMIT_EXCEEDED,
            "Cannot answer: one row is larger than %d bytes".formatted(bytesMax),
            "Ask for fewer columns, or for parts of long texts and lists.");
      }
      if (rows.size() == rowsMax || bytes > bytesMax) {
        return new Rows(List.copyOf(columns), Collections.unmodifiableList(rows), true);
      }
      rows.add(Collections.unmodifiableList(row));
    }
    return new Rows(List.copyOf(columns), Collections.unmodifiableList(rows), false);
  }

  /** About how many. */
  private static long bytes(Object value) {
    return switch (value) {
      case null -> 5;
      case String text -> text.length() + 3L;
      case byte[] array -> array.length * 4L / 3;
      case List<?> list -> 2 + list.stream().mapToLong(ResultValues::bytes).sum();
      case Map<?, ?> map -> bytes(List.copyOf(map.keySet())) + bytes(new ArrayList<>(map.values()));
      default -> 12;
    };
  }

  private static Object value(Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case OffsetDateTime time -> time.toInstant();
      case Timestamp time -> time.toLocalDateTime();
      case Blob blob -> blob.getBytes(1, Math.toIntExact(blob.length()));
      case Byte small -> small.intValue();
      case Short small -> small.intValue();
      case Array array -> list((Object[]) array.getArray());
      case DuckDBStruct struct -> map(struct.getMap());
      case Map<?, ?> map -> map(map);
      case String text -> text;
      case Number number -> number;
      case Boolean flag -> flag;
      case LocalDate date -> date;
      case UUID uuid -> uuid;
      default -> value.toString();
    };
  }

  private static List<Object> list(Object[] array) throws SQLException {
    var list = new ArrayList<Object>(array.length);
    for (Object inner : array) {
      list.add(value(inner));
    }
    return Collections.unmodifiableList(list);
  }

  private static Map<String, Object> map(Map<?, ?> map) throws SQLException {
    var copy = LinkedHashMap.<String, Object>newLinkedHashMap(map.size());
    for (var entry : map.entrySet()) {
      copy.put(String.valueOf(entry.getKey()), value(entry.getValue()));
    }
    return Collections.unmodifiableMap(copy);
  }

  /** What the driver takes for a parameter. */
  static Object parameter(Object value) {
    return value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value;
  }

  static void append(DuckDBAppender appender, Object value) throws SQLException {
    switch (value) {
      case null -> appender.appendNull();
      case String text -> appender.append(text);
      case Long number -> appender.append(number);
      case Integer number -> appender.append(number);
      case Double number -> appender.append(number);
      case Float number -> appender.append(number);
      case Boolean flag -> appender.append(flag);
      case BigDecimal number -> appender.append(number);
      case BigInteger number -> appender.append(number);
      case UUID uuid -> appender.append(uuid);
      case byte[] bytes -> appender.append(bytes);
      case Instant instant -> appender.append(instant.atOffset(ZoneOffset.UTC));
      case LocalDate date -> appender.append(date);
      case LocalDateTime time -> appender.append(time);
      case List<?> list -> appender.append(list);
      case Map<?, ?> map -> appender.append(map);
      default ->
          throw new IllegalArgumentException(
              "Cannot load a " + value.getClass().getSimpleName() + " into a table");
    }
  }
}
