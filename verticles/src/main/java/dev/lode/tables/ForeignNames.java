package dev.lode.tables;

import java.util.Arrays;
import java.util.UUID;
import java.util.function.IntPredicate;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;

/**
 * What other engines may call their namespaces and tables. The catalog's database joins the levels
 * of a namespace with dots, so a level with a dot would be another namespace than it seems.
 */
final class ForeignNames {
  private ForeignNames() {}

  /** The namespace itself; absent where it can have no such name. */
  static Namespace existing(Namespace namespace) {
    if (!isLegal(namespace)) {
      throw new NoSuchNamespaceException("Namespace does not exist: %s", namespace);
    }
    return namespace;
  }

  static void checkNew(Namespace namespace) {
    if (namespace.isEmpty() || !isLegal(namespace)) {
      throw new BadRequestException(
          "Invalid namespace: %s (each level must be 1 to 128 characters, without dots and control"
              + " characters)",
          printable(namespace.toString()));
    }
  }

  static void checkNew(TableIdentifier table) {
    checkNew(table.namespace());
    if (!isLegal(table.name(), c -> !Character.isISOControl(c))) {
      throw new BadRequestException(
          "Invalid table name: %s (must be 1 to 128 characters, without control characters)",
          printable(table.name()));
    }
  }

  private static boolean isLegal(Namespace namespace) {
    return Arrays.stream(namespace.levels())
        .allMatch(level -> isLegal(level, c -> c != '.' && !Character.isISOControl(c)));
  }

  private static boolean isLegal(String name, IntPredicate character) {
    return !name.isBlank() && name.length() <= 128 && name.chars().allMatch(character);
  }

  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  /** A folder that no other table has, whatever the name: a renamed table keeps its own. */
  static String folder(TableIdentifier table) {
    var folder = new StringBuilder();
    for (String level : table.namespace().levels()) {
      folder.append(plain(level)).append('/');
    }
    return folder.append(plain(table.name())).append('-').append(UUID.randomUUID()).toString();
  }

  /** What every file system and every reader of URIs takes for the same name. */
  private static String plain(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.substring(0, Math.min(plain.length(), 64));
  }
}
