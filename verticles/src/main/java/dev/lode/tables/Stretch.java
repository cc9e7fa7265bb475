package dev.lode.tables;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * A piece of a table's history without a compaction in it. A compaction moves rows from file to
 * file and changes none, so changes are told by the files of each stretch between two of them.
 *
 * @param from exclusive
 * @param to inclusive
 */
record Stretch(long from, long to) {

  /** {@code from} must be in the history of {@code to}. Oldest first. */
  static List<Stretch> between(Table table, long from, long to) {
    var stretches = new ArrayList<Stretch>();
    long end = to;
    for (var snapshot : SnapshotUtil.ancestorsBetween(to, from, table::snapshot)) {
      if (LakeTable.isCompaction(snapshot)) {
        stretches.add(new Stretch(snapshot.snapshotId(), end));
        end = snapshot.parentId();
      }
    }
    stretches.add(new Stretch(from, end));
    stretches.removeIf(stretch -> stretch.from == stretch.to);
    return stretches.reversed();
  }
}
