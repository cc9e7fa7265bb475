package dev.lode.tables;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;

/**
 * The positions that deletion vectors hold. A vector never changes once written, so the ones used
 * last stay in memory.
 */
final class DeletionVectors {
  private static final int VECTORS_MAX = 4096;

  private final Map<Name, PositionDeleteIndex> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, PositionDeleteIndex> eldest) {
          return size() > VECTORS_MAX;
        }
      };

  private record Name(String location, Long offset) {}

  /** Null for no vector. Shared: read only. */
  PositionDeleteIndex positions(FileIO io, DeleteFile vector) {
    if (vector == null) {
      return null;
    }
    var name = new Name(vector.location(), vector.contentOffset());
    synchronized (kept) {
      PositionDeleteIndex known = kept.get(name);
      if (known != null) {
        return known;
      }
    }
    var loader = new BaseDeleteLoader(io::newInputFile);
    var positions = loader.loadPositionDeletes(List.of(vector), vector.referencedDataFile());
    synchronized (kept) {
      kept.put(name, positions);
    }
    return positions;
  }
}
