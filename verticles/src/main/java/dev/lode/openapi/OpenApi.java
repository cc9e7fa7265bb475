package dev.lode.openapi;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Values;
import dev.lode.config.LodeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The contract with the limits in force. A schema that says {@code x-lode-limit: group.key} gets
 * that value as its maximum, maxLength or maxItems, whichever suits its type.
 */
public final class OpenApi {
  private static final String RESOURCE = "/openapi/lode.yaml";
  private static final String LIMIT = "x-lode-limit";
  private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private final Map<String, Object> document;
  private final List<Operation> operations;

  private OpenApi(Map<String, Object> document) {
    this.document = document;
    this.operations = List.copyOf(read());
  }

  public static OpenApi load(LodeConfig config) {
    requireNonNull(config, "config is null");
    try (var file = OpenApi.class.getResourceAsStream(RESOURCE)) {
      var raw = Json.object(YAML.readValue(file, Object.class));
      return new OpenApi(Values.copy(Json.object(limited(raw, limits(config)))));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + RESOURCE, e);
    }
  }

  private static Map<String, Long> limits(LodeConfig config) {
    return Map.of(
        "vectors.top-k-max", (long) config.vectors().topKMax(),
        "vectors.text-max", (long) config.vectors().textMax(),
        "features.entities-max", (long) config.features().entitiesMax(),
        "features.push-rows-max", (long) config.features().pushRowsMax(),
        "features.training-rows-max", (long) config.features().trainingRowsMax(),
        "tools.sql-rows-max", (long) config.tools().sqlRowsMax());
  }

  private static Object limited(Object node, Map<String, Long> limits) {
    if (node instanceof List<?> list) {
      return list.stream().map(inner -> limited(inner, limits)).toList();
    }
    if (!(node instanceof Map<?, ?> map)) {
      return node;
    }
    var copy = new LinkedHashMap<String, Object>();
    map.forEach((key, inner) -> copy.put(String.valueOf(key), limited(inner, limits)));
    if (copy.remove(LIMIT) instanceof String key) {
      copy.put(keyword(copy.get("type")), limit(limits, key));
    }
    return copy;
  }

  private static long limit(Map<String, Long> limits, String key) {
    Long limit = limits.get(key);
    if (limit == null) {
      throw new Failure(ErrorCode.INVALID_CONFIG, "Invalid openapi/lode.yaml: no limit " + key);
    }
    return limit;
  }

  private static String keyword(Object type) {
    return switch (String.valueOf(type)) {
      case "string" -> "maxLength";
      case "array" -> "maxItems";
      default -> "maximum";
    };
  }

  public List<Operation> operations() {
    return operations;
  }

  /** The whole contract as JSON text. */
  public String json() {
    return text(Json.MAPPER);
  }

  /** The whole contract as YAML text. */
  public String yaml() {
    return text(YAML);
  }

  private String text(ObjectMapper mapper) {
    try {
      return mapper.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the contract", e);
    }
  }

  private List<Operation> read() {
    var found = new ArrayList<Operation>();
    Json.object(document.get("paths"))
        .forEach(
            (path, item) ->
                Json.object(item)
                    .forEach(
                        (method, operation) -> {
                          if (METHODS.contains(method)) {
                            found.add(operation(path, method, Json.object(resolved(operation))));
                          }
                        }));
    return found;
  }

  private static Operation operation(String path, String method, Map<String, Object> node) {
    var parameters = Json.list(node.get("parameters")).stream().map(OpenApi::parameter).toList();
    var security = node.get("security");
    return new Operation(
        Json.text(node.get("operationId")),
        method.toUpperCase(java.util.Locale.ROOT),
        path,
        Json.text(node.get("description")),
        !(security instanceof List<?> list && list.isEmpty()),
        Json.list(node.get("x-lode-roles")).stream().map(Json::text).toList(),
        isForEveryTenant(node),
        parameters,
        body(node),
        answer(node));
  }

  /** Said of each operation that needs a key, so that it is thought of. */
  private static boolean isForEveryTenant(Map<String, Object> node) {
    String whose = Json.text(node.get("x-lode-tenants"));
    boolean guarded = !Json.list(node.get("x-lode-roles")).isEmpty();
    if (!(guarded ? Set.of("own", "every") : Set.of("")).contains(whose)) {
      throw new Failure(
          ErrorCode.INVALID_CONFIG,
          "Invalid openapi/lode.yaml: x-lode-tenants of %s is %s (must be own or every)"
              .formatted(node.get("operationId"), whose));
    }
    return "every".equals(whose);
  }

  private static Operation.Parameter parameter(Object node) {
    var map = Json.object(node);
    return new Operation.Parameter(
        Json.text(map.get("name")),
        Json.text(map.get("in")),
        Boolean.TRUE.equals(map.get("required")),
        Schema.of(Json.object(map.get("schema"))));
  }

  private static Operation.Body body(Map<String, Object> operation) {
    if (!(operation.get("requestBody") instanceof Map<?, ?> body)) {
      return null;
    }
    var content = Json.object(body.get("content"));
    var json = Json.object(content.get("application/json"));
    return new Operation.Body(
        Boolean.TRUE.equals(body.get("required")),
        List.copyOf(content.keySet()),
        Schema.of(Json.object(json.get("schema"))));
  }

  private static Schema answer(Map<String, Object> operation) {
    Object ok = Json.object(operation.get("responses")).get("200");
    var content = Json.object(Json.object(ok).get("content"));
    var json = Json.object(content.get("application/json"));
    return Schema.of(Json.object(json.get("schema")));
  }

  /** A copy with each {@code $ref} replaced by what it names; the contract has no cycles. */
  private Object resolved(Object node) {
    if (node instanceof List<?> list) {
      return list.stream().map(this::resolved).toList();
    }
    if (!(node instanceof Map<?, ?> map)) {
      return node;
    }
    if (map.get("$ref") instanceof String reference) {
      return resolved(target(reference));
    }
    var copy = new LinkedHashMap<String, Object>();
    map.forEach((key, inner) -> copy.put(String.valueOf(key), resolved(inner)));
    return copy;
  }

  private Object target(String reference) {
    Object node = document;
    for (String step : reference.substring("#/".length()).split("/", -1)) {
      node = Json.object(node).get(step);
    }
    return requireNonNull(node, () -> "Invalid openapi/lode.yaml: nothing at " + reference);
  }
}
