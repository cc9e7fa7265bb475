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
  private static final String CONTRACT =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: urn:example:NAME
      name: silver.NAME
      version: 1.0.0
      status: active
      schema:
        - name: NAME
          physicalName: silver.NAME
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
    var yaml = new StringBuilder(CONTRACT.replace("NAME", entity));
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
