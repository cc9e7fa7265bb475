package dev.lode.http;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.catalog.CatalogVerticle;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalog as Iceberg's own client sees it. */
class IcebergRestTest {
  private static final TableName SALES = TableName.of("gold.sales");
  private static final TableIdentifier OURS = TableIdentifier.of("gold", "sales");
  private static final Namespace SANDBOX = Namespace.of("sandbox");
  private static final TableIdentifier THEIRS = TableIdentifier.of(SANDBOX, "Notes-2");
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.optional(1, "note", Types.StringType.get()));

  @TempDir Path folder;
  private Lake lake;
  private TestServer server;
  private RESTCatalog client;

  @BeforeEach
  void open() throws Exception {
    lake = TestLake.open(folder);
    lake.ensure(
        new TableSpec(
            SALES,
            List.of(
                required("tenant_id", "VARCHAR", "tenant"),
                optional("revenue", "DECIMAL(18,2)", "money")),
            List.of(),
            List.of("tenant_id"),
            "Sales."));
    try (var session = lake.session()) {
      session.append(
          SALES, "SELECT 'default' AS tenant_id, 12.5 AS revenue FROM range(3)", Progress.NONE);
    }
    start();
    client = client(Map.of());
  }

  private void start(String... changes) throws Exception {
    server = new TestServer(changes);
    server
        .vertx
        .deployVerticle(
            new CatalogVerticle(server.bus, lake, List.of()),
            new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER))
        .await(10, SECONDS);
  }

  private RESTCatalog client(Map<String, String> more) {
    var properties = new java.util.HashMap<>(more);
    properties.put("uri", "http://127.0.0.1:" + server.port + "/iceberg");
    var opened = new RESTCatalog();
    opened.initialize("lode", properties);
    return opened;
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    server.close();
    lake.close();
  }

  @Test
  void readsTheRowsOfLodesTables() throws Exception {
    assertThat(client.listNamespaces()).containsExactly(Namespace.of("gold"));
    assertThat(client.listTables(Namespace.of("gold"))).containsExactly(OURS);
    Table table = client.loadTable(OURS);
    assertThat(table.currentSnapshot().snapshotId()).isEqualTo(lake.head(SALES).orElseThrow().id());
    var rows = new ArrayList<String>();
    try (CloseableIterable<?> records = IcebergGenerics.read(table).build()) {
      records.forEach(row -> rows.add(row.toString()));
    }
    assertThat(rows).containsOnly("Record(default, 12.50)").hasSize(3);
  }

  @Test
  void refusesEveryChangeToLodesLayers() {
    Table table = client.loadTable(OURS);
    long before = lake.head(SALES).orElseThrow().id();
    assertForbidden(
        "commit to gold.sales", () -> table.updateSchema().deleteColumn("revenue").commit());
    assertForbidden("commit to gold.sales", () -> table.newDelete().deleteFile("a").commit());
    assertForbidden("commit to gold.sales", () -> table.expireSnapshots().commit());
    assertForbidden("drop gold.sales", () -> client.dropTable(OURS, true));
    assertForbidden("rename gold.sales", () -> client.renameTable(OURS, THEIRS));
    assertForbidden(
        "create silver.x", () -> client.createTable(TableIdentifier.of("silver", "x"), SCHEMA));
    assertForbidden("create bronze", () -> client.createNamespace(Namespace.of("bronze")));
    assertForbidden("create Gold", () -> client.createNamespace(Namespace.of("Gold")));
    assertForbidden("create gold.deep", () -> client.createNamespace(Namespace.of("gold", "deep")));
    assertForbidden("drop gold", () -> client.dropNamespace(Namespace.of("gold")));
    assertForbidden(
        "change gold",
        () -> client.setProperties(Namespace.of("gold"), Collections.singletonMap("a", "b")));
    assertThat(lake.head(SALES).orElseThrow().id()).isEqualTo(before);
  }

  private static void assertForbidden(String act, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(ForbiddenException.class)
        .hasMessageContaining("Cannot " + act + ": Lode alone writes bronze, silver")
        .hasMessageContaining("Post records to /v1/ingest, or write to a namespace of your own.");
  }

  @Test
  void letsOthersWriteBesideLode() {
    client.createNamespace(SANDBOX, Collections.singletonMap("owner", "them"));
    client.setProperties(SANDBOX, Collections.singletonMap("owner", "us"));
    assertThat(client.loadNamespaceMetadata(SANDBOX)).containsEntry("owner", "us");
    Table table = client.createTable(THEIRS, SCHEMA);
    table.newAppend().appendFile(file()).commit();
    table.updateSchema().addColumn("more", Types.LongType.get()).commit();
    assertThat(client.loadTable(THEIRS).schema().columns()).hasSize(2);
    assertThat(client.loadTable(THEIRS).currentSnapshot().summary())
        .containsEntry("total-records", "3");
    var renamed = TableIdentifier.of(SANDBOX, "renamed");
    client.renameTable(THEIRS, renamed);
    client.newCreateTableTransaction(THEIRS, SCHEMA).commitTransaction();
    assertThat(client.listTables(SANDBOX)).containsExactlyInAnyOrder(THEIRS, renamed);
    assertThat(lake.tables()).as("only Lode's own are Lode's").containsExactly(SALES);
    assertThatThrownBy(() -> client.createTable(renamed, SCHEMA))
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(() -> client.dropNamespace(SANDBOX))
        .isInstanceOf(NamespaceNotEmptyException.class);
    assertThat(client.dropTable(THEIRS, true)).isTrue();
    assertThat(client.dropTable(renamed, false)).isTrue();
    assertThat(client.dropNamespace(SANDBOX)).isTrue();
    assertThat(client.namespaceExists(SANDBOX)).isFalse();
    assertThatThrownBy(() -> client.listTables(SANDBOX))
        .isInstanceOf(NoSuchNamespaceException.class);
    assertThatThrownBy(() -> client.loadTable(renamed)).isInstanceOf(NoSuchTableException.class);
  }

  /** One of Lode's, as any engine may name it. */
  private DataFile file() {
    try (var tasks = client.loadTable(OURS).newScan().planFiles()) {
      return tasks.iterator().next().file();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void keepsLodesFilesWhateverATableOfOthersClaims() {
    client.createNamespace(SANDBOX);
    Table table = client.createTable(THEIRS, SCHEMA);
    DataFile ours = file();
    table.newAppend().appendFile(ours).commit();
    client.dropTable(THEIRS, true);
    assertThat(Path.of(java.net.URI.create(ours.location()))).exists();
    String gold = client.loadTable(OURS).location();
    for (String place :
        List.of(gold, gold + "/../../sandbox/../gold/x", folder.toUri() + "elsewhere/x")) {
      assertThatThrownBy(() -> client.buildTable(THEIRS, SCHEMA).withLocation(place).create())
          .isInstanceOf(ForbiddenException.class)
          .hasMessageContaining("Cannot write " + place)
          .hasMessageContaining("Create the table without a location.");
    }
    assertThat(Files.exists(folder.resolve("elsewhere"))).isFalse();
    assertThat(client.tableExists(THEIRS)).isFalse();
  }

  @Test
  void refusesACommitThatLostItsRace() throws Exception {
    client.createNamespace(SANDBOX);
    client.createTable(THEIRS, SCHEMA);
    var answer =
        server.post(
            "/iceberg/v1/namespaces/sandbox/tables/Notes-2",
            """
            {"requirements": [{"type": "assert-ref-snapshot-id", "ref": "main", "snapshot-id": 7}],
             "updates": [{"action": "set-properties", "updates": {"a": "b"}}]}
            """);
    assertError(answer, "409 CommitFailedException", "Requirement failed: ");
    assertThat(client.loadTable(THEIRS).properties()).doesNotContainKey("a");
  }

  @Test
  void namesExactlyTheEndpointsThatItServes() throws Exception {
    var endpoints = server.get("/iceberg/v1/config").json().path("endpoints");
    assertThat(endpoints.size()).isGreaterThan(10);
    for (var endpoint : endpoints) {
      String[] words = endpoint.asText().split(" ", -1);
      String path =
          "/iceberg"
              + words[1]
                  .replace("/{prefix}", "")
                  .replace("{namespace}", "none")
                  .replace("{table}", "none")
                  .replace("{view}", "none");
      var body = words[0].equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody();
      var answer =
          server.send(
              server
                  .request(path)
                  .header("Content-Type", "application/json")
                  .method(words[0], body));
      assertThat(answer.status()).as(endpoint.asText()).isIn(200, 204, 400, 404);
    }
    assertThat(endpoints.toString()).doesNotContain("plan");
    assertError(
        server.post("/iceberg/v1/namespaces/gold/views", "{}"),
        "406 UnsupportedOperationException",
        "Cannot POST v1/namespaces/gold/views: no such endpoint here. GET /iceberg/v1/config");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1/namespaces|[1]|400 BadRequestException|Invalid body: it is no JSON object",
        "v1/namespaces|{\"namespace\": 3}|400 BadRequestException|Invalid CreateNamespace",
        "v1/namespaces/gold/tables/none|{}|403 ForbiddenException|Cannot commit to gold.none",
        "v1/nothing|{}|406 UnsupportedOperationException|Cannot POST v1/nothing: no such endpoint",
      })
  void saysWhatIsWrongInTheShapeOfTheProtocol(
      String path, String body, String error, String message) throws Exception {
    assertError(server.post("/iceberg/" + path, body), error, message);
  }

  @Test
  void translatesTheEdgesOwnRefusals() throws Exception {
    assertError(
        server.get("/iceberg/v1/config", "X-Forwarded-For", "203.0.113.9"),
        "401 NotAuthorizedException",
        "Cannot let you in: without keys nothing is served through a proxy. Send an API key");
    assertError(
        server.send(server.request("/iceberg/v1/config").PUT(BodyPublishers.noBody())),
        "405 METHOD_NOT_ALLOWED",
        "Cannot PUT /iceberg/v1/config: allowed are DELETE, GET, HEAD, OPTIONS, POST");
  }

  @Test
  void opensOnlyToAnAdminOfEveryTenant() throws Exception {
    client.close();
    server.close();
    start(
        "keys: []",
        """
        keys:
          - {name: tenant, tenant: default, role: admin, key: tenant-secret}
          - {name: reader, tenant: '*', role: reader, key: reader-secret}
          - {name: engine, tenant: '*', role: admin, key: engine-secret}
        """);
    assertError(server.get("/iceberg/v1/config"), "401 NotAuthorizedException", "Cannot let you");
    for (String path : List.of("config", "namespaces", "namespaces/gold/tables/sales")) {
      assertError(
          server.get("/iceberg/v1/" + path, "X-API-Key", "tenant-secret"),
          "403 ForbiddenException",
          "Cannot GET /iceberg/v1/%s: it is about the rows of every tenant, and this key is for"
                  .formatted(path)
              + " default. Use a key of tenant '*' and role admin");
    }
    assertError(
        server.get("/iceberg/v1/config", "X-API-Key", "reader-secret"),
        "403 ForbiddenException",
        "Cannot GET /iceberg/v1/config: role reader may not (roles: admin)");
    client = client(Map.of("header.X-API-Key", "engine-secret"));
    assertThat(client.tableExists(OURS)).isTrue();
    client.close();
    client = client(Map.of("token", "engine-secret"));
    assertThat(client.tableExists(OURS)).isTrue();
  }

  /** {@code error}: status and type. */
  private static void assertError(TestServer.Answer answer, String error, String message) {
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    var model = answer.json().path("error");
    assertThat(answer.status() + " " + model.path("type").asText()).isEqualTo(error);
    assertThat(model.path("code").asInt()).isEqualTo(answer.status());
    assertThat(model.path("message").asText()).startsWith(message);
  }
}
