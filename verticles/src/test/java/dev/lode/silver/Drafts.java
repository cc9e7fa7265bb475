package dev.lode.silver;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Contracts of a few lines, as their authors would write them. */
final class Drafts {
  private static final String HEAD =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: urn:example:%1$s
      name: silver.%1$s
      version: 1.0.0
      status: active
      schema:
        - name: %1$s
          physicalName: silver.%1$s
          physicalType: table
          logicalType: object
          properties:
      """;

  private Drafts() {}

  /**
   * @param columns each as {@code {name: id, physicalType: BIGINT}}
   * @param settings each as {@code {property: mode, value: upsert}}, after that of the upstream
   */
  static String yaml(String entity, List<String> columns, String... settings) {
    var yaml = new StringBuilder(HEAD.formatted(entity));
    columns.forEach(column -> yaml.append("      - ").append(column).append('\n'));
    yaml.append("customProperties:\n  - {property: upstream, value: bronze.lab_source}\n");
    for (String setting : settings) {
      yaml.append("  - ").append(setting).append('\n');
    }
    return yaml.toString();
  }

  /** Reads it as the only one of a folder. */
  static Contract read(Path folder, String yaml) {
    try {
      Path own = Files.createTempDirectory(folder, "contracts");
      Files.writeString(own.resolve("draft.yaml"), yaml);
      return Contracts.read(own).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
