package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/**
 * Commits with progress. A commit lands on exactly the parent that its progress was compared with
 * and its carried watermarks were read from; where another process commits first, it is made again
 * on the new parent.
 */
final class Commits {
  private static final System.Logger LOG = System.getLogger(Commits.class.getName());
  private static final int ATTEMPTS_MAX = 10;
  private static final String WATERMARK = Progress.WATERMARK;
  private static final String SOURCE = "lode.source.";

  private Commits() {}

  /**
   * @param change makes the commit on the state that it is given; a change that holds for one state
   *     alone throws COMMIT_CONFLICT on another
   */
  static Snapshot commit(
      LakeTable table, Progress progress, Function<Table, SnapshotUpdate<?>> change) {
    table.lock().lock();
    try {
      for (int attempt = 1; ; attempt++) {
        Table writable = table.writable();
        if (land(table.name(), writable, progress, change.apply(writable))) {
          return table.landed();
        }
        if (attempt == ATTEMPTS_MAX) {
          throw new Failure(
              ErrorCode.COMMIT_CONFLICT,
              "Cannot commit to %s: other writers came first %d times"
                  .formatted(table.name(), ATTEMPTS_MAX));
        }
      }
    } finally {
      table.lock().unlock();
    }
  }

  static Snapshot append(LakeTable table, Progress progress, List<DataFile> files) {
    return commit(
        table,
        progress,
        files,
        writable -> {
          var append = writable.newAppend();
          files.forEach(append::appendFile);
          return append;
        });
  }

  /** {@code files} instead of all that there are. */
  static Snapshot replace(LakeTable table, Progress progress, List<DataFile> files) {
    return commit(
        table,
        progress,
        files,
        writable -> {
          var overwrite = writable.newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue());
          files.forEach(overwrite::addFile);
          return overwrite;
        });
  }

  /** As {@link #commit}; where it fails, the new files, which nothing names, are removed. */
  static Snapshot commit(
      LakeTable table,
      Progress progress,
      List<DataFile> files,
      Function<Table, SnapshotUpdate<?>> change) {
    try {
      return commit(table, progress, change);
    } catch (RuntimeException e) {
      if (!mayHaveLanded(e)) {
        files.forEach(file -> table.readable().io().deleteFile(file.location()));
      }
      throw e;
    }
  }

  private static boolean mayHaveLanded(RuntimeException e) {
    return e instanceof Failure failure && failure.code() == ErrorCode.BACKEND_DOWN;
  }

  private static boolean land(
      TableName name, Table table, Progress progress, SnapshotUpdate<?> update) {
    var parent = table.currentSnapshot();
    Long parentId = parent == null ? null : parent.snapshotId();
    Map<String, String> before = parent == null ? Map.of() : parent.summary();
    compare(name, before, progress);
    after(before, progress).forEach(update::set);
    CommitThreads.set(table, update);
    update.validateWith(ancestors -> Objects.equals(parentId, first(ancestors.iterator())));
    try {
      update.commit();
      return true;
    } catch (ValidationException | CommitFailedException e) {
      table.refresh();
      var now = table.currentSnapshot();
      if (Objects.equals(parentId, now == null ? null : now.snapshotId())) {
        throw e;
      }
      return false;
    } catch (CommitStateUnknownException | UncheckedSQLException e) {
      throw unsure(name.toString(), e);
    }
  }

  static Failure unsure(String names, RuntimeException cause) {
    LOG.log(System.Logger.Level.WARNING, "The commit to " + names + " may have landed", cause);
    return new Failure(
        ErrorCode.BACKEND_DOWN,
        "Cannot tell whether the commit to %s landed: the catalog did not answer".formatted(names));
  }

  private static void compare(TableName name, Map<String, String> before, Progress progress) {
    progress
        .expected()
        .forEach(
            (key, expected) -> {
              String actual = before.get(key);
              if (!Objects.equals(expected, actual)) {
                throw new Failure(
                    ErrorCode.WATERMARK_MOVED,
                    "Cannot commit to %s: %s is %s, expected %s"
                        .formatted(name, key, actual, expected));
              }
            });
  }

  /** All that was consumed before, and what this commit adds. */
  static Map<String, String> after(Map<String, String> before, Progress progress) {
    var summary = new HashMap<String, String>();
    before.forEach(
        (key, value) -> {
          if (key.startsWith(WATERMARK) || key.startsWith(SOURCE)) {
            summary.put(key, value);
          }
        });
    summary.putAll(progress.next());
    summary.putAll(progress.notes());
    return summary;
  }

  private static Long first(Iterator<org.apache.iceberg.Snapshot> ancestors) {
    return ancestors.hasNext() ? ancestors.next().snapshotId() : null;
  }
}
