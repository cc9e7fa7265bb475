package dev.lode.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shipped configuration, with some keys changed. */
public final class TestConfig {
  private static final Path SHIPPED = Path.of("../conf/lode.yaml");

  private TestConfig() {}

  /** {@code changes}: a dotted key and its value in turn, as they would be written in YAML. */
  public static LodeConfig with(Object... changes) {
    var yaml = new YAMLMapper();
    try {
      var root = (ObjectNode) yaml.readTree(SHIPPED.toFile());
      for (int i = 0; i < changes.length; i += 2) {
        String key = (String) changes[i];
        int dot = key.indexOf('.');
        ObjectNode section = dot < 0 ? root : (ObjectNode) root.get(key.substring(0, dot));
        section.set(key.substring(dot + 1), yaml.valueToTree(changes[i + 1]));
      }
      Path file = Files.createTempFile("lode", ".yaml");
      yaml.writeValue(file.toFile(), root);
      LodeConfig config = LodeConfig.read(file);
      Files.delete(file);
      return config;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot change " + SHIPPED, e);
    }
  }
}
