package dev.lode.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.StreamSupport;

/** The words that the shop is made of, from the resources beside. */
final class Texts {
  private static final YAMLMapper YAML = new YAMLMapper();

  private Texts() {}

  static JsonNode read(String name) {
    try (var in = Texts.class.getResourceAsStream("/demo/" + name)) {
      return YAML.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read demo/" + name, e);
    }
  }

  static List<String> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
