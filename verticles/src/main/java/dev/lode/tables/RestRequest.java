package dev.lode.tables;

import static org.apache.iceberg.rest.RESTCatalogProperties.NAMESPACE_SEPARATOR_DEFAULT;

import dev.lode.codecs.Bytes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTRequest;
import org.apache.iceberg.rest.RESTUtil;

/**
 * A request to an endpoint of the REST catalog.
 *
 * @param names what stands in the path for {@code {namespace}} and {@code {table}}, still encoded
 */
record RestRequest(Map<String, String> names, Map<String, String> parameters, Bytes body) {

  /** The names in {@code path}, where it is the endpoint's; ours has no prefix. */
  static Optional<Map<String, String>> match(Endpoint endpoint, String method, List<String> path) {
    List<String> pattern =
        Arrays.stream(endpoint.path().substring(1).split("/", -1))
            .filter(step -> !step.equals("{prefix}"))
            .toList();
    if (!endpoint.httpMethod().equals(method) || pattern.size() != path.size()) {
      return Optional.empty();
    }
    var names = new HashMap<String, String>();
    for (int i = 0; i < path.size(); i++) {
      if (pattern.get(i).startsWith("{")) {
        names.put(pattern.get(i), path.get(i));
      } else if (!pattern.get(i).equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  Namespace namespace() {
    return ForeignNames.existing(
        RESTUtil.decodeNamespaceAsPathSegment(
            names.get("{namespace}"), NAMESPACE_SEPARATOR_DEFAULT));
  }

  TableIdentifier table() {
    return TableIdentifier.of(namespace(), RESTUtil.decodePathSegment(names.get("{table}")));
  }

  TableIdentifier view() {
    return TableIdentifier.of(namespace(), RESTUtil.decodePathSegment(names.get("{view}")));
  }

  /** Whether a page is asked for; everything at once where not. */
  boolean isPaged() {
    return parameters.containsKey("pageToken") && parameters.containsKey("pageSize");
  }

  /** Empty for the first page. */
  String pageToken() {
    String token = parameters.get("pageToken");
    if (!token.matches("[0-9]{0,9}")) {
      throw new BadRequestException(
          "Invalid pageToken: no earlier page gave it. Begin with an empty one.");
    }
    return token;
  }

  String pageSize() {
    String size = parameters.get("pageSize");
    if (!size.matches("[1-9][0-9]{0,8}")) {
      throw new BadRequestException("Invalid pageSize: %s (must be 1 or more)", size);
    }
    return size;
  }

  /** Null where it is not said. */
  String parameter(String name) {
    return parameters.get(name);
  }

  <T extends RESTRequest> T body(Class<T> type) {
    T read = RestJson.read(body, type);
    read.validate();
    return read;
  }
}
