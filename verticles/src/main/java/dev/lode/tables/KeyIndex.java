package dev.lode.tables;

import dev.lode.tables.keys.Checkpoint;
import dev.lode.tables.keys.FileNumbers;
import dev.lode.tables.keys.IndexMemory;
import dev.lode.tables.keys.KeyBatch;
import dev.lode.tables.keys.KeyMatches;
import dev.lode.tables.keys.KeyTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Table;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Where the rows of a table are, by key. It knows the rows of the files that it has read, and
 * follows every commit, its own and others', by reading the key columns of new files; whether a row
 * that it knows still lives, the head's files and deletion vectors say. So what others do to the
 * table costs it reading, never its being right. For the holder of the table's lock.
 */
final class KeyIndex implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(KeyIndex.class.getName());

  /** Dead rows that it may know: a quarter of the living, and so many more. */
  private static final long DEAD_MAX = 100_000;

  private final DeletionVectors vectors;
  private final Planner planner;
  private final KeyHash hash;
  private final Supplier<IndexMemory> memory;
  private KeyTable rows;
  private FileNumbers files = new FileNumbers();
  private String seed = UUID.randomUUID().toString();

  /** What it has followed; null for nothing. */
  private Long snapshot;

  /** The files of that snapshot, by location; null where it must ask for them. */
  private Map<String, Planner.LiveFile> live;

  private long changed;

  /** Rows of one file that have a key that was asked for. */
  record Hits(Planner.LiveFile file, List<Long> positions) {}

  /**
   * A batch of which the first keys have new rows, written in their order, and the others none. The
   * rows of one file need not be read to know where they lie.
   *
   * @param matches what the keys had before
   */
  record Landed(KeyBatch keys, KeyMatches matches, List<DataFile> files) {
    private static final Landed NOTHING = new Landed(new KeyBatch(), null, List.of());

    int rows() {
      return Math.toIntExact(files.stream().mapToLong(DataFile::recordCount).sum());
    }

    boolean isWholeOf(List<Planner.LiveFile> fresh) {
      return files.size() == 1
          && fresh.size() == 1
          && fresh.getFirst().vector() == null
          && fresh.getFirst().file().location().equals(files.getFirst().location());
    }
  }

  KeyIndex(Planner planner, KeyHash hash, Supplier<IndexMemory> memory) {
    this.planner = planner;
    this.vectors = planner.vectors();
    this.hash = hash;
    this.memory = memory;
    this.rows = new KeyTable(memory.get(), 0);
  }

  /** Goes on from there, instead of what it knows. */
  void restore(Checkpoint checkpoint) {
    rows.close();
    rows = checkpoint.rows();
    files = checkpoint.files();
    seed = checkpoint.seed();
    snapshot = checkpoint.snapshot();
    live = null;
    changed = 0;
  }

  /** As it is now, to be written before it changes; null where it has followed nothing. */
  Checkpoint checkpoint(String shape) {
    changed = 0;
    return snapshot == null ? null : new Checkpoint(shape, seed, snapshot, files, rows);
  }

  /** Rows learnt and forgotten since the last checkpoint. */
  long changed() {
    return changed;
  }

  long size() {
    return rows.size();
  }

  /** In memory, outside the heap. */
  long bytes() {
    return rows.bytes();
  }

  /** Adds the hashes of the rows of a table of the workspace, in their order. */
  void hash(Workspace workspace, String relation, KeyBatch batch) {
    workspace.forEach(
        hash.select(seed, "1", relation), row -> batch.add(row.getLong(2), row.getLong(3)));
  }

  KeyMatches match(Table table, KeyBatch batch) {
    return batch.match(rows, living(table));
  }

  List<Hits> hits(KeyMatches matches) {
    var hits = new ArrayList<Hits>();
    FileNumbers.File last = null;
    for (long place : matches.places()) {
      FileNumbers.File file = files.at(place);
      if (!file.equals(last)) {
        hits.add(new Hits(live.get(file.location()), new ArrayList<>()));
        last = file;
      }
      hits.getLast().positions().add(place - file.first());
    }
    return hits;
  }

  /** Whether a row that it knows is one of {@code table}, which it has followed. */
  private LongPredicate living(Table table) {
    Map<FileNumbers.File, PositionDeleteIndex> dead = new HashMap<>();
    return place -> {
      FileNumbers.File file = files.at(place);
      if (file == null) {
        return false;
      }
      var positions = dead.computeIfAbsent(file, known -> dead(table, known.location()));
      return !positions.isDeleted(place - file.first());
    };
  }

  private PositionDeleteIndex dead(Table table, String location) {
    var vector = live.get(location).vector();
    return vector == null ? PositionDeleteIndex.empty() : vectors.positions(table.io(), vector);
  }

  /** The commit of {@code batch} has landed in {@code table}. */
  void landed(Workspace workspace, Table table, Landed batch) {
    try {
      int written = batch.rows();
      batch.keys().removeFrom(rows, written);
      changed += batch.keys().size() - written;
      follow(workspace, table, batch);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "Make the key index of " + table.name() + " again", e);
      clear(0);
    }
  }

  /** Comes up to the head of {@code table}. */
  void follow(Workspace workspace, Table table) {
    follow(workspace, table, Landed.NOTHING);
  }

  private void follow(Workspace workspace, Table table, Landed landed) {
    var head = table.currentSnapshot();
    Long to = head == null ? null : head.snapshotId();
    if (live != null && Objects.equals(snapshot, to)) {
      return;
    }
    if (snapshot != null && (to == null || !SnapshotUtil.isAncestorOf(table, to, snapshot))) {
      LOG.log(System.Logger.Level.INFO, "Make the key index of {0} again", table.name());
      clear(0);
    }
    try {
      var all = to == null ? List.<Planner.LiveFile>of() : planner.live(table, List.of(), to);
      var fresh = compare(all);
      if (landed.isWholeOf(fresh)) {
        put(landed, fresh.getFirst().file(), living(table).negate());
      } else {
        read(workspace, table, fresh);
      }
      snapshot = to;
    } catch (RuntimeException e) {
      clear(0);
      throw e;
    }
  }

  private void clear(long expected) {
    rows.close();
    rows = new KeyTable(memory.get(), expected);
    files = new FileNumbers();
    snapshot = null;
    live = null;
  }

  /** Takes over which files there are; those to be read. */
  private List<Planner.LiveFile> compare(List<Planner.LiveFile> all) {
    Map<String, Planner.LiveFile> now = HashMap.newHashMap(all.size());
    all.forEach(file -> now.put(file.file().location(), file));
    files.retain(now.keySet());
    List<Planner.LiveFile> fresh = all.stream().filter(this::isFresh).toList();
    long living = all.stream().mapToLong(KeyIndex::living).sum();
    boolean hasRoom = files.hasRoom(fresh.stream().mapToLong(f -> f.file().recordCount()).sum());
    if (files.all().isEmpty() || !hasRoom || rows.size() > living + living / 4 + DEAD_MAX) {
      clear(living);
      fresh = all;
    }
    live = now;
    return fresh;
  }

  private static long living(Planner.LiveFile file) {
    return file.file().recordCount() - dead(file);
  }

  private static long dead(Planner.LiveFile file) {
    return file.vector() == null ? 0 : file.vector().recordCount();
  }

  /** Unknown, or with rows that came back to life. */
  private boolean isFresh(Planner.LiveFile file) {
    String location = file.file().location();
    FileNumbers.File known = files.at(location);
    if (known != null && dead(file) < known.dead()) {
      files.remove(location);
      return true;
    }
    if (known != null) {
      files.died(location, dead(file));
    }
    return known == null;
  }

  private void put(Landed landed, DataFile file, LongPredicate dead) {
    long first = files.add(file.location(), file.recordCount(), 0).first();
    for (int i = 0; i < file.recordCount(); i++) {
      long kept = landed.matches().rowId(i);
      long rowId = kept == KeyMatches.NO_ROW ? file.firstRowId() + i : kept;
      landed.keys().put(i, rows, new KeyTable.Row(first + i, rowId), dead);
    }
    changed += file.recordCount();
  }

  private void read(Workspace workspace, Table table, List<Planner.LiveFile> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    var numbers = new FileNumbers.File[fresh.size()];
    for (int i = 0; i < numbers.length; i++) {
      var file = fresh.get(i).file();
      numbers[i] = files.add(file.location(), file.recordCount(), dead(fresh.get(i)));
      workspace.reads(file.recordCount());
    }
    var fields = new ArrayList<>(hash.columns());
    fields.add(MetadataColumns.ROW_ID);
    var locations = fresh.stream().map(file -> file.file().location()).toList();
    String kept = "file_index::INTEGER, file_row_number, coalesce(_row_id, -1)";
    var living = living(table);
    LongPredicate dead = living.negate();
    workspace.forEach(
        hash.select(seed, kept, Views.files(locations, fields)),
        row -> {
          int file = row.getInt(1);
          long place = numbers[file].first() + row.getLong(2);
          if (living.test(place)) {
            long own = row.getLong(3);
            long rowId = own >= 0 ? own : fresh.get(file).file().firstRowId() + row.getLong(2);
            rows.put(row.getLong(4), row.getLong(5), new KeyTable.Row(place, rowId), dead);
            changed++;
          }
        });
  }

  @Override
  public void close() {
    rows.close();
  }
}
