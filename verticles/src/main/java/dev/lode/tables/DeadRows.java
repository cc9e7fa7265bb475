package dev.lode.tables;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.OutputFileFactory;

/**
 * Turns places of rows into deletes: one deletion vector per data file, holding what an earlier one
 * held and taking its place; a file of which no row is left is removed whole.
 */
final class DeadRows {
  private final Workspace workspace;
  private final Table table;
  private final Map<String, Planner.LiveFile> files = new HashMap<>();
  private final Map<String, Planner.LiveFile> locations = new HashMap<>();

  DeadRows(Workspace workspace, Table table, List<Planner.LiveFile> files) {
    this.workspace = workspace;
    this.table = table;
    for (var live : files) {
      this.files.put(Views.path(live.file().location()), live);
      this.locations.put(live.file().location(), live);
    }
  }

  /** What a commit has to delete. */
  record Found(List<DataFile> whole, List<DeleteFile> vectors, List<DeleteFile> replaced) {
    boolean isEmpty() {
      return whole.isEmpty() && vectors.isEmpty();
    }

    void addTo(RowDelta delta) {
      whole.forEach(delta::removeRows);
      vectors.forEach(delta::addDeletes);
      replaced.forEach(delta::removeDeletes);
    }
  }

  /** {@code places} has the columns {@code _file} and {@code _position}. */
  Found of(String places) {
    var found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    var partly = new HashMap<String, Planner.LiveFile>();
    for (var row :
        workspace.all(
            "SELECT _file, count(DISTINCT _position) FROM %s GROUP BY ALL".formatted(places))) {
      var live = files.get((String) row.getFirst());
      long before = live.vector() == null ? 0 : live.vector().recordCount();
      if (before + (Long) row.getLast() < live.file().recordCount()) {
        partly.put((String) row.getFirst(), live);
        continue;
      }
      found.whole().add(live.file());
      if (live.vector() != null) {
        found.replaced().add(live.vector());
      }
    }
    if (!partly.isEmpty()) {
      write(places, partly, found);
    }
    return found;
  }

  private void write(String places, Map<String, Planner.LiveFile> partly, Found found) {
    var output =
        OutputFileFactory.builderFor(table, 1, System.nanoTime()).format(FileFormat.PUFFIN).build();
    var writer = new BaseDVFileWriter(output, this::earlier);
    try (writer) {
      for (var row : workspace.all("SELECT DISTINCT _file, _position FROM %s".formatted(places))) {
        var live = partly.get((String) row.getFirst());
        if (live != null) {
          var spec = table.specs().get(live.file().specId());
          long position = (Long) row.getLast();
          writer.delete(live.file().location(), position, spec, live.file().partition());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write deletion vectors of " + table.name(), e);
    }
    found.vectors().addAll(writer.result().deleteFiles());
    found.replaced().addAll(writer.result().rewrittenDeleteFiles());
  }

  private PositionDeleteIndex earlier(String location) {
    DeleteFile vector = locations.get(location).vector();
    return vector == null
        ? null
        : new BaseDeleteLoader(table.io()::newInputFile)
            .loadPositionDeletes(List.of(vector), location);
  }
}
