package dev.lode.tables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;

/**
 * The rows that live in one of two snapshots and not in the other, from files and vectors alone.
 */
final class Changes {
  private final DeletionVectors vectors;
  private final FileIO io;
  private final List<FileRows> changes = new ArrayList<>();

  private Changes(DeletionVectors vectors, FileIO io) {
    this.vectors = vectors;
    this.io = io;
  }

  static List<FileRows> between(
      DeletionVectors vectors,
      FileIO io,
      List<Planner.LiveFile> before,
      List<Planner.LiveFile> after) {
    var changes = new Changes(vectors, io);
    Map<String, Planner.LiveFile> gone = new HashMap<>();
    before.forEach(live -> gone.put(live.file().location(), live));
    for (var live : after) {
      var earlier = gone.remove(live.file().location());
      if (earlier == null) {
        changes.whole(live, 1);
      } else {
        changes.part(live.file(), earlier.vector(), live.vector());
      }
    }
    before.stream()
        .filter(live -> gone.containsKey(live.file().location()))
        .forEach(live -> changes.whole(live, -1));
    return changes.changes;
  }

  private void whole(Planner.LiveFile live, int change) {
    changes.add(FileRows.live(live.file(), vectors.positions(io, live.vector()), change));
  }

  private void part(DataFile file, DeleteFile before, DeleteFile after) {
    if (same(before, after)) {
      return;
    }
    PositionDeleteIndex dead = positions(before);
    PositionDeleteIndex deadNow = positions(after);
    changes.add(FileRows.only(file, minus(deadNow, dead), -1));
    changes.add(FileRows.only(file, minus(dead, deadNow), 1));
  }

  private PositionDeleteIndex positions(DeleteFile vector) {
    return vector == null ? PositionDeleteIndex.empty() : vectors.positions(io, vector);
  }

  static boolean same(DeleteFile left, DeleteFile right) {
    return left == right
        || (left != null
            && right != null
            && left.location().equals(right.location())
            && left.contentOffset().equals(right.contentOffset()));
  }

  private static FileRows.Positions minus(PositionDeleteIndex all, PositionDeleteIndex less) {
    return sink ->
        all.forEach(
            position -> {
              if (!less.isDeleted(position)) {
                sink.accept(position);
              }
            });
  }
}
