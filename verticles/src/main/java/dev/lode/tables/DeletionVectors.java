package dev.lode.tables;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;

/**
 * The positions that deletion vectors hold. A vector never changes once written, so those used last
 * stay in memory, up to 64 MB of them.
 */
final class DeletionVectors {
  private static final long BYTES_MAX = 64 << 20;

  private final Map<Name, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  private record Name(String location, Long offset) {}

  private record Kept(PositionDeleteIndex positions, long bytes) {}

  /** Null for no vector. Shared: read only. */
  PositionDeleteIndex positions(FileIO io, DeleteFile vector) {
    if (vector == null) {
      return null;
    }
    var name = new Name(vector.location(), vector.contentOffset());
    synchronized (kept) {
      Kept known = kept.get(name);
      if (known != null) {
        return known.positions;
      }
    }
    var loader = new BaseDeleteLoader(io::newInputFile);
    var positions = loader.loadPositionDeletes(List.of(vector), vector.referencedDataFile());
    keep(name, new Kept(positions, vector.contentSizeInBytes()));
    return positions;
  }

  private void keep(Name name, Kept vector) {
    synchronized (kept) {
      Kept other = kept.put(name, vector);
      bytes += vector.bytes - (other == null ? 0 : other.bytes);
      Iterator<Kept> eldest = kept.values().iterator();
      while (bytes > BYTES_MAX && eldest.hasNext()) {
        bytes -= eldest.next().bytes;
        eldest.remove();
      }
    }
  }
}
