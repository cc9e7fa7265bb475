package dev.lode.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What OpenLineage 2-0-2 requires of a run event, read off its published schema by hand. */
final class OpenLineageRules {

  private OpenLineageRules() {}

  static void check(JsonObject event) {
    assertThat(event.getString("eventType"))
        .isIn("START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER");
    assertThat(Instant.parse(event.getString("eventTime"))).isNotNull();
    assertThat(URI.create(event.getString("producer")).isAbsolute()).isTrue();
    assertThat(event.getString("schemaURL"))
        .isEqualTo("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent");
    assertThat(UUID.fromString(event.getJsonObject("run").getString("runId"))).isNotNull();
    named(event.getJsonObject("job"));
    for (String side : List.of("inputs", "outputs")) {
      for (Object dataset : event.getJsonArray(side)) {
        var json = (JsonObject) dataset;
        named(json);
        facets(json.getJsonObject("facets"));
        facets(json.getJsonObject(side.replaceFirst("s$", "Facets")));
      }
    }
  }

  private static void named(JsonObject json) {
    assertThat(json.getString("namespace")).isNotBlank();
    assertThat(json.getString("name")).isNotBlank();
  }

  private static void facets(JsonObject facets) {
    for (String name : facets == null ? List.<String>of() : facets.fieldNames()) {
      JsonObject facet = facets.getJsonObject(name);
      assertThat(URI.create(facet.getString("_producer")).isAbsolute()).isTrue();
      assertThat(URI.create(facet.getString("_schemaURL")).isAbsolute()).isTrue();
    }
  }
}
