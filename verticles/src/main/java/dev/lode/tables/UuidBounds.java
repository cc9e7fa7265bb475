package dev.lode.tables;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Leaves out files by UUID. Iceberg compares UUIDs as Java does, by signed halves, where Parquet's
 * bounds are in the order of unsigned bytes: it would leave out files that hold the row.
 */
final class UuidBounds {
  private final List<Bound> bounds = new ArrayList<>();

  private record Bound(Types.NestedField column, ByteBuffer low, ByteBuffer high) {}

  UuidBounds(Schema schema, List<Slice.Range> ranges) {
    for (var range : ranges) {
      var column = Ranges.column(schema, range);
      if (column.type().typeId() == Type.TypeID.UUID) {
        bounds.add(new Bound(column, bytes(range.low()), bytes(range.high())));
      }
    }
  }

  boolean mayHold(DataFile file) {
    return bounds.stream().allMatch(bound -> mayHold(file, bound));
  }

  private static boolean mayHold(DataFile file, Bound bound) {
    ByteBuffer least = of(file.lowerBounds(), bound.column);
    ByteBuffer greatest = of(file.upperBounds(), bound.column);
    return (bound.low == null || greatest == null || compare(greatest, bound.low) >= 0)
        && (bound.high == null || least == null || compare(least, bound.high) <= 0);
  }

  private static ByteBuffer of(Map<Integer, ByteBuffer> bounds, Types.NestedField column) {
    return bounds == null ? null : bounds.get(column.fieldId());
  }

  private static int compare(ByteBuffer left, ByteBuffer right) {
    int first = Long.compareUnsigned(left.getLong(0), right.getLong(0));
    return first != 0 ? first : Long.compareUnsigned(left.getLong(8), right.getLong(8));
  }

  private static ByteBuffer bytes(Object uuid) {
    return uuid instanceof UUID id
        ? ByteBuffer.allocate(16)
            .putLong(0, id.getMostSignificantBits())
            .putLong(8, id.getLeastSignificantBits())
        : null;
  }
}
