package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/**
 * Commits to several tables of which all are seen, or none. It holds the lock of each table from
 * the first write to it until it is closed; they are taken in the order of the names, so that no
 * two transactions wait for each other. For one thread.
 */
final class Transaction implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Transaction.class.getName());

  private final Catalog catalog;
  private final TreeMap<TableName, LakeTable> tables = new TreeMap<>();

  /** It may have landed: whatever was written for it stays. */
  private boolean unsure;

  Transaction(Catalog catalog) {
    this.catalog = requireNonNull(catalog, "catalog is null");
  }

  /** What is committed to {@code table} from now on is part of this. */
  void enter(LakeTable table) {
    if (tables.containsKey(table.name())) {
      return;
    }
    if (!tables.isEmpty() && tables.lastKey().compareTo(table.name()) > 0) {
      throw new IllegalStateException(
          "Cannot write to %s after %s in one transaction (must be in the order of names)"
              .formatted(table.name(), tables.lastKey()));
    }
    table.lock().lock();
    tables.put(table.name(), table);
    table.stage();
  }

  /**
   * The locks are held until it is closed. COMMIT_CONFLICT where another process changed one of the
   * tables: none has changed then.
   */
  void commit() {
    var staged = tables.values().stream().map(LakeTable::staged).toList();
    var changed = staged.stream().filter(StagedOperations::isChanged).toList();
    var moves = new ArrayList<CatalogDatabase.Move>();
    try {
      changed.forEach(table -> moves.add(table.write()));
      catalog.database().move(moves);
    } catch (UncheckedSQLException e) {
      unsure = true;
      throw Commits.unsure(names(), e);
    } catch (RuntimeException e) {
      var written = moves.stream().map(CatalogDatabase.Move::to).toList();
      CatalogUtil.deleteFiles(catalog.io(), written, "metadata", false);
      throw e instanceof CommitFailedException
          ? new Failure(ErrorCode.COMMIT_CONFLICT, e.getMessage())
          : e;
    }
    tables.values().forEach(LakeTable::unstage);
    changed.forEach(StagedOperations::moved);
    catalog.committed(tables.values());
  }

  private String names() {
    return tables.keySet().stream().map(TableName::toString).collect(Collectors.joining(", "));
  }

  /** Without {@link #commit()} nothing was done. */
  @Override
  public void close() {
    for (LakeTable table : tables.values()) {
      try {
        if (table.staged() != null && !unsure) {
          table.staged().discard();
        }
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.WARNING, "Some staged files of " + table.name() + " stay", e);
      } finally {
        table.unstage();
        table.lock().unlock();
      }
    }
    tables.clear();
  }
}
