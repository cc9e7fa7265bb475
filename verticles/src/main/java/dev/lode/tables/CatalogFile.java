package dev.lode.tables;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** The file of an embedded catalog, read and written as the database that it is. */
final class CatalogFile {
  private static final String SQLITE = "jdbc:sqlite:";

  private CatalogFile() {}

  /** One read transaction over all tables, beside whoever writes. */
  static void copy(Path from, Path to) {
    try (Connection connection = DriverManager.getConnection(SQLITE + from);
        var copy = connection.prepareStatement("VACUUM INTO ?")) {
      copy.setString(1, to.toString());
      copy.execute();
    } catch (SQLException e) {
      throw failure("copy the catalog " + from + " to " + to, e);
    }
  }

  /** As the database has it; the levels of a namespace are joined by dots. */
  record Entry(String namespace, String name) implements Comparable<Entry> {
    private static final Comparator<Entry> ORDER =
        Comparator.comparing(Entry::namespace).thenComparing(Entry::name);

    /** Whether it is one of Lode's, and no other engine's. */
    boolean isOwn() {
      return OwnLayers.contain(namespace);
    }

    @Override
    public int compareTo(Entry other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return namespace + "." + name;
    }
  }

  /** Where the metadata of each table is, also of those that other engines made. */
  static SortedMap<Entry, String> tables(Path file) {
    String sql = "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables";
    var tables = new TreeMap<Entry, String>();
    try (Connection connection = DriverManager.getConnection(SQLITE + file);
        var select = connection.createStatement();
        var rows = select.executeQuery(sql)) {
      while (rows.next()) {
        tables.put(new Entry(rows.getString(1), rows.getString(2)), rows.getString(3));
      }
      return tables;
    } catch (SQLException e) {
      throw failure("read the catalog " + file, e);
    }
  }

  /** Other places for the metadata of all tables, in one transaction. */
  static void relocate(Path file, UnaryOperator<String> location) {
    SortedMap<Entry, String> tables = tables(file);
    String sql =
        "UPDATE iceberg_tables SET metadata_location = ?, previous_metadata_location = NULL"
            + " WHERE table_namespace = ? AND table_name = ?";
    try (Connection connection = DriverManager.getConnection(SQLITE + file)) {
      connection.setAutoCommit(false);
      try (var update = connection.prepareStatement(sql)) {
        for (var table : tables.entrySet()) {
          update.setString(1, location.apply(table.getValue()));
          update.setString(2, table.getKey().namespace());
          update.setString(3, table.getKey().name());
          update.executeUpdate();
        }
      }
      connection.commit();
    } catch (SQLException e) {
      throw failure("relocate the catalog " + file, e);
    }
  }

  /** Forgets {@code tables}. */
  static void forget(Path file, Collection<Entry> tables) {
    String sql = "DELETE FROM iceberg_tables WHERE table_namespace = ? AND table_name = ?";
    try (Connection connection = DriverManager.getConnection(SQLITE + file);
        var delete = connection.prepareStatement(sql)) {
      for (Entry table : tables) {
        delete.setString(1, table.namespace());
        delete.setString(2, table.name());
        delete.executeUpdate();
      }
    } catch (SQLException e) {
      throw failure("forget tables in the catalog " + file, e);
    }
  }

  /** Forgets the tables of all layers but one. */
  static void keep(Path file, String layer) {
    String sql = "DELETE FROM iceberg_tables WHERE table_namespace <> ?";
    try (Connection connection = DriverManager.getConnection(SQLITE + file);
        var delete = connection.prepareStatement(sql)) {
      delete.setString(1, layer);
      delete.executeUpdate();
    } catch (SQLException e) {
      throw failure("keep only %s in the catalog %s".formatted(layer, file), e);
    }
  }

  private static Failure failure(String what, SQLException cause) {
    return new Failure(ErrorCode.BACKEND_DOWN, "Cannot %s: %s".formatted(what, cause.getMessage()));
  }
}
