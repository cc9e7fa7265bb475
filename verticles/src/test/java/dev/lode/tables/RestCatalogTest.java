package dev.lode.tables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lode.codecs.Bytes;
import dev.lode.codecs.Catalog;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol's smaller promises, which Iceberg's own client does not show. */
class RestCatalogTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCHEMA =
      """
      {"type": "struct", "fields": [{"id": 1, "name": "a", "required": false, "type": "long"}]}\
      """;

  @TempDir Path folder;
  private Lake lake;
  private RestCatalog catalog;

  private record Answer(int status, Map<String, String> headers, JsonNode json) {
    String message() {
      return status + " " + json.path("error").path("message").asText();
    }
  }

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    catalog = lake.rest(Set.of());
    assertThat(post("namespaces", "{\"namespace\": [\"lab\"]}").status()).isEqualTo(200);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Answer call(
      String method, String path, Map<String, String> parameters, Map<String, String> headers) {
    return call(new Catalog.Call("default", method, "v1/" + path, parameters, headers, bytes("")));
  }

  private Answer get(String path) {
    return call("GET", path, Map.of(), Map.of());
  }

  private Answer post(String path, String body) {
    return call(new Catalog.Call("default", "POST", "v1/" + path, Map.of(), Map.of(), bytes(body)));
  }

  private Answer call(Catalog.Call call) {
    Catalog.Answer answer = catalog.answer(call);
    try {
      byte[] body = answer.body().array();
      if ("gzip".equals(answer.headers().get("Content-Encoding"))) {
        body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      return new Answer(
          answer.status(),
          answer.headers(),
          JSON.readTree(body.length == 0 ? "{}".getBytes(UTF_8) : body));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(UTF_8));
  }

  private Answer create(String name) {
    return create("lab", name, "");
  }

  private Answer create(String namespace, String name, String more) {
    return post(
        "namespaces/" + namespace + "/tables",
        "{\"name\": %s, \"schema\": %s%s}".formatted(quoted(name), SCHEMA, more));
  }

  private static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }

  private static Path path(JsonNode location) {
    return Path.of(URI.create(location.asText()));
  }

  @Test
  void answersNothingWhereTheClientHasIt() {
    create("t");
    Answer first = get("namespaces/lab/tables/t");
    String tag = first.headers().get("ETag");
    assertThat(tag).startsWith("\"").endsWith("\"");
    for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag)) {
      Answer again =
          call("GET", "namespaces/lab/tables/t", Map.of(), Map.of("if-none-match", known));
      assertThat(again.status()).as(known).isEqualTo(304);
      assertThat(again.headers()).containsEntry("ETag", tag);
    }
    assertThat(
            call(
                    "GET",
                    "namespaces/lab/tables/t",
                    Map.of("snapshots", "refs"),
                    Map.of("if-none-match", tag))
                .status())
        .as("another representation")
        .isEqualTo(200);
    post(
        "namespaces/lab/tables/t",
        """
        {"requirements": [], "updates": [{"action": "set-properties", "updates": {"a": "b"}}]}
        """);
    Answer moved = call("GET", "namespaces/lab/tables/t", Map.of(), Map.of("if-none-match", tag));
    assertThat(moved.status()).isEqualTo(200);
    assertThat(moved.headers().get("ETag")).isNotEqualTo(tag);
  }

  @Test
  void packsWhatIsLongWhereTheClientTakesIt() {
    create("lab", "t", ", \"properties\": {\"long\": \"%s\"}".formatted("x".repeat(5000)));
    for (String accepts : List.of("gzip", "deflate, gzip;q=0.5", "GZIP, br")) {
      Answer packed =
          call("GET", "namespaces/lab/tables/t", Map.of(), Map.of("accept-encoding", accepts));
      assertThat(packed.headers()).as(accepts).containsEntry("Content-Encoding", "gzip");
      assertThat(packed.json()).isEqualTo(get("namespaces/lab/tables/t").json());
    }
    for (String accepts : List.of("identity", "gzip;q=0", "br")) {
      Answer plain =
          call("GET", "namespaces/lab/tables/t", Map.of(), Map.of("accept-encoding", accepts));
      assertThat(plain.headers()).as(accepts).doesNotContainKey("Content-Encoding");
    }
  }

  @Test
  void givesPagesWhereTheyAreAskedFor() {
    for (int i = 0; i < 5; i++) {
      create("t" + i);
    }
    var seen = new ArrayList<String>();
    String token = "";
    while (token != null) {
      Answer page =
          call(
              "GET",
              "namespaces/lab/tables",
              Map.of("pageToken", token, "pageSize", "2"),
              Map.of());
      page.json().path("identifiers").forEach(each -> seen.add(each.path("name").asText()));
      token = page.json().path("next-page-token").asText(null);
    }
    assertThat(seen).containsExactlyInAnyOrder("t0", "t1", "t2", "t3", "t4");
    assertThat(get("namespaces/lab/tables").json().path("identifiers")).hasSize(5);
    assertThat(
            call("GET", "namespaces", Map.of("pageToken", "x", "pageSize", "2"), Map.of())
                .message())
        .isEqualTo("400 Invalid pageToken: no earlier page gave it. Begin with an empty one.");
    assertThat(
            call("GET", "namespaces", Map.of("pageToken", "", "pageSize", "-1"), Map.of())
                .message())
        .isEqualTo("400 Invalid pageSize: -1 (must be 1 or more)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gold.deep", "a.b", "", " ", "a\\u0000b", "a\\tb"})
  void refusesNamespacesThatWouldBeOthers(String name) {
    assertThat(post("namespaces", "{\"namespace\": [\"%s\"]}".formatted(name)).message())
        .startsWith("400 Invalid ");
    assertThat(post("namespaces", "{\"namespace\": [\"lab\", \"%s\"]}".formatted(name)).message())
        .startsWith("400 Invalid ");
  }

  @Test
  void takesNoOtherWayToANamespace() {
    post("namespaces", "{\"namespace\": [\"lab\", \"deep\"]}");
    create("lab%1Fdeep", "t", "");
    assertThat(get("namespaces/lab%1Fdeep/tables/t").status()).isEqualTo(200);
    assertThat(get("namespaces/lab.deep/tables/t").message())
        .isEqualTo("404 Namespace does not exist: lab.deep");
    assertThat(create("gold.deep", "t", "").message())
        .isEqualTo("404 Namespace does not exist: gold.deep");
    assertThat(create("gold%1Fdeep", "t", "").message())
        .startsWith("403 Cannot create gold.deep.t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Notes-2", "a b", "a/b", "..", "a%20b", "é✓", "a.b", "a?b#c", "'\"", "CON", "_", "7", "a:b"
      })
  void takesATableOfAnyLegalName(String name) throws Exception {
    Answer created = create(name);
    assertThat(created.status()).as(created.message()).isEqualTo(200);
    String encoded = URLEncoder.encode(name, UTF_8).replace("+", "%20").replace(".", "%2E");
    assertThat(get("namespaces/lab/tables/" + encoded).status()).isEqualTo(200);
    Path place = path(created.json().path("metadata").path("location"));
    assertThat(place.normalize()).isEqualTo(place).startsWith(folder.toAbsolutePath());
    assertThat(place.getParent().getFileName()).hasToString("lab");
    try (var cut = lake.cut(folder.resolve("copy.db"))) {
      Cut.Tables tables = cut.tables();
      assertThat(tables.whole()).extracting(TableFiles::table).containsExactly("lab." + name);
      assertThat(tables.leftOut()).isEmpty();
    }
  }

  @Test
  void backsUpWhatIsWholeWhateverOtherEnginesHaveLost() throws Exception {
    create("kept");
    Files.delete(path(create("lost").json().path("metadata-location")));
    Path copy = folder.resolve("copy.db");
    try (var cut = lake.cut(copy)) {
      Cut.Tables tables = cut.tables();
      assertThat(tables.whole()).extracting(TableFiles::table).containsExactly("lab.kept");
      assertThat(tables.leftOut()).hasSize(1);
      assertThat(tables.leftOut().getFirst().table()).isEqualTo("lab.lost");
      assertThat(tables.leftOut().getFirst().reason()).startsWith("Failed to open input stream");
      assertThat(CatalogFile.tables(copy).keySet()).hasToString("[lab.kept]");
    }
  }

  @Test
  void givesEachTableAFolderOfItsOwn() {
    String first = create("t").json().path("metadata").path("location").asText();
    post(
        "tables/rename",
        """
        {"source": {"namespace": ["lab"], "name": "t"},
         "destination": {"namespace": ["lab"], "name": "u"}}
        """);
    assertThat(create("t").json().path("metadata").path("location").asText()).isNotEqualTo(first);
  }

  @Test
  void makesTheFolderOfATableThatIsOnlyStaged() {
    Answer staged = create("lab", "t", ", \"stage-create\": true");
    assertThat(path(staged.json().path("metadata").path("location")).resolve("data")).isDirectory();
    assertThat(get("namespaces/lab/tables/t").status()).isEqualTo(404);
  }

  @Test
  void takesBackATableByItsMetadata() throws Exception {
    String metadata = create("t").json().path("metadata-location").asText();
    call("DELETE", "namespaces/lab/tables/t", Map.of(), Map.of());
    String body = "{\"name\": \"%s\", \"metadata-location\": \"%s\"}";
    assertThat(post("namespaces/lab/register", body.formatted("again", metadata)).status())
        .isEqualTo(200);
    assertThat(get("namespaces/lab/tables/again").json().path("metadata-location").asText())
        .isEqualTo(metadata);
    assertThat(post("namespaces/lab/register", body.formatted("again", metadata)).message())
        .startsWith("409 Table already exists: lab.again");
    assertThat(post("namespaces/silver/register", body.formatted("x", metadata)).message())
        .startsWith("403 Cannot register silver.x");
    Path elsewhere = Files.createTempFile("elsewhere", ".metadata.json");
    assertThat(post("namespaces/lab/register", body.formatted("x", elsewhere.toUri())).message())
        .startsWith("403 Cannot register " + elsewhere.toUri());
    Files.delete(elsewhere);
  }

  @Test
  void saysThatMetadataIsMissing() throws Exception {
    Path metadata = path(create("t").json().path("metadata-location"));
    Files.delete(metadata);
    lake.close();
    lake = TestLake.open(folder);
    catalog = lake.rest(Set.of());
    assertThat(get("namespaces/lab/tables/t").message())
        .startsWith("404 Failed to open input stream for file: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST|namespaces/none/tables|{\"name\": \"t\", \"schema\": {\"type\": \"struct\","
            + " \"fields\": []}}|404 Namespace does not exist: none",
        "POST|namespaces/none/tables/t|{\"requirements\": [], \"updates\": []}"
            + "|404 Namespace does not exist: none",
        "GET|namespaces/none/tables||404 Namespace does not exist: none",
        "GET|namespaces/none/views||404 Namespace does not exist: none",
        "GET|namespaces/lab/views/v||404 View does not exist: lab.v (Lode has no views)",
        "POST|namespaces/lab/properties|{\"removals\": [\"a\"], \"updates\": {\"a\": \"b\"}}"
            + "|422 Invalid namespace update, cannot simultaneously set and remove keys: [a]",
        "GET|namespaces/lab/tables/none||404 Table does not exist: lab.none",
        "POST|namespaces/lab/tables|{}|400 Invalid",
        "POST|namespaces/lab/tables/none|{\"updates\": [{\"action\": \"fly\"}]}|400 Invalid",
      })
  void answersWithTheProtocolsStatus(String method, String path, String body, String message) {
    var call =
        new Catalog.Call(
            "default", method, "v1/" + path, Map.of(), Map.of(), bytes(body == null ? "" : body));
    assertThat(call(call).message()).startsWith(message);
  }

  @Test
  void showsTheLastMomentThatNeededNoDeletesWhereReadersKnowNone() throws Exception {
    TableName sale = TableName.of("silver.sale");
    lake.ensure(
        new TableSpec(
            sale,
            List.of(
                TableSpec.Field.required("tenant_id", "VARCHAR", "tenant"),
                TableSpec.Field.required("id", "INTEGER", "key")),
            List.of("tenant_id", "id"),
            List.of(),
            "Sales."));
    catalog = lake.rest(Set.of(sale));
    assertThat(served()).as("nothing was committed").isNull();
    upsert(sale, "SELECT 'a' AS tenant_id, range::INTEGER AS id FROM range(3)");
    Long first = served();
    assertThat(first).isEqualTo(lake.head(sale).orElseThrow().id());
    upsert(sale, "SELECT 'a' AS tenant_id, 1 AS id");
    assertThat(lake.upkeep().size(sale).deleted()).isEqualTo(1);
    assertThat(served()).isEqualTo(first);
    JsonNode table = get("namespaces/silver/tables/sale").json();
    Path written = path(table.path("metadata-location"));
    assertThat(JSON.readTree(written.toFile()).path("current-snapshot-id").asLong())
        .isEqualTo(first);
    Files.delete(written);
    assertThat(served()).as("made again").isEqualTo(first);
    var files = lake.upkeep().files(sale).stream().map(TableFile::location).toList();
    assertThat(lake.upkeep().rewrite(sale, Set.copyOf(files))).isTrue();
    assertThat(served()).isNotEqualTo(first);
    catalog = lake.rest(Set.of());
    assertThat(served()).as("any other table is shown as it is").isNotEqualTo(first);
  }

  private void upsert(TableName table, String select) {
    try (var session = lake.session()) {
      session.upsert(table, new Upsert(List.of("tenant_id", "id"), select, null), Progress.NONE);
    }
  }

  /** The current snapshot as readers are told. */
  private Long served() {
    JsonNode id =
        get("namespaces/silver/tables/sale").json().path("metadata").path("current-snapshot-id");
    return id.isMissingNode() || id.isNull() || id.asLong() == -1 ? null : id.asLong();
  }

  @Test
  void takesReportsOfScansAndLooksForViews() {
    create("t");
    assertThat(
            post(
                    "namespaces/lab/tables/t/metrics",
                    """
                    {"report-type": "scan-report", "table-name": "lab.t", "snapshot-id": 1,
                     "filter": true, "schema-id": 0, "projected-field-ids": [1],
                     "projected-field-names": ["a"], "metrics": {}}
                    """)
                .status())
        .isEqualTo(204);
    assertThat(call("HEAD", "namespaces/lab/views/t", Map.of(), Map.of()).status()).isEqualTo(404);
    assertThat(get("namespaces/lab/views").json().path("identifiers")).isEmpty();
    assertThat(
            call("GET", "namespaces/lab/tables/t", Map.of("snapshots", "few"), Map.of()).message())
        .isEqualTo("400 Invalid snapshots: few (must be all or refs)");
  }
}
