package dev.lode.tables;

import dev.lode.tables.keys.Checkpoint;
import dev.lode.tables.keys.IndexMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * The key indexes of all tables, within one limit of memory: those used least recently are dropped,
 * and made again from their checkpoint and what was committed since. A checkpoint is a file named
 * after the snapshot that it belongs to, in a local folder: it is worth nothing to others, and
 * whoever tidies the warehouse need not know it.
 */
final class KeyIndexes implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(KeyIndexes.class.getName());
  private static final String SUFFIX = ".keys";

  /** A checkpoint is due when so many rows have changed, and a quarter of all. */
  private static final long CHANGED_MIN = 100_000;

  private final Planner planner;
  private final Path folder;
  private final long bytesMax;
  private final Map<Name, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private record Name(TableName table, List<String> key) {}

  private record Entry(Name name, LakeTable table, String shape, Path folder, KeyIndex index) {}

  KeyIndexes(Planner planner, Path folder, long bytesMax) {
    this.planner = planner;
    this.folder = folder;
    this.bytesMax = bytesMax;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot keep key indexes in " + folder, e);
    }
  }

  /** What is done with an index, and the table that it is up to date with. */
  interface Use<T> {
    T of(KeyIndex index, Table table);
  }

  /** Lends the index of {@code table} by {@code key} to the holder of the table's lock. */
  <T> T use(Workspace workspace, LakeTable table, List<String> key, Use<T> use) {
    Table writable = table.writable();
    Entry entry = entry(table, writable, key);
    try {
      entry.index.follow(workspace, writable);
      return use.of(entry.index, writable);
    } finally {
      settle(entry);
    }
  }

  private Entry entry(LakeTable table, Table writable, List<String> key) {
    var hash = KeyHash.of(writable.schema(), key);
    String shape = writable.uuid() + " " + hash.shape();
    Entry known;
    synchronized (entries) {
      known = entries.get(new Name(table.name(), key));
    }
    if (known != null && known.shape.equals(shape)) {
      return known;
    }
    if (known != null) {
      forget(known);
    }
    return opened(table, key, shape, hash);
  }

  private Entry opened(LakeTable table, List<String> key, String shape, KeyHash hash) {
    Path checkpoints = folder.resolve(table.name() + "." + hash.columnIds());
    var index = new KeyIndex(planner, hash, this::memory);
    var entry = new Entry(new Name(table.name(), key), table, shape, checkpoints, index);
    newest(checkpoints)
        .flatMap(file -> Checkpoint.read(file, shape, memory()))
        .ifPresent(index::restore);
    synchronized (entries) {
      entries.put(entry.name, entry);
    }
    return entry;
  }

  private IndexMemory memory() {
    return new IndexMemory(bytesMax, folder);
  }

  private void settle(Entry entry) {
    long changed = entry.index.changed();
    if (changed >= CHANGED_MIN && changed >= entry.index.size() / 4) {
      checkpoint(entry);
    }
    for (Entry eldest : all()) {
      if (bytes() <= bytesMax) {
        return;
      }
      if (!eldest.name.equals(entry.name) && eldest.table.lock().tryLock()) {
        try {
          drop(eldest);
        } finally {
          eldest.table.lock().unlock();
        }
      }
    }
  }

  /** Of all indexes, in memory, outside the heap. */
  long bytes() {
    return all().stream().mapToLong(entry -> entry.index.bytes()).sum();
  }

  /** Those used least recently first. */
  private List<Entry> all() {
    synchronized (entries) {
      return new ArrayList<>(entries.values());
    }
  }

  private void drop(Entry entry) {
    if (entry.index.changed() > 0) {
      checkpoint(entry);
    }
    forget(entry);
  }

  private void forget(Entry entry) {
    synchronized (entries) {
      if (entries.remove(entry.name, entry)) {
        entry.index.close();
      }
    }
  }

  /** Best effort: without it the index is made again from the table. */
  private static void checkpoint(Entry entry) {
    Checkpoint checkpoint = entry.index.checkpoint(entry.shape);
    if (checkpoint == null) {
      return;
    }
    Path file = entry.folder.resolve(checkpoint.snapshot() + SUFFIX);
    try {
      try (var out = new Durable(file, new Disk(false))) {
        checkpoint.write(out);
      }
      for (Path old : files(entry.folder)) {
        if (!old.equals(file)) {
          Files.delete(old);
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Cannot write the key index " + file, e);
    }
  }

  private static Optional<Path> newest(Path checkpoints) {
    try {
      return files(checkpoints).stream()
          .max(Comparator.comparing(file -> file.toFile().lastModified()));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Cannot list the key indexes in " + checkpoints, e);
      return Optional.empty();
    }
  }

  private static List<Path> files(Path checkpoints) throws IOException {
    if (!Files.isDirectory(checkpoints)) {
      return List.of();
    }
    try (var files = Files.list(checkpoints)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).toList();
    }
  }

  /** When nobody uses an index any more. */
  @Override
  public void close() {
    all().forEach(this::drop);
  }
}
