package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ExpireSnapshots.CleanupLevel;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * What keeps tables small; what of it is to be done is decided by others. Writers are held up only
 * while a result is committed. Methods block: call them on worker threads. Thread-safe.
 */
public final class Upkeep {
  private final Session.Ground ground;
  private final Engine engine;

  Upkeep(Session.Ground ground, Engine engine) {
    this.ground = requireNonNull(ground, "ground is null");
    this.engine = requireNonNull(engine, "engine is null");
  }

  /**
   * Files that nothing reaches any more.
   *
   * @param mark when they were found so: what was opened before may still read them
   */
  public record Unreached(Set<String> locations, long mark) {
    public Unreached {
      locations = Set.copyOf(locations);
    }
  }

  /** The live data files, oldest first. */
  public List<TableFile> files(TableName name) {
    var state = ground.catalog().fresh(name).state();
    return live(state).stream().map(live -> file(state, live)).toList();
  }

  private List<Planner.LiveFile> live(LakeTable.State state) {
    var current = state.metadata().currentSnapshot();
    return current == null
        ? List.of()
        : ground.planner().live(state.table(), List.of(), current.snapshotId());
  }

  private static TableFile file(LakeTable.State state, Planner.LiveFile live) {
    DataFile file = live.file();
    var spec = state.table().specs().get(file.specId());
    return new TableFile(
        file.location(),
        file.specId() + ":" + spec.partitionToPath(file.partition()),
        file.fileSizeInBytes(),
        file.recordCount(),
        live.vector() == null ? 0 : live.vector().recordCount(),
        file.dataSequenceNumber());
  }

  public TableHistory history(TableName name) {
    var state = ground.catalog().fresh(name).state();
    var named = new HashSet<Long>();
    state
        .metadata()
        .refs()
        .forEach(
            (ref, to) -> {
              if (!ref.equals(SnapshotRef.MAIN_BRANCH)) {
                named.add(to.snapshotId());
              }
            });
    var entries = new ArrayList<TableHistory.Entry>();
    for (var snapshot : SnapshotUtil.currentAncestors(state.table())) {
      entries.add(
          new TableHistory.Entry(
              snapshot.snapshotId(),
              Instant.ofEpochMilli(snapshot.timestampMillis()),
              LakeTable.isCompaction(snapshot),
              named.contains(snapshot.snapshotId())));
    }
    return new TableHistory(entries);
  }

  public TableSize size(TableName name) {
    var state = ground.catalog().fresh(name).state();
    var io = state.table().io();
    var current = state.metadata().currentSnapshot();
    var files = files(name);
    return new TableSize(
        files.size(),
        files.stream().mapToLong(TableFile::bytes).sum(),
        files.stream().mapToLong(TableFile::records).sum(),
        files.stream().mapToLong(TableFile::deleted).sum(),
        current == null ? 0 : current.allManifests(io).size(),
        io.newInputFile(state.metadata().metadataFileLocation()).getLength());
  }

  /**
   * Writes the live rows of {@code locations}, all of one partition, as one file, and commits it in
   * their place. False where some of them were emptied, or another engine moved rows meanwhile:
   * nothing has changed then.
   */
  public boolean rewrite(TableName name, Set<String> locations) {
    ground.catalog().database().checkKnown();
    Hold hold = ground.catalog().holds().open();
    try (var workspace = engine.workspace()) {
      return rewrite(workspace, name, locations);
    } catch (ValidationException e) {
      return false;
    } finally {
      hold.close();
    }
  }

  private boolean rewrite(Workspace workspace, TableName name, Set<String> locations) {
    LakeTable table = ground.catalog().fresh(name);
    var state = table.state();
    List<Planner.LiveFile> files =
        live(state).stream().filter(live -> locations.contains(live.file().location())).toList();
    if (files.size() < locations.size()) {
      return false;
    }
    var rewrite = new Rewrite(state, files);
    List<DataFile> written = rewrite.write(workspace, ground.planner(), name);
    Commits.commit(
        table, Progress.NONE, written, writable -> rewrite.on(writable, ground.planner(), written));
    return true;
  }

  /** Forgets snapshots; answers what only they reached. */
  public Unreached expire(TableName name, Set<Long> snapshots) {
    LakeTable table = ground.catalog().fresh(name);
    var before = table.readable();
    table.lock().lock();
    try {
      var expire = table.writable().expireSnapshots().cleanupLevel(CleanupLevel.NONE);
      snapshots.forEach(expire::expireSnapshotId);
      expire.commit();
      table.committed();
    } finally {
      table.lock().unlock();
    }
    return unreached(name, named().of(before, snapshots));
  }

  /** Files below the table's folder that it does not reach, last written before {@code before}. */
  public Unreached orphans(TableName name, Instant before) {
    var table = ground.catalog().fresh(name).readable();
    var found = NamedFiles.lyingThere(table, before.toEpochMilli());
    return unreached(name, found);
  }

  /** The table is looked at after the candidates were found: what it has now, it keeps. */
  private Unreached unreached(TableName name, Set<String> candidates) {
    named().takeOut(ground.catalog().fresh(name).readable(), candidates);
    return new Unreached(candidates, ground.catalog().holds().mark());
  }

  private NamedFiles named() {
    return new NamedFiles(ground.planner().manifests());
  }

  /** Whether everything is closed that might still read what is unreached. */
  public boolean mayGo(Unreached unreached) {
    return ground.catalog().holds().isPast(unreached.mark());
  }

  /**
   * Answers how many; a file that was in the making when it was found may be a table's by now.
   * FENCED where another process writes: it alone knows what may go.
   */
  public int remove(TableName name, Unreached unreached) {
    ground.catalog().database().check();
    var table = ground.catalog().fresh(name).readable();
    var candidates = new HashSet<>(unreached.locations());
    named().takeOut(table, candidates);
    candidates.forEach(table.io()::deleteFile);
    return candidates.size();
  }
}
