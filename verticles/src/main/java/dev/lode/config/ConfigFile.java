package dev.lode.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategy;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Reads a YAML file into a record, strictly: unknown, missing and duplicate keys are refused with
 * file, line and the nearest known key. Keys are kebab-case of the record's components, or
 * camelCase for formats that are so by their own standard.
 */
public final class ConfigFile {
  private static final YAMLMapper WHOLE = whole();

  /** Sees only unknown keys, so that a misspelt key is not reported as a missing one. */
  private static final YAMLMapper LOOSE =
      (YAMLMapper)
          mapper(PropertyNamingStrategies.KEBAB_CASE)
              .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private static final YAMLMapper KEBAB = mapper(PropertyNamingStrategies.KEBAB_CASE);
  private static final YAMLMapper CAMEL = mapper(PropertyNamingStrategies.LOWER_CAMEL_CASE);

  private ConfigFile() {}

  private static YAMLMapper whole() {
    return (YAMLMapper)
        mapper(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
  }

  private static YAMLMapper mapper(PropertyNamingStrategy naming) {
    return YAMLMapper.builder()
        .propertyNamingStrategy(naming)
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .build();
  }

  /**
   * For {@code lode.yaml}: every component of {@code type} must be there; a limit has no hidden
   * default.
   */
  public static <T> T readWhole(Path file, Class<T> type) {
    read(LOOSE, file, type);
    return read(WHOLE, file, type);
  }

  /**
   * For declarations: a component that the file leaves out is null, and a left-out number is an
   * error.
   */
  public static <T> T read(Path file, Class<T> type) {
    return read(KEBAB, file, type);
  }

  /** For ODCS contracts, whose keys are camelCase. */
  public static <T> T readCamel(Path file, Class<T> type) {
    return read(CAMEL, file, type);
  }

  private static <T> T read(YAMLMapper mapper, Path file, Class<T> type) {
    try {
      return mapper.readValue(Files.readString(file), type);
    } catch (UnrecognizedPropertyException e) {
      throw invalid(file, line(file, e), "unknown key " + path(e) + nearest(e));
    } catch (JsonMappingException e) {
      throw invalid(file, line(e), (path(e).isEmpty() ? "" : path(e) + ": ") + reason(e));
    } catch (JsonProcessingException e) {
      throw invalid(file, line(e), e.getOriginalMessage());
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot read " + file + ": " + e);
    }
  }

  private static Failure invalid(Path file, int line, String reason) {
    String place = line > 0 ? ":" + line : "";
    return new Failure(
        ErrorCode.INVALID_CONFIG, "Invalid configuration: " + file + place + ": " + reason);
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
  }

  /**
   * The key's own line: the parser's location is past it, because unknown keys are kept to the end.
   */
  private static int line(Path file, UnrecognizedPropertyException e) {
    try {
      var lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        if (lines.get(i).strip().replaceFirst("^- ", "").startsWith(e.getPropertyName() + ":")) {
          return i + 1;
        }
      }
    } catch (IOException unreadable) {
      return line(e);
    }
    return line(e);
  }

  private static String reason(JsonMappingException e) {
    if (e.getCause() instanceof IllegalArgumentException cause) {
      return cause.getMessage();
    }
    return e.getOriginalMessage().startsWith("Missing creator property")
        ? "missing (every key of the shipped file is needed)"
        : e.getOriginalMessage();
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String nearest(UnrecognizedPropertyException e) {
    var known = e.getKnownPropertyIds().stream().map(String::valueOf).toList();
    return Nearest.to(e.getPropertyName(), known)
        .map(name -> " (did you mean " + name + "?)")
        .orElse(" (known: " + sorted(known) + ")");
  }

  private static String sorted(Collection<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }
}
