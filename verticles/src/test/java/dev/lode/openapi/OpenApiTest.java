package dev.lode.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lode.codecs.Failure;
import dev.lode.config.LodeConfig;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenApiTest {
  private final OpenApi api = OpenApi.load(LodeConfig.read(Path.of("../conf/lode.yaml")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`namespace`:`p`,`query`:`x`,`top_k`:0}|Invalid top_k: 0 (must be 1..1000)",
        "{`namespace`:`p`,`top_k`:1001}|Invalid top_k: 1001 (must be 1..1000)",
        "{`namespace`:`p`,`top_k`:`ten`}|Invalid top_k: \"ten\" (must be an integer of 1..1000)",
        "{`namespace`:`p`,`top_k`:2.5}|Invalid top_k: 2.5 (must be an integer of 1..1000)",
        "{`query`:`x`}|Missing namespace (must be a string, matching ^[a-z][a-z0-9_]{0,63}$)",
        "{`namespace`:`P`}|Invalid namespace: \"P\" (must be matching ^[a-z][a-z0-9_]{0,63}$)",
        "{`namespace`:`p`,`topk`:3}|Unknown topk (did you mean top_k? known: namespace, query,"
            + " vector, top_k, filter, mode, fusion, group_by)",
        "{`namespace`:`p`,`mode`:`magic`}|Invalid mode: \"magic\" (must be one of vector, keyword,"
            + " hybrid)",
        "{`namespace`:`p`,`query`:``}|Invalid query: \"\" (must be 1..32768 characters)",
        "{`namespace`:`p`,`vector`:[1,`a`]}|Invalid vector/1: \"a\" (must be a number)",
        "{`namespace`:`p`,`filter`:7}|Invalid filter: 7 (must be an object)",
      })
  void saysWhatIsWrongWithAnArgument(String arguments, String sentence) {
    var schema = operation("vector_search").body().schema();
    var value = read(arguments.replace('`', '"'));
    assertThatThrownBy(() -> schema.checked(value))
        .isInstanceOf(Failure.class)
        .hasMessage(sentence);
  }

  @Test
  void takesTheFormsOfStrictFunctionCalling() {
    var schema = operation("vector_search").body().schema();
    var given = new HashMap<String, Object>();
    given.put("namespace", "products");
    given.put("vector", null);
    given.put("top_k", new BigDecimal("10.0"));
    given.put("filter", "{\"country\":{\"eq\":\"France\"}}");
    assertThat(schema.checked(given))
        .containsOnlyKeys("namespace", "top_k", "filter")
        .containsEntry("top_k", 10L)
        .containsEntry("filter", Map.of("country", Map.of("eq", "France")));
  }

  @Test
  void readsParametersByTheirType() {
    var format = operation("list_tools").parameters().getFirst();
    assertThat(format.schema().parsed("format", "openai")).isEqualTo("openai");
    assertThatThrownBy(() -> format.schema().parsed("format", "xml"))
        .hasMessage("Invalid format: \"xml\" (must be one of lode, openai, anthropic)");
  }

  @Test
  void holdsTheLimitsInForceAndNoMarkOfTheirOrigin() {
    assertThat(api.json()).contains("\"maximum\":1000").doesNotContain("x-lode-limit");
    assertThat(api.yaml()).contains("openapi: 3.1.0").doesNotContain("x-lode-limit");
  }

  @Test
  void closesEverySchemaOfATool() {
    for (Operation operation : api.operations().stream().filter(Operation::isTool).toList()) {
      var open = new ArrayList<String>();
      findOpen(operation.body().schema().json(), operation.id() + " in", open);
      findOpen(operation.answer().json(), operation.id() + " out", open);
      assertThat(open).as(operation.id()).isEmpty();
      assertThat(operation.description()).as(operation.id()).hasSizeGreaterThan(80);
      assertThat(operation.body().schema().json()).containsKey("examples");
    }
  }

  @Test
  void acceptsItsOwnExamples() {
    for (Operation operation : api.operations()) {
      if (operation.body() != null) {
        for (Object example : Json.list(operation.body().schema().json().get("examples"))) {
          assertThat(operation.body().schema().checked(Json.object(example))).isEqualTo(example);
        }
      }
    }
  }

  private static void findOpen(Object node, String path, List<String> open) {
    if (node instanceof Map<?, ?> map) {
      if ("object".equals(map.get("type")) && !map.containsKey("additionalProperties")) {
        open.add(path);
      }
      map.forEach((key, inner) -> findOpen(inner, path + "/" + key, open));
    } else if (node instanceof List<?> list) {
      list.forEach(inner -> findOpen(inner, path, open));
    }
  }

  private Operation operation(String id) {
    return api.operations().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  private static Map<String, Object> read(String json) {
    try {
      return Json.object(new ObjectMapper().readValue(json, Object.class));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
