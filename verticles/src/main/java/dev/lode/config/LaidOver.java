package dev.lode.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lode.codecs.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keys of a file over all keys there are: sections are merged, everything else is replaced. */
final class LaidOver {
  private final Path file;
  private final JsonNode defaults;

  LaidOver(Path file, JsonNode defaults) {
    this.file = requireNonNull(file, "file is null");
    this.defaults = requireNonNull(defaults, "defaults is null");
  }

  /** Refuses what the defaults do not have, a section that is none, and a key without a value. */
  JsonNode by(JsonNode own) {
    return by(defaults, own, "");
  }

  private JsonNode by(JsonNode all, JsonNode own, String at) {
    boolean isSection = all.isObject();
    // A section of which every key is commented out says nothing.
    if (own.isMissingNode() || (isSection && own.isNull())) {
      return all;
    }
    if (own.isNull()) {
      throw invalid(at, "no value (leave the key out for its default: " + all + ")");
    }
    if (isSection != own.isObject()) {
      throw invalid(
          at,
          isSection
              ? "not a section (write its keys below: " + String.join(", ", names(all)) + ")"
              : "not a single value (its default: " + all + ")");
    }
    if (!isSection) {
      return own;
    }
    ObjectNode merged = all.deepCopy();
    for (Map.Entry<String, JsonNode> entry : own.properties()) {
      String key = entry.getKey();
      JsonNode known = all.get(key);
      if (known == null) {
        throw unknown(all, at + "/" + key, key);
      }
      merged.set(key, by(known, entry.getValue(), at + "/" + key));
    }
    return merged;
  }

  private Failure unknown(JsonNode all, String pointer, String key) {
    List<String> elsewhere =
        dotted(defaults, "").stream()
            .filter(path -> path.equals(key) || path.endsWith("." + key))
            .toList();
    String hint =
        elsewhere.isEmpty()
            ? ConfigFile.nearest(key, names(all))
            : " (did you mean " + String.join(" or ", elsewhere) + ", a key below a section?)";
    return ConfigFile.invalid(
        file, ConfigFile.line(file, pointer), "unknown key " + path(pointer) + hint);
  }

  private Failure invalid(String pointer, String reason) {
    String key = pointer.isEmpty() ? "" : path(pointer) + ": ";
    return ConfigFile.invalid(file, ConfigFile.line(file, pointer), key + reason);
  }

  private static String path(String pointer) {
    return pointer.substring(1).replace('/', '.');
  }

  private static List<String> names(JsonNode section) {
    return section.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static List<String> dotted(JsonNode section, String before) {
    var paths = new ArrayList<String>();
    section
        .properties()
        .forEach(
            entry -> {
              paths.add(before + entry.getKey());
              paths.addAll(dotted(entry.getValue(), before + entry.getKey() + "."));
            });
    return paths;
  }
}
