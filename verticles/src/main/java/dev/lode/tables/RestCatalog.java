package dev.lode.tables;

import static java.util.Objects.requireNonNull;

import dev.lode.codecs.Bytes;
import dev.lode.codecs.Catalog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.UpdateNamespacePropertiesRequest;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ListTablesResponse;

/**
 * Iceberg's REST catalog protocol, by Iceberg's own handlers: every table can be read, and those
 * outside Lode's layers can be written. Methods block. Thread-safe.
 */
public final class RestCatalog {
  private final JdbcCatalog catalog;
  private final Map<Endpoint, Handler> handlers = new LinkedHashMap<>();

  /** Null where there is nothing to say. */
  interface Handler {
    RESTResponse answer(RestRequest request);
  }

  RestCatalog(JdbcCatalog catalog, String warehouse, WithoutDeletes withoutDeletes) {
    this.catalog = requireNonNull(catalog, "catalog is null");
    handlers.put(Endpoint.create("GET", "/v1/config"), request -> config());
    namespaces();
    new RestTables(catalog, warehouse, withoutDeletes).handle(handlers);
    views();
  }

  private void namespaces() {
    handlers.put(
        Endpoint.V1_LIST_NAMESPACES,
        request ->
            request.isPaged()
                ? CatalogHandlers.listNamespaces(
                    catalog, parent(request), request.pageToken(), request.pageSize())
                : CatalogHandlers.listNamespaces(catalog, parent(request)));
    handlers.put(
        Endpoint.V1_LOAD_NAMESPACE,
        request -> CatalogHandlers.loadNamespace(catalog, request.namespace()));
    handlers.put(
        Endpoint.V1_NAMESPACE_EXISTS,
        request -> done(() -> CatalogHandlers.namespaceExists(catalog, request.namespace())));
    handlers.put(
        Endpoint.V1_CREATE_NAMESPACE,
        request -> {
          var create = request.body(CreateNamespaceRequest.class);
          checkForeign("create", create.namespace(), create.namespace());
          ForeignNames.checkNew(create.namespace());
          return CatalogHandlers.createNamespace(catalog, create);
        });
    handlers.put(
        Endpoint.V1_UPDATE_NAMESPACE,
        request -> {
          checkForeign("change", request.namespace(), request.namespace());
          return CatalogHandlers.updateNamespaceProperties(
              catalog, request.namespace(), request.body(UpdateNamespacePropertiesRequest.class));
        });
    handlers.put(
        Endpoint.V1_DELETE_NAMESPACE,
        request -> {
          checkForeign("drop", request.namespace(), request.namespace());
          return done(() -> CatalogHandlers.dropNamespace(catalog, request.namespace()));
        });
  }

  /** There are none; whoever looks before it takes a name for a table's hears so. */
  private void views() {
    handlers.put(Endpoint.V1_LIST_VIEWS, this::noViews);
    handlers.put(Endpoint.V1_LOAD_VIEW, RestCatalog::noView);
    handlers.put(Endpoint.V1_VIEW_EXISTS, RestCatalog::noView);
  }

  private RESTResponse noViews(RestRequest request) {
    CatalogHandlers.namespaceExists(catalog, request.namespace());
    return ListTablesResponse.builder().build();
  }

  private static RESTResponse noView(RestRequest request) {
    throw new NoSuchViewException("View does not exist: %s (Lode has no views)", request.view());
  }

  private RESTResponse config() {
    return ConfigResponse.builder().withEndpoints(List.copyOf(handlers.keySet())).build();
  }

  private static Namespace parent(RestRequest request) {
    String parent = request.parameter("parent");
    return parent == null || parent.isEmpty()
        ? Namespace.empty()
        : ForeignNames.existing(RESTUtil.namespaceFromQueryParam(parent));
  }

  static RESTResponse done(Runnable act) {
    act.run();
    return null;
  }

  static void checkForeign(String act, TableIdentifier table) {
    checkForeign(act, table.namespace(), table);
  }

  private static void checkForeign(String act, Namespace namespace, Object what) {
    if (OwnLayers.contain(namespace)) {
      throw new ForbiddenException(
          "Cannot %s %s: Lode alone writes %s, so that every row keeps its lineage. Post records"
              + " to /v1/ingest, or write to a namespace of your own.",
          act, what, OwnLayers.names());
    }
  }

  /** Every failure is an answer, in the shape of the protocol. */
  public Catalog.Answer answer(Catalog.Call call) {
    try {
      RESTResponse response = route(call);
      return response == null
          ? new Catalog.Answer(call.tenantId(), 204, Map.of(), Bytes.of(new byte[0]))
          : RestAnswer.of(call, response);
    } catch (RuntimeException e) {
      int status = RestJson.status(e);
      return new Catalog.Answer(call.tenantId(), status, Map.of(), RestJson.error(e, status));
    }
  }

  private RESTResponse route(Catalog.Call call) {
    List<String> path = List.of(call.path().split("/", -1));
    for (var each : handlers.entrySet()) {
      var names = RestRequest.match(each.getKey(), call.method(), path);
      if (names.isPresent()) {
        return each.getValue().answer(new RestRequest(names.get(), call.parameters(), call.body()));
      }
    }
    throw new UnsupportedOperationException(
        "Cannot %s %s: no such endpoint here. GET /iceberg/v1/config lists those that are."
            .formatted(call.method(), call.path()));
  }
}
