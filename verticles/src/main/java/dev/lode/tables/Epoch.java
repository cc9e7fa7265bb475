package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Who may commit: the process that opened the lake last. Its number is in the database of the
 * catalog and only grows. Every commit begins by locking that row, if it still has the number, in
 * the transaction that moves the tables: so a commit either ends before another process takes over,
 * which then sees it, or is refused.
 */
final class Epoch {
  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS lode_epoch (
        catalog_name VARCHAR(255) NOT NULL PRIMARY KEY,
        epoch BIGINT NOT NULL,
        writer_id VARCHAR(64) NOT NULL,
        writer_name VARCHAR(255) NOT NULL,
        taken_at VARCHAR(64) NOT NULL)""";
  private static final String BEGIN =
      "INSERT INTO lode_epoch VALUES (?, 0, '', '', '') ON CONFLICT DO NOTHING";
  private static final String READ =
      "SELECT epoch, writer_id, writer_name, taken_at FROM lode_epoch WHERE catalog_name = ?";
  private static final String TAKE =
      "UPDATE lode_epoch SET epoch = ?, writer_id = ?, writer_name = ?, taken_at = ?"
          + " WHERE catalog_name = ? AND epoch = ?";
  private static final String KEEP =
      "UPDATE lode_epoch SET epoch = epoch WHERE catalog_name = ? AND epoch = ?";

  private final String catalog;
  private final long number;
  private volatile Failure lost;

  private record Row(long epoch, String writerId, String writerName, String takenAt) {}

  private Epoch(String catalog, long number) {
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.number = number;
  }

  /** Takes over from whoever has it; lakes of one process share one. */
  static Epoch take(Connection connection, String catalog, Writer writer, Instant now)
      throws SQLException {
    create(connection);
    try (var begin = connection.prepareStatement(BEGIN)) {
      begin.setString(1, catalog);
      begin.executeUpdate();
    }
    while (true) {
      Row row = read(connection, catalog);
      if (row.writerId.equals(writer.id())) {
        return new Epoch(catalog, row.epoch);
      }
      try (var take = connection.prepareStatement(TAKE)) {
        take.setLong(1, row.epoch + 1);
        take.setString(2, writer.id());
        take.setString(3, writer.name());
        take.setString(4, now.toString());
        take.setString(5, catalog);
        take.setLong(6, row.epoch);
        if (take.executeUpdate() == 1) {
          return new Epoch(catalog, row.epoch + 1);
        }
      }
    }
  }

  /** Postgres lets one of two that do this at the same time fail. */
  private static void create(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      try {
        statement.execute(CREATE);
      } catch (SQLException e) {
        statement.execute(CREATE);
      }
    }
  }

  private static Row read(Connection connection, String catalog) throws SQLException {
    try (var read = connection.prepareStatement(READ)) {
      read.setString(1, catalog);
      try (var row = read.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("lode_epoch has no row of the catalog " + catalog);
        }
        return new Row(row.getLong(1), row.getString(2), row.getString(3), row.getString(4));
      }
    }
  }

  /**
   * The first statement of a transaction: until it ends nobody takes over. FENCED where someone has
   * done so before.
   */
  void keep(Connection connection) throws SQLException {
    try (PreparedStatement keep = connection.prepareStatement(KEEP)) {
      keep.setString(1, catalog);
      keep.setLong(2, number);
      if (keep.executeUpdate() != 1) {
        lose(read(connection, catalog));
      }
    }
  }

  /** FENCED where another process has taken over by now. */
  void check(Connection connection) throws SQLException {
    Row row = read(connection, catalog);
    if (row.epoch != number) {
      lose(row);
    }
  }

  /** FENCED where it is known already that another process has taken over. */
  void check() {
    if (lost != null) {
      throw lost;
    }
  }

  private void lose(Row row) {
    lost =
        new Failure(
            ErrorCode.FENCED,
            "Cannot write to the lake: process %s took it over at %s (epoch %d, ours was %d)"
                .formatted(row.writerName, row.takenAt, row.epoch, number));
    throw lost;
  }
}
