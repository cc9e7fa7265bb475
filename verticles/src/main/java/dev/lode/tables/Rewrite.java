package dev.lode.tables;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * The live rows of some files as one new file: in the order of the files and of the rows in them,
 * each with the row id and the sequence number of its last update that it had.
 */
final class Rewrite {
  /** Compressed bytes of a row group: what each thread holds in memory is several times as much. */
  private static final long ROW_GROUP_BYTES = 16 << 20;

  private static final int ROW_GROUP_ROWS_MIN = 2048;
  private static final Types.NestedField ROW_ID = MetadataColumns.ROW_ID;
  private static final Types.NestedField UPDATED = MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER;

  private final LakeTable.State state;
  private final List<Planner.LiveFile> files;

  /**
   * @param files of one partition, oldest first, as they are live in {@code state}
   */
  Rewrite(LakeTable.State state, List<Planner.LiveFile> files) {
    this.state = state;
    this.files = files;
    var partitions = files.stream().map(live -> live.file().partition()).distinct().toList();
    if (partitions.size() > 1) {
      throw new IllegalArgumentException("Cannot write as one file: " + partitions);
    }
  }

  /** The new file, which no snapshot names yet; none where no row is left. */
  List<DataFile> write(Workspace workspace, Planner planner, TableName name) {
    long live = files.stream().mapToLong(Rewrite::live).sum();
    if (live == 0) {
      return List.of();
    }
    Table table = state.table();
    DataFile first = files.getFirst().file();
    var fields = new ArrayList<>(table.schema().columns());
    fields.add(ROW_ID);
    fields.add(UPDATED);
    var views = new Views(workspace);
    String moved = views.moved(fields, planner.rows(table, files), ids());
    long bytes = files.stream().mapToLong(file -> file.file().fileSizeInBytes()).sum();
    var part = new StagedFiles.Part("(" + moved + ")", fields, rowGroupRows(bytes, live));
    try {
      var spec = table.specs().get(first.specId());
      var written = new StagedFiles(workspace, name, table);
      return List.of(written.copy(part, spec, first.partition()));
    } finally {
      views.tables().forEach(unused -> workspace.execute("DROP TABLE " + unused));
    }
  }

  private static int rowGroupRows(long bytes, long rows) {
    long wanted = ROW_GROUP_BYTES * rows / Math.max(1, bytes);
    return Math.clamp(wanted, ROW_GROUP_ROWS_MIN, StagedFiles.ROW_GROUP_ROWS);
  }

  private static long live(Planner.LiveFile file) {
    return file.file().recordCount() - (file.vector() == null ? 0 : file.vector().recordCount());
  }

  /** What rows that were never written with them inherit from their file. */
  private String ids() {
    return """
    coalesce(%1$s, list_extract(%2$s::BIGINT[], f.file_index::INTEGER + 1) + f.file_row_number)
      AS %1$s,
    coalesce(%3$s, list_extract(%4$s::BIGINT[], f.file_index::INTEGER + 1)) AS %3$s"""
        .formatted(
            ROW_ID.name(),
            list(files.stream().map(file -> file.file().firstRowId()).toList()),
            UPDATED.name(),
            list(files.stream().map(file -> file.file().dataSequenceNumber()).toList()));
  }

  private static String list(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
  }

  /**
   * The commit, for the holder of the table's lock. Rows that were deleted while they were moved
   * are deleted in the new file, too: a writer that never rests is neither waited for nor lost to.
   * Only where a file was emptied meanwhile it gives way, because Iceberg lets no commit of this
   * kind add more rows than it replaces.
   */
  RewriteFiles on(Table writable, Planner planner, List<DataFile> written) {
    long head = writable.currentSnapshot().snapshotId();
    refuseMoves(writable, head);
    Map<String, Planner.LiveFile> all = new HashMap<>();
    planner.live(writable, List.of(), head).forEach(live -> all.put(location(live), live));
    List<Planner.LiveFile> now = files.stream().map(file -> all.get(location(file))).toList();
    if (now.stream().anyMatch(Objects::isNull)) {
      throw new ValidationException("Cannot compact: a file is gone");
    }
    var rewrite = writable.newRewrite().validateFromSnapshot(head);
    for (var live : now) {
      rewrite.deleteFile(live.file());
      if (live.vector() != null) {
        rewrite.deleteFile(live.vector());
      }
    }
    var died = died(planner, now);
    for (DataFile file : written) {
      rewrite.addFile(file);
      if (!died.isEmpty()) {
        DeadRows.vectors(writable, file, died).forEach(rewrite::addFile);
      }
    }
    return rewrite;
  }

  /** Rows that someone else has moved meanwhile cannot be told from deleted ones. */
  private void refuseMoves(Table writable, long head) {
    long start = state.metadata().currentSnapshot().snapshotId();
    if (!SnapshotUtil.isAncestorOf(writable, head, start)) {
      throw new ValidationException("Cannot compact: snapshot %s is no longer known", start);
    }
    for (var snapshot : SnapshotUtil.ancestorsBetween(head, start, writable::snapshot)) {
      if (LakeTable.isCompaction(snapshot)) {
        throw new ValidationException("Cannot compact: snapshot %s did", snapshot.snapshotId());
      }
    }
  }

  /** Places in the new file of rows that are dead {@code now} and were not when they were moved. */
  private List<Long> died(Planner planner, List<Planner.LiveFile> now) {
    var io = state.table().io();
    var moved = new MovedRows();
    var died = new ArrayList<Long>();
    for (int i = 0; i < files.size(); i++) {
      var before = files.get(i);
      moved.add(before.file().recordCount(), planner.dead(io, before.vector()));
      if (!Changes.same(before.vector(), now.get(i).vector())) {
        moved.died(i, planner.dead(io, now.get(i).vector()), died::add);
      }
    }
    return died;
  }

  private static String location(Planner.LiveFile live) {
    return live.file().location();
  }
}
