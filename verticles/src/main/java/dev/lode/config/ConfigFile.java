package dev.lode.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategy;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads a YAML file into a record, strictly: unknown and duplicate keys and values of another kind
 * are refused with file, line and the nearest known key. Keys are kebab-case of the record's
 * components, or camelCase for formats that are so by their own standard.
 */
public final class ConfigFile {
  private static final YAMLMapper WHOLE =
      builder(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private static final YAMLMapper KEBAB = builder(PropertyNamingStrategies.KEBAB_CASE).build();
  private static final YAMLMapper CAMEL =
      builder(PropertyNamingStrategies.LOWER_CAMEL_CASE).build();

  private static final Map<Class<?>, String> WRITE =
      Map.of(
          int.class, "a whole number",
          long.class, "a whole number",
          double.class, "a number",
          boolean.class, "true or false");

  private ConfigFile() {}

  private static YAMLMapper.Builder builder(PropertyNamingStrategy naming) {
    return YAMLMapper.builder()
        .propertyNamingStrategy(naming)
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
  }

  /**
   * For {@code lode.yaml}: what the file leaves out is as in {@code defaults}, which hold every
   * component of {@code type}. A file that is not there leaves out everything.
   */
  public static <T> T readOver(String defaults, Path file, Class<T> type) {
    try {
      JsonNode all = WHOLE.readTree(defaults);
      JsonNode own = WHOLE.readTree(Files.isRegularFile(file) ? Files.readString(file) : "");
      return WHOLE.treeToValue(new LaidOver(file, all).by(own), type);
    } catch (IOException e) {
      throw refused(file, e);
    }
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
    } catch (IOException e) {
      throw refused(file, e);
    }
  }

  private static Failure refused(Path file, IOException why) {
    return switch (why) {
      case UnrecognizedPropertyException e ->
          invalid(file, line(file, e), "unknown key " + path(e) + nearest(e));
      case JsonMappingException e ->
          invalid(file, line(file, e), (path(e).isEmpty() ? "" : path(e) + ": ") + reason(file, e));
      case JsonProcessingException e -> invalid(file, line(e), e.getOriginalMessage());
      default -> new Failure(ErrorCode.INVALID_CONFIG, "Cannot read " + file + ": " + why);
    };
  }

  static Failure invalid(Path file, int line, String reason) {
    String place = line > 0 ? ":" + line : "";
    return new Failure(
        ErrorCode.INVALID_CONFIG, "Invalid configuration: " + file + place + ": " + reason);
  }

  private static int line(JsonProcessingException e) {
    return e.getLocation() == null ? 0 : e.getLocation().getLineNr();
  }

  /**
   * The key's own line: the parser's location is past it, because unknown keys are kept to the end,
   * and what was laid over defaults has none.
   */
  private static int line(Path file, JsonMappingException e) {
    int found = line(file, pointer(e));
    return found > 0 ? found : line(e);
  }

  private static String pointer(JsonMappingException e) {
    return e.getPath().stream()
        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
        .map(step -> "/" + step.replace("~", "~0").replace("/", "~1"))
        .collect(Collectors.joining());
  }

  /** Where the file says what {@code pointer} points at, or the last step of it; 0: nowhere. */
  static int line(Path file, String pointer) {
    int line = pointer.isEmpty() ? 1 : 0;
    try (var parser = KEBAB.createParser(Files.readString(file))) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        String here = parser.getParsingContext().pathAsPointer().toString();
        if (!token.isStructEnd() && !here.isEmpty() && (pointer + "/").startsWith(here + "/")) {
          line = parser.currentTokenLocation().getLineNr();
        }
        if (here.equals(pointer)) {
          return line;
        }
      }
    } catch (IOException unreadable) {
      return line;
    }
    return line;
  }

  private static String reason(Path file, JsonMappingException e) {
    if (e.getCause() instanceof IllegalArgumentException cause) {
      return cause.getMessage();
    }
    Class<?> type =
        switch (e) {
          case MismatchedInputException mismatch -> mismatch.getTargetType();
          case JsonMappingException other
              when other.getCause() instanceof InputCoercionException coercion ->
              coercion.getTargetType();
          default -> null;
        };
    String write = type == null ? null : WRITE.get(type);
    return write == null
        ? e.getOriginalMessage()
        : "Invalid value: %s (write %s)".formatted(value(file, pointer(e)), write);
  }

  private static String value(Path file, String pointer) {
    try {
      return KEBAB.readTree(Files.readString(file)).at(pointer).asText();
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String nearest(UnrecognizedPropertyException e) {
    return nearest(
        e.getPropertyName(), e.getKnownPropertyIds().stream().map(String::valueOf).toList());
  }

  static String nearest(String key, Collection<String> known) {
    return Nearest.to(key, known)
        .map(name -> " (did you mean " + name + "?)")
        .orElseGet(() -> " (known: " + String.join(", ", known.stream().sorted().toList()) + ")");
  }
}
