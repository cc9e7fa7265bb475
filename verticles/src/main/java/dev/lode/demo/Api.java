package dev.lode.demo;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lode.cli.Client;
import dev.lode.cli.Refused;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The calls of the tour, as any client makes them. */
final class Api {
  private final Client client;

  Api(Client client) {
    this.client = requireNonNull(client, "client is null");
  }

  Client client() {
    return client;
  }

  /** Posts rows as NDJSON: the answer after the Bronze commit. */
  JsonNode ingest(String source, String entity, List<Map<String, Object>> rows) {
    return ingest(source, entity, rows.stream().map(Api::json).collect(Collectors.joining("\n")));
  }

  JsonNode ingest(String source, String entity, String ndjson) {
    return client.upload(
        "/v1/ingest/" + source + "/" + entity,
        new Client.Body(BodyPublishers.ofString(ndjson), "application/x-ndjson", Map.of()));
  }

  /** A tool's {@code data}. */
  JsonNode tool(String name, Map<String, Object> arguments) {
    return client.tool(name, arguments).path("data");
  }

  /** The current features of one entity, by a tool that takes its id; empty where not ready yet. */
  JsonNode features(String tool, String key, String id) {
    try {
      return tool(tool, Map.of(key, id)).path("rows").path(0);
    } catch (Refused e) {
      if (e.status() == 404) {
        return MissingNode.getInstance();
      }
      throw e;
    }
  }

  /** Columns and rows of one SELECT. */
  JsonNode sql(String select) {
    return tool("run_sql", Map.of("sql", select, "max_rows", 10_000));
  }

  /** The rows of one SELECT, each cell as text; where a table is not there yet, none. */
  List<List<String>> rows(String select) {
    try {
      var rows = new ArrayList<List<String>>();
      for (JsonNode row : sql(select).path("rows")) {
        var cells = new ArrayList<String>();
        row.forEach(cell -> cells.add(text(cell)));
        rows.add(cells);
      }
      return rows;
    } catch (Refused e) {
      if (e.status() == 404) {
        return List.of();
      }
      throw e;
    }
  }

  /** Null for null; a number without trailing zeros. */
  static String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return null;
    }
    return value.isNumber() ? Truth.plain(value.decimalValue()) : value.asText();
  }

  /** The first row of one SELECT. */
  List<String> row(String select) {
    List<List<String>> rows = rows(select);
    return rows.isEmpty() ? List.of() : rows.getFirst();
  }

  /** The first cell of one SELECT; empty where there is none yet. */
  String value(String select) {
    List<String> row = row(select);
    return row.isEmpty() ? "" : row.getFirst();
  }

  /** Best first; none where the namespace is not there yet. */
  List<JsonNode> hits(Map<String, Object> search) {
    var hits = new ArrayList<JsonNode>();
    try {
      tool("vector_search", search).path("hits").forEach(hits::add);
    } catch (Refused e) {
      if (e.status() != 404) {
        throw e;
      }
    }
    return hits;
  }

  static String json(Map<String, Object> row) {
    try {
      return Client.JSON.writeValueAsString(row);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("Cannot write " + row, e);
    }
  }
}
