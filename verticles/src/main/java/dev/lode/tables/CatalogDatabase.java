package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.ClientPool;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.jdbc.JdbcClientPool;
import org.apache.iceberg.jdbc.UncheckedInterruptedException;
import org.apache.iceberg.jdbc.UncheckedSQLException;

/**
 * The tables of {@code JdbcCatalog}, as it keeps them, but moved by transactions: any number of
 * tables at once, and only while the epoch is ours.
 */
final class CatalogDatabase {
  private static final String WHERE =
      " WHERE catalog_name = ? AND table_namespace = ? AND table_name = ?"
          + " AND (iceberg_type = 'TABLE' OR iceberg_type IS NULL)";
  private static final String ALL =
      "SELECT table_namespace, metadata_location FROM iceberg_tables WHERE catalog_name = ?"
          + " AND (iceberg_type = 'TABLE' OR iceberg_type IS NULL)";
  private static final String LOCATION = "SELECT metadata_location FROM iceberg_tables" + WHERE;
  private static final String MOVE =
      "UPDATE iceberg_tables SET metadata_location = ?, previous_metadata_location = ?"
          + WHERE
          + " AND metadata_location = ?";
  private static final String CREATE =
      "INSERT INTO iceberg_tables (catalog_name, table_namespace, table_name, metadata_location,"
          + " iceberg_type) VALUES (?, ?, ?, ?, 'TABLE') ON CONFLICT DO NOTHING";

  private final String catalog;
  private final JdbcClientPool connections;
  private final OneProcess process;
  private Epoch epoch;

  /**
   * Other metadata for a table.
   *
   * @param from what it must still have; null for a table that is not there
   */
  record Move(TableIdentifier table, String from, String to) {}

  /**
   * @param process null where others share the database
   */
  CatalogDatabase(String catalog, JdbcClientPool connections, OneProcess process) {
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.connections = requireNonNull(connections, "connections is null");
    this.process = process;
  }

  /** From now on this process may write, and no other. */
  void take(Writer writer, Instant now) {
    epoch = run(connection -> Epoch.take(connection, catalog, writer, now), true);
  }

  /** FENCED where another process writes now; asks. */
  void check() {
    checkKnown();
    run(
        connection -> {
          epoch.check(connection);
          return null;
        },
        true);
  }

  /** As {@link #check()}, as far as it is known without asking. */
  void checkKnown() {
    epoch.check();
    if (process != null) {
      process.check();
    }
  }

  Optional<String> location(TableIdentifier table) {
    return run(
        connection -> {
          try (var select = connection.prepareStatement(LOCATION)) {
            name(select, 1, table);
            try (var row = select.executeQuery()) {
              return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
          }
        },
        true);
  }

  /** Where a table's metadata lies that is not below {@code root}; tables of others may. */
  Optional<String> elsewhere(String root) {
    return run(
        connection -> {
          try (var select = connection.prepareStatement(ALL)) {
            select.setString(1, catalog);
            try (var row = select.executeQuery()) {
              while (row.next()) {
                String namespace = row.getString(1);
                String location = row.getString(2);
                if (OwnLayers.contain(namespace) && !location.startsWith(root + "/")) {
                  return Optional.of(location);
                }
              }
              return Optional.<String>empty();
            }
          }
        },
        true);
  }

  /**
   * All or none, in one transaction. CommitFailedException where one of them was moved by another;
   * UncheckedSQLException where it is not known which of both it was.
   */
  void move(List<Move> moves) {
    checkKnown();
    if (moves.isEmpty()) {
      return;
    }
    run(
        connection -> {
          connection.setAutoCommit(false);
          try {
            epoch.keep(connection);
            for (Move move : moves) {
              move(connection, move);
            }
            connection.commit();
          } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
          } finally {
            connection.setAutoCommit(true);
          }
          return null;
        },
        false);
  }

  private void move(Connection connection, Move move) throws SQLException {
    if (move.from == null) {
      create(connection, move);
      return;
    }
    try (var update = connection.prepareStatement(MOVE)) {
      update.setString(1, move.to);
      update.setString(2, move.from);
      name(update, 3, move.table);
      update.setString(6, move.from);
      if (update.executeUpdate() != 1) {
        throw new CommitFailedException(
            "Cannot commit %s: its metadata is no longer %s", move.table, move.from);
      }
    }
  }

  private void create(Connection connection, Move move) throws SQLException {
    try (var insert = connection.prepareStatement(CREATE)) {
      name(insert, 1, move.table);
      insert.setString(4, move.to);
      if (insert.executeUpdate() != 1) {
        throw new AlreadyExistsException("Table already exists: %s", move.table);
      }
    }
  }

  private void name(PreparedStatement statement, int first, TableIdentifier table)
      throws SQLException {
    statement.setString(first, catalog);
    statement.setString(first + 1, table.namespace().toString());
    statement.setString(first + 2, table.name());
  }

  /**
   * @param again whether it may be done twice, where the connection was lost
   */
  private <T> T run(ClientPool.Action<T, Connection, SQLException> action, boolean again) {
    try {
      return connections.run(action, again);
    } catch (SQLException e) {
      throw new UncheckedSQLException(e, "The catalog's database failed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedInterruptedException(e, "Interrupted in the catalog's database");
    }
  }
}
