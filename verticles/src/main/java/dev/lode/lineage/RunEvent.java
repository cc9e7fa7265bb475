package dev.lode.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lode.tables.Progress;
import dev.lode.tables.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a commit wrote of one tenant as OpenLineage's RunEvent, spec 2-0-2: one COMPLETE event per
 * snapshot and tenant.
 */
record RunEvent(Snapshot snapshot, String tenantId, long rowsAdded) {
  private static final String NAMESPACE = "lode";
  private static final String PRODUCER = "urn:lode";
  private static final String SPEC = "https://openlineage.io/spec/";
  private static final String SCHEMA = SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent";
  private static final String VERSION =
      SPEC + "facets/1-0-1/DatasetVersionDatasetFacet.json#/$defs/DatasetVersionDatasetFacet";
  private static final String STATISTICS =
      SPEC
          + "facets/1-0-2/OutputStatisticsOutputDatasetFacet.json"
          + "#/$defs/OutputStatisticsOutputDatasetFacet";

  /** The same for the same commit and tenant, so that an event told twice is one run. */
  UUID runId() {
    String name = snapshot.table() + "@" + snapshot.id() + "/" + tenantId;
    return UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
  }

  String job() {
    return snapshot.table().toString();
  }

  /** Upstream tables and the snapshots that this commit had consumed. */
  SortedMap<String, String> inputs() {
    var inputs = new TreeMap<String, String>();
    snapshot
        .summary()
        .forEach(
            (property, value) -> {
              if (property.startsWith(Progress.WATERMARK)) {
                inputs.put(property.substring(Progress.WATERMARK.length()), value);
              }
            });
    return inputs;
  }

  JsonObject json() {
    var inputs = new JsonArray();
    inputs().forEach((table, version) -> inputs.add(dataset(table, version)));
    var output =
        dataset(job(), Long.toString(snapshot.id()))
            .put(
                "outputFacets",
                new JsonObject()
                    .put("outputStatistics", facet(STATISTICS).put("rowCount", rowsAdded())));
    return new JsonObject()
        .put("eventType", "COMPLETE")
        .put("eventTime", snapshot.committedAt().toString())
        .put("run", new JsonObject().put("runId", runId().toString()))
        .put("job", new JsonObject().put("namespace", NAMESPACE).put("name", job()))
        .put("inputs", inputs)
        .put("outputs", new JsonArray().add(output))
        .put("producer", PRODUCER)
        .put("schemaURL", SCHEMA);
  }

  private static JsonObject dataset(String table, String version) {
    return new JsonObject()
        .put("namespace", NAMESPACE)
        .put("name", table)
        .put(
            "facets",
            new JsonObject().put("version", facet(VERSION).put("datasetVersion", version)));
  }

  private static JsonObject facet(String schema) {
    return new JsonObject().put("_producer", PRODUCER).put("_schemaURL", schema);
  }
}
