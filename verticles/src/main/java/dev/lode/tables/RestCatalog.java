package dev.lode.tables;

import static java.util.Objects.requireNonNull;
import static org.apache.iceberg.rest.RESTCatalogProperties.SNAPSHOTS_QUERY_PARAMETER;
import static org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;

import dev.lode.codecs.Bytes;
import dev.lode.codecs.Catalog;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.UpdateNamespacePropertiesRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ConfigResponse;

/**
 * Iceberg's REST catalog protocol, by Iceberg's own handlers: every table can be read, and those
 * outside Lode's layers can be written. Methods block. Thread-safe.
 */
public final class RestCatalog {
  private final JdbcCatalog catalog;
  private final Map<Endpoint, Handler> handlers = new LinkedHashMap<>();

  /** Null where there is nothing to say. */
  private interface Handler {
    RESTResponse answer(RestRequest request);
  }

  RestCatalog(JdbcCatalog catalog) {
    this.catalog = requireNonNull(catalog, "catalog is null");
    handlers.put(Endpoint.create("GET", "/v1/config"), request -> config());
    readers();
    namespaces();
    tables();
  }

  private void readers() {
    handlers.put(
        Endpoint.V1_LIST_NAMESPACES,
        request -> CatalogHandlers.listNamespaces(catalog, parent(request)));
    handlers.put(
        Endpoint.V1_LOAD_NAMESPACE,
        request -> CatalogHandlers.loadNamespace(catalog, request.namespace()));
    handlers.put(
        Endpoint.V1_NAMESPACE_EXISTS,
        request -> done(() -> CatalogHandlers.namespaceExists(catalog, request.namespace())));
    handlers.put(
        Endpoint.V1_LIST_TABLES,
        request -> CatalogHandlers.listTables(catalog, request.namespace()));
    handlers.put(
        Endpoint.V1_LOAD_TABLE,
        request -> CatalogHandlers.loadTable(catalog, request.table(), snapshots(request)));
    handlers.put(
        Endpoint.V1_TABLE_EXISTS,
        request -> done(() -> CatalogHandlers.tableExists(catalog, request.table())));
  }

  private void namespaces() {
    handlers.put(
        Endpoint.V1_CREATE_NAMESPACE,
        request -> {
          var create = request.body(CreateNamespaceRequest.class);
          checkForeign("create", create.namespace(), create.namespace());
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

  private void tables() {
    handlers.put(Endpoint.V1_CREATE_TABLE, this::createTable);
    handlers.put(
        Endpoint.V1_UPDATE_TABLE,
        request -> {
          checkForeign("commit to", request.table());
          return CatalogHandlers.updateTable(
              catalog, request.table(), request.body(UpdateTableRequest.class));
        });
    handlers.put(Endpoint.V1_DELETE_TABLE, this::dropTable);
    handlers.put(
        Endpoint.V1_RENAME_TABLE,
        request -> {
          var rename = request.body(RenameTableRequest.class);
          checkForeign("rename", rename.source());
          checkForeign("rename to", rename.destination());
          return done(() -> CatalogHandlers.renameTable(catalog, rename));
        });
  }

  private RESTResponse createTable(RestRequest request) {
    var create = request.body(CreateTableRequest.class);
    Namespace namespace = request.namespace();
    checkForeign("create", TableIdentifier.of(namespace, create.name()));
    return create.stageCreate()
        ? CatalogHandlers.stageTableCreate(catalog, namespace, create)
        : CatalogHandlers.createTable(catalog, namespace, create);
  }

  private RESTResponse dropTable(RestRequest request) {
    checkForeign("drop", request.table());
    boolean purge = Boolean.parseBoolean(request.parameters().get("purgeRequested"));
    return done(
        () -> {
          if (purge) {
            CatalogHandlers.purgeTable(catalog, request.table());
          } else {
            CatalogHandlers.dropTable(catalog, request.table());
          }
        });
  }

  private RESTResponse config() {
    return ConfigResponse.builder().withEndpoints(List.copyOf(handlers.keySet())).build();
  }

  private static Namespace parent(RestRequest request) {
    String parent = request.parameters().get("parent");
    return parent == null ? Namespace.empty() : RESTUtil.namespaceFromQueryParam(parent);
  }

  private static SnapshotMode snapshots(RestRequest request) {
    String mode = request.parameters().getOrDefault(SNAPSHOTS_QUERY_PARAMETER, "all");
    return SnapshotMode.valueOf(mode.toUpperCase(Locale.ROOT));
  }

  private static RESTResponse done(Runnable act) {
    act.run();
    return null;
  }

  private static void checkForeign(String act, TableIdentifier table) {
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
          ? new Catalog.Answer(call.tenantId(), 204, Bytes.of(new byte[0]))
          : new Catalog.Answer(call.tenantId(), 200, RestJson.write(response));
    } catch (RuntimeException e) {
      int status = RestJson.status(e);
      return new Catalog.Answer(call.tenantId(), status, RestJson.error(e, status));
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
