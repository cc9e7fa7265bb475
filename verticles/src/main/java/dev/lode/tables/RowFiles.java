package dev.lode.tables;

import dev.lode.codecs.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.parquet.InternalWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/** Writes rows in memory as Parquet files of a table, one per partition they touch. */
final class RowFiles {
  private static final System.Logger LOG = System.getLogger(RowFiles.class.getName());

  private final Table table;
  private final List<Types.NestedField> columns;
  private final List<UnaryOperator<Object>> conversions;
  private final PartitionKey key;
  private final Map<PartitionKey, DataWriter<StructLike>> writers = new HashMap<>();
  private long rows;

  RowFiles(Table table) {
    this.table = table;
    this.columns = table.schema().columns();
    this.conversions = columns.stream().map(column -> Internal.to(column.type())).toList();
    this.key = new PartitionKey(table.spec(), table.schema());
  }

  List<DataFile> write(Iterable<Object[]> source) {
    var row = new Row(columns.size());
    try {
      for (Object[] values : source) {
        rows++;
        fill(row, values);
        key.partition(row);
        writer().write(row);
      }
      var files = new ArrayList<DataFile>();
      for (var writer : writers.values()) {
        writer.close();
        files.add(writer.toDataFile());
      }
      return files;
    } catch (IOException e) {
      abandon();
      throw new UncheckedIOException("Cannot write rows of " + table.name(), e);
    } catch (RuntimeException e) {
      abandon();
      throw e;
    }
  }

  /** Best effort: a file that no snapshot names harms nobody. */
  private void abandon() {
    for (var writer : writers.values()) {
      try {
        writer.close();
        table.io().deleteFile(writer.toDataFile().location());
      } catch (IOException | RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "Left a file without a name behind", e);
      }
    }
  }

  private void fill(Row row, Object[] values) {
    if (values.length > columns.size()) {
      throw Failure.invalid(
          "Cannot append to %s: row %d has %d values (the table has %d columns)"
              .formatted(table.name(), rows, values.length, columns.size()));
    }
    for (int i = 0; i < row.values.length; i++) {
      Object value = i < values.length ? values[i] : null;
      row.values[i] = value == null ? absent(columns.get(i)) : converted(i, value);
    }
  }

  private Object absent(Types.NestedField column) {
    if (column.isRequired()) {
      throw Failure.invalid(
          "Cannot append to %s: row %d has no %s, which is required"
              .formatted(table.name(), rows, column.name()));
    }
    return null;
  }

  private Object converted(int column, Object value) {
    try {
      return conversions.get(column).apply(value);
    } catch (ClassCastException e) {
      throw Failure.invalid(
          "Cannot append to %s: row %d has a %s in %s (must be %s)"
              .formatted(
                  table.name(),
                  rows,
                  value.getClass().getSimpleName(),
                  columns.get(column).name(),
                  Schemas.name(columns.get(column).type())));
    }
  }

  private DataWriter<StructLike> writer() throws IOException {
    var writer = writers.get(key);
    if (writer == null) {
      writer = open();
      writers.put(key.copy(), writer);
    }
    return writer;
  }

  private DataWriter<StructLike> open() throws IOException {
    String name = FileFormat.PARQUET.addExtension(UUID.randomUUID().toString());
    String location = table.locationProvider().newDataLocation(name);
    return Parquet.writeData(table.io().newOutputFile(location))
        .schema(table.schema())
        .createWriterFunc(InternalWriter::createWriter)
        .withSpec(table.spec())
        .withPartition(table.spec().isUnpartitioned() ? null : key.copy())
        .setAll(table.properties())
        .build();
  }

  /** One row, in Iceberg's internal representation; used again for every row. */
  private static final class Row implements StructLike {
    private final Object[] values;

    Row(int size) {
      this.values = new Object[size];
    }

    @Override
    public int size() {
      return values.length;
    }

    @Override
    public <T> T get(int position, Class<T> type) {
      return type.cast(values[position]);
    }

    @Override
    public <T> void set(int position, T value) {
      values[position] = value;
    }
  }
}
