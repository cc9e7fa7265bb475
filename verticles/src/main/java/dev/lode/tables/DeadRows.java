package dev.lode.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.DeleteWriteResult;
import org.apache.iceberg.io.OutputFileFactory;

/**
 * What a commit deletes: one deletion vector per data file, holding what an earlier one held and
 * taking its place; a file of which no row is left is removed whole.
 */
record DeadRows(List<DataFile> whole, List<DeleteFile> vectors, List<DeleteFile> replaced) {

  boolean isEmpty() {
    return whole.isEmpty() && vectors.isEmpty();
  }

  void addTo(RowDelta delta) {
    whole.forEach(delta::removeRows);
    vectors.forEach(delta::addDeletes);
    replaced.forEach(delta::removeDeletes);
  }

  static DeadRows of(Table table, DeletionVectors earlier, List<KeyIndex.Hits> hits) {
    var dead = new DeadRows(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    var partly = new ArrayList<KeyIndex.Hits>();
    for (var hit : hits) {
      if (left(hit) > 0) {
        partly.add(hit);
        continue;
      }
      dead.whole.add(hit.file().file());
      if (hit.file().vector() != null) {
        dead.replaced.add(hit.file().vector());
      }
    }
    if (!partly.isEmpty()) {
      dead.addVectors(table, earlier, partly);
    }
    return dead;
  }

  /** Vectors of a new file, of which these rows are dead. */
  static List<DeleteFile> vectors(Table table, DataFile file, List<Long> positions) {
    var hits = new KeyIndex.Hits(new Planner.LiveFile(file, null), positions);
    return write(table, List.of(hits), location -> null).deleteFiles();
  }

  private static long left(KeyIndex.Hits hit) {
    DeleteFile vector = hit.file().vector();
    long before = vector == null ? 0 : vector.recordCount();
    return hit.file().file().recordCount() - before - hit.positions().size();
  }

  private void addVectors(Table table, DeletionVectors earlier, List<KeyIndex.Hits> partly) {
    Map<String, DeleteFile> before = new HashMap<>();
    partly.forEach(hit -> before.put(hit.file().file().location(), hit.file().vector()));
    var written =
        write(table, partly, location -> earlier.positions(table.io(), before.get(location)));
    vectors.addAll(written.deleteFiles());
    replaced.addAll(written.rewrittenDeleteFiles());
  }

  /** One for each file, with what {@code earlier} has for its location. */
  private static DeleteWriteResult write(
      Table table, List<KeyIndex.Hits> hits, Function<String, PositionDeleteIndex> earlier) {
    var output =
        OutputFileFactory.builderFor(table, 1, 1)
            .operationId(UUID.randomUUID().toString())
            .format(FileFormat.PUFFIN)
            .build();
    var writer = new BaseDVFileWriter(output, earlier);
    try (writer) {
      for (var hit : hits) {
        DataFile file = hit.file().file();
        var spec = table.specs().get(file.specId());
        for (long position : hit.positions()) {
          writer.delete(file.location(), position, spec, file.partition());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write deletion vectors of " + table.name(), e);
    }
    return writer.result();
  }
}
