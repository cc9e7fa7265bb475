package dev.lode.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
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
  private static final YAMLMapper KEBAB = mapper(PropertyNamingStrategies.KEBAB_CASE);
  private static final YAMLMapper CAMEL = mapper(PropertyNamingStrategies.LOWER_CAMEL_CASE);

  private ConfigFile() {}

  private static YAMLMapper mapper(com.fasterxml.jackson.databind.PropertyNamingStrategy naming) {
    return YAMLMapper.builder()
        .propertyNamingStrategy(naming)
        .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .build();
  }

  /** Every component of {@code type} must be in the file, unless it is nullable there. */
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
      throw invalid(file, e, "unknown key " + path(e) + nearest(e));
    } catch (JsonMappingException e) {
      throw invalid(file, e, (path(e).isEmpty() ? "" : path(e) + ": ") + reason(e));
    } catch (JsonProcessingException e) {
      throw invalid(file, e, e.getOriginalMessage());
    } catch (IOException e) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Cannot read " + file + ": " + e);
    }
  }

  private static Failure invalid(Path file, JsonProcessingException cause, String reason) {
    JsonLocation at = cause.getLocation();
    String place = at == null ? "" : ":" + at.getLineNr();
    return new Failure(
        ErrorCode.INVALID_CONFIG, "Invalid configuration: " + file + place + ": " + reason);
  }

  private static String reason(JsonMappingException e) {
    return e.getCause() instanceof IllegalArgumentException cause
        ? cause.getMessage()
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
