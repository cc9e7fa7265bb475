package dev.lode.tables;

import java.util.List;
import java.util.Locale;
import org.apache.iceberg.catalog.Namespace;

/**
 * The namespaces that Lode alone writes, whatever the case of their letters: some file systems do
 * not tell it apart.
 */
final class OwnLayers {
  private static final List<String> NAMES =
      List.of(
          "bronze", "silver", "gold", "platinum", "vectors", "features", "quarantine", "system");

  private OwnLayers() {}

  static boolean contain(Namespace namespace) {
    return !namespace.isEmpty() && contain(namespace.level(0));
  }

  static boolean contain(String namespace) {
    return NAMES.contains(namespace.toLowerCase(Locale.ROOT));
  }

  static String names() {
    return String.join(", ", NAMES);
  }
}
