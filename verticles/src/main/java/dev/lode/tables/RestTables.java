package dev.lode.tables;

import static dev.lode.tables.RestCatalog.checkForeign;
import static dev.lode.tables.RestCatalog.done;
import static java.util.Objects.requireNonNull;

import dev.lode.tables.RestCatalog.Handler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTCatalogProperties;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.RESTResponse;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.RegisterTableRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.ReportMetricsRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.LoadTableResponse;

/** The endpoints of tables. */
final class RestTables {
  private final JdbcCatalog catalog;
  private final String warehouse;
  private final WithoutDeletes withoutDeletes;

  RestTables(JdbcCatalog catalog, String warehouse, WithoutDeletes withoutDeletes) {
    this.withoutDeletes = requireNonNull(withoutDeletes, "withoutDeletes is null");
    this.catalog = requireNonNull(catalog, "catalog is null");
    this.warehouse = requireNonNull(warehouse, "warehouse is null");
  }

  void handle(Map<Endpoint, Handler> handlers) {
    handlers.put(
        Endpoint.V1_LIST_TABLES,
        request ->
            request.isPaged()
                ? CatalogHandlers.listTables(
                    catalog, request.namespace(), request.pageToken(), request.pageSize())
                : CatalogHandlers.listTables(catalog, request.namespace()));
    handlers.put(Endpoint.V1_LOAD_TABLE, this::load);
    handlers.put(
        Endpoint.V1_TABLE_EXISTS,
        request -> done(() -> CatalogHandlers.tableExists(catalog, request.table())));
    handlers.put(Endpoint.V1_CREATE_TABLE, this::create);
    handlers.put(Endpoint.V1_REGISTER_TABLE, this::register);
    handlers.put(Endpoint.V1_UPDATE_TABLE, this::update);
    handlers.put(Endpoint.V1_DELETE_TABLE, this::drop);
    handlers.put(
        Endpoint.V1_RENAME_TABLE,
        request -> {
          var rename = request.body(RenameTableRequest.class);
          checkForeign("rename", rename.source());
          checkForeign("rename to", rename.destination());
          ForeignNames.checkNew(rename.destination());
          return done(() -> CatalogHandlers.renameTable(catalog, rename));
        });
    handlers.put(
        Endpoint.V1_REPORT_METRICS,
        request -> {
          request.body(ReportMetricsRequest.class);
          return done(() -> CatalogHandlers.tableExists(catalog, request.table()));
        });
  }

  private RESTResponse load(RestRequest request) {
    TableIdentifier table = request.table();
    var entry = new CatalogFile.Entry(table.namespace().toString(), table.name());
    if (!withoutDeletes.covers(entry)) {
      return CatalogHandlers.loadTable(catalog, table, snapshots(request));
    }
    TableMetadata metadata =
        CatalogHandlers.loadTable(catalog, table, SnapshotMode.ALL).tableMetadata();
    return LoadTableResponse.builder()
        .withTableMetadata(withoutDeletes.of(entry, metadata))
        .build();
  }

  private RESTResponse create(RestRequest request) {
    var create = request.body(CreateTableRequest.class);
    checkNew("create", TableIdentifier.of(request.namespace(), create.name()));
    LoadTableResponse created =
        create.stageCreate()
            ? CatalogHandlers.stageTableCreate(catalog, request.namespace(), create)
            : CatalogHandlers.createTable(catalog, request.namespace(), create);
    makeFolder(created.tableMetadata().location());
    return created;
  }

  /** Some engines write into folders that they expect to be there. */
  private void makeFolder(String location) {
    if (LocalFileIO.isLocal(location)) {
      try {
        String folder = FencedFileIO.checked(warehouse, location);
        Files.createDirectories(LocalFileIO.path(folder).resolve("data"));
        Files.createDirectories(LocalFileIO.path(folder).resolve("metadata"));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot make the folder " + location, e);
      }
    }
  }

  private void checkNew(String act, TableIdentifier table) {
    checkForeign(act, table);
    ForeignNames.checkNew(table);
    CatalogHandlers.namespaceExists(catalog, table.namespace());
  }

  private RESTResponse register(RestRequest request) {
    var register = request.body(RegisterTableRequest.class);
    checkNew("register", TableIdentifier.of(request.namespace(), register.name()));
    if (!FencedFileIO.isBelow(warehouse, register.metadataLocation())) {
      throw new ForbiddenException(
          "Cannot register %s: tables lie under %s. Copy the table's files there first.",
          register.metadataLocation(), warehouse);
    }
    return CatalogHandlers.registerTable(catalog, request.namespace(), register);
  }

  private RESTResponse update(RestRequest request) {
    var update = request.body(UpdateTableRequest.class);
    checkForeign("commit to", request.table());
    CatalogHandlers.namespaceExists(catalog, request.namespace());
    return CatalogHandlers.updateTable(catalog, request.table(), update);
  }

  private RESTResponse drop(RestRequest request) {
    checkForeign("drop", request.table());
    boolean purge = Boolean.parseBoolean(request.parameter("purgeRequested"));
    return done(
        () -> {
          if (purge) {
            CatalogHandlers.purgeTable(catalog, request.table());
          } else {
            CatalogHandlers.dropTable(catalog, request.table());
          }
        });
  }

  private static SnapshotMode snapshots(RestRequest request) {
    String mode = request.parameter(RESTCatalogProperties.SNAPSHOTS_QUERY_PARAMETER);
    try {
      return mode == null ? SnapshotMode.ALL : SnapshotMode.valueOf(mode.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(e, "Invalid snapshots: %s (must be all or refs)", mode);
    }
  }
}
