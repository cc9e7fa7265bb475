package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What changed in tables lately, in the engine's memory: all who follow a table ask for the same
 * few rows, several times each, and opening files costs more than reading them. Thread-safe.
 */
final class RecentChanges {
  private static final int COPIES_MAX = 16;

  private final Shelf shelf;
  private final long rowsMax;
  private final Map<Change, Copy> copies = new LinkedHashMap<>();
  private long made;

  /**
   * Of one table between two snapshots.
   *
   * @param schema id of the one whose columns they have
   */
  record Change(TableName table, int schema, long from, long to) {}

  private static final class Copy {
    /** Null where there are too many rows. */
    private final String relation;

    private int readers;

    Copy(String relation) {
      this.relation = relation;
    }
  }

  /**
   * @param rowsMax of one change; more are read from their files
   */
  RecentChanges(Shelf shelf, long rowsMax) {
    this.shelf = requireNonNull(shelf, "shelf is null");
    this.rowsMax = rowsMax;
  }

  /**
   * A relation with the rows of {@code select}, which stays until it is released; empty where they
   * are too many.
   */
  synchronized Optional<String> hold(Workspace workspace, Change change, Supplier<String> select) {
    Copy copy = copies.get(change);
    if (copy == null) {
      evict(workspace);
      copy = new Copy(copied(workspace, select.get()));
      copies.put(change, copy);
    }
    if (copy.relation == null) {
      return Optional.empty();
    }
    copy.readers++;
    return Optional.of(copy.relation);
  }

  private String copied(Workspace workspace, String select) {
    String relation = shelf.name() + ".changes" + ++made;
    workspace.execute(
        "CREATE TABLE %s AS SELECT * FROM (%s) LIMIT %d".formatted(relation, select, rowsMax + 1));
    if (workspace.query("SELECT count(*) FROM " + relation, 1).count() <= rowsMax) {
      return relation;
    }
    workspace.execute("DROP TABLE " + relation);
    return null;
  }

  /** The oldest that nobody reads. */
  private void evict(Workspace workspace) {
    for (var entry : new ArrayList<>(copies.entrySet())) {
      if (copies.size() < COPIES_MAX) {
        return;
      }
      Copy copy = entry.getValue();
      if (copy.readers == 0) {
        copies.remove(entry.getKey());
        if (copy.relation != null) {
          workspace.execute("DROP TABLE " + copy.relation);
        }
      }
    }
  }

  synchronized void release(Change change) {
    copies.get(change).readers--;
  }
}
