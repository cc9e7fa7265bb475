package dev.lode.silver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.codecs.ColumnNames;
import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How columns are found in records, on the real engine. */
class NamingTest {
  private static final String COLUMNS =
      """
      {name: a, physicalType: VARCHAR},
      {name: amount_eur, physicalType: 'DECIMAL(18,2)'},
      {name: uname, physicalType: VARCHAR,
       customProperties: [{property: source, value: user.name}]},
      {name: city, physicalType: VARCHAR,
       customProperties: [{property: source, value: user.address.city}]}\
      """;

  @TempDir static Path folder;
  private static Lake lake;

  @BeforeAll
  static void open() {
    lake = TestLake.open(folder);
  }

  @AfterAll
  static void close() {
    lake.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "{'a':'x','amount_eur':'4.00'} | x ; 4.00 ; - ; -",
        "{'A':'x','AMOUNT_EUR':'4.00'} | x ; 4.00 ; - ; -",
        "{'amountEur':4} | - ; 4.00 ; - ; -",
        "{'Amount-Eur':4} | - ; 4.00 ; - ; -",
        "{'Amount (EUR)':4} | - ; 4.00 ; - ; -",
        "{'A_':'other','a':'exact'} | exact ; - ; - ; -",
        "{'a':'exact','A_':'other'} | exact ; - ; - ; -",
        "{'a':null,'A':'x'} | - ; - ; - ; -",
        "{'user':{'name':'n'}} | - ; - ; n ; -",
        "{'user.name':'n'} | - ; - ; n ; -",
        "{'User.Name':'n'} | - ; - ; n ; -",
        "{'user.name':'flat','user':{'name':'nested'}} | - ; - ; nested ; -",
        "{'user':{'Name':'n'}} | - ; - ; n ; -",
        "{'User':{'NAME':'n'}} | - ; - ; n ; -",
        "{'User':{'NAME':'n','Address':{'City':'c'}}} | - ; - ; n ; c",
        "{'User':{'name':'n','address':{'city':'c'}},'A':'x'} | x ; - ; n ; c",
        "{'user':{'address':{'city':'c'}}} | - ; - ; - ; c",
        "{'user':{'address.city':'c'},'a':'x'} | x ; - ; - ; -",
        "{'user.address.city':'c'} | - ; - ; - ; c",
        "{'uname':'n'} | - ; - ; n ; -",
        "{'a':'q\\\"u','x':[1,2]} | q\"u ; - ; - ; -",
        "{'A':'{\\\"a\\\":1}'} | {\"a\":1} ; - ; - ; -",
        "{'A':{'b':1}} | {\"b\":1} ; - ; - ; -",
        "{'a':'x','user':null} | x ; - ; - ; -",
        "{'a':'x','user':7} | x ; - ; - ; -",
      })
  void findsJsonNames(String json, String read) {
    assertThat(read(COLUMNS, null, json.replace('\'', '"'))).isEqualTo(row(read));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "a,amount_eur | x,4 | x ; 4.00 ; - ; -",
        "A_,b,a | other,1,exact | exact ; - ; - ; -",
        "User.Name,USER.ADDRESS.CITY | n,c | - ; - ; n ; c",
        "Amount (EUR),,uname | 4,5,n | - ; 4.00 ; n ; -",
        "\"a\",' Amount EUR ' | x,4 | x ; 4.00 ; - ; -",
      })
  void findsCsvHeadersByTheSameRule(String header, String record, String read) {
    assertThat(read(COLUMNS, header, record)).isEqualTo(row(read));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "- | {'a':1,'a':2} | a is there twice",
        "- | {'a':1,'x':2,'x':2} | x is there twice",
        "- | {'user':{'name':1,'name':2}} | user.name is there twice",
        "- | {'A':1,'A_':2} | A could be either of two",
        "- | {'User':{'NAME':1,'Name':2}} | User.NAME could be either of two",
        "- | {'x':1,'y':2}" + " | no column is named so: x, y; known: a, amount_eur, uname, city",
        "- | {} | no column is named so: no name; known: a, amount_eur, uname, city",
        "a,b,a | 1,2,3 | a is there twice",
        "A_,A- | 1,2 | A_ could be either of two",
        "a;b;c | x;1;y | no column is named so: a;b;c; known: a, amount_eur, uname, city",
        "a\tb | x\t1 | no column is named so: a\tb; known: a, amount_eur, uname, city",
      })
  void rejectsWhatItCannotTell(String header, String record, String reason) {
    var records = List.<Object[]>of(record(header, record.replace('\'', '"')));
    var contract = contract(COLUMNS, "");
    var shapes = new Shapes(contract);
    try (var session = evaluated(shapes, records)) {
      session.execute("CREATE TEMP VIEW rejected_batch AS SELECT * FROM bronze_batch");
      var reasons = session.query(Evaluation.reasons(contract, shapes), 10).rows();
      assertThat(reasons.getFirst().getLast()).isEqualTo(reason.replace("User.", "user."));
    }
  }

  @Test
  void aNameThatTwoColumnsCouldMeanIsTakenByNeither() {
    String columns = "{name: ab, physicalType: VARCHAR}, {name: a_b, physicalType: VARCHAR}";
    assertThat(read(columns, null, "{\"ab\":\"1\"}")).isEqualTo(Arrays.asList("1", null, null));
    assertThat(read(columns, null, "{\"ab\":\"1\",\"a_b\":\"2\"}"))
        .isEqualTo(Arrays.asList("1", "2", null));
    assertThat(read(columns, null, "{\"AB\":\"1\"}").getLast()).isEqualTo("ambiguous_name");
    assertThat(read(columns, "aB", "1").getLast()).isEqualTo("ambiguous_name");
  }

  @Test
  void readsShapesOfOneBatchEachByItself() {
    String columns =
        """
        {name: id, physicalType: VARCHAR, required: true},
        {name: uname, physicalType: VARCHAR,
         customProperties: [{property: source, value: user.name}]},
        {name: amount_eur, logicalType: number, physicalType: 'DECIMAL(18,2)'}""";
    var records = new ArrayList<Object[]>();
    records.add(record(null, "{\"id\":\"1\",\"AMOUNT_EUR\":\"4.00\"}"));
    records.add(record(null, "{\"id\":\"2\",\"user.name\":\"flat\"}"));
    records.add(record(null, "{\"id\":\"3\",\"amount_eur\":1,\"amount_eur\":2}"));
    records.add(record(null, "{\"id\":\"6\",\"amount_eru\":\"9.00\"}"));
    assertThat(
            evaluate(
                contract(columns, ""),
                records,
                "id, uname, CAST(amount_eur AS VARCHAR), _rejected"))
        .containsExactlyInAnyOrder(
            Arrays.asList("1", null, "4.00", null),
            Arrays.asList("2", "flat", null, null),
            Arrays.asList("3", null, "1.00", "ambiguous_name"),
            Arrays.asList("6", null, null, null));
  }

  @Test
  void tellsOfNamesThatNoColumnTakes() {
    String json =
        "{\"a\":\"x\",\"amount_eru\":1,\"user\":{\"name\":\"n\",\"nick\":2,"
            + "\"address\":{}},\"A\":3}";
    var warned = contract(COLUMNS, "");
    assertThat(evaluate(warned, List.<Object[]>of(record(null, json)), "_unknown, _rejected"))
        .containsExactly(Arrays.asList(List.of("amount_eru", "A", "user.nick"), null));
    assertThat(
            evaluate(
                warned, List.<Object[]>of(record("a,amount_eru", "x,1")), "_unknown, _rejected"))
        .containsExactly(Arrays.asList(List.of("amount_eru"), null));

    var ignored = contract(COLUMNS, "- {property: onUnknown, value: ignore}");
    assertThat(evaluate(ignored, List.<Object[]>of(record(null, json)), "_unknown, _rejected"))
        .containsExactly(Arrays.asList(null, null));
    var refused = contract(COLUMNS, "- {property: onUnknown, value: quarantine}");
    assertThat(evaluate(refused, List.<Object[]>of(record(null, json)), "_rejected"))
        .containsExactly(List.of("unknown_field"));
  }

  @Test
  void looksForColumnsOfAChangeEventInItsRecordAlone() {
    var contract =
        contract(
            """
            {name: id, physicalType: VARCHAR, primaryKey: true},
            {name: v, physicalType: VARCHAR}\
            """,
            """
            - {property: mode, value: upsert}
            - {property: envelope, value: {record: payload.after, before: payload.before,
                op: payload.op}}\
            """);
    var events = new ArrayList<Object[]>();
    events.add(
        record(
            null,
            "{\"schema\":{},\"payload\":{\"op\":\"u\",\"ts_ms\":1,\"before\":{\"id\":\"1\"},"
                + "\"after\":{\"ID\":\"1\",\"V\":\"x\",\"w\":2}}}"));
    events.add(
        record(null, "{\"payload\":{\"op\":\"d\",\"before\":{\"Id\":\"1\"},\"after\":null}}"));
    assertThat(evaluate(contract, events, "id, v, _op, _unknown, _rejected"))
        .containsExactlyInAnyOrder(
            Arrays.asList("1", "x", "u", List.of("payload.after.w"), null),
            Arrays.asList("1", null, "d", null, null));
  }

  /** Ingest compares headers in Java, Silver in the engine's SQL. */
  @Test
  void comparesNamesInSqlAsInJava() {
    RandomCases.check(
        50,
        random ->
            random.list(
                1,
                40,
                () ->
                    random.text(
                        6, "a", "B", "É", "e\u0301", "ß", "_", "-", " ", ".", "\t", "(", "]", "'",
                        "\"", "\\", "/", ":", ";", "%", "1", "\u00a0", "İ", "名", "$")),
        names -> {
          try (var session = lake.session()) {
            String sql =
                names.stream()
                    .map(name -> Naming.folded(Quote.text(name)))
                    .collect(Collectors.joining(", "));
            assertThat(session.query("SELECT " + sql, 1).rows().getFirst())
                .isEqualTo(names.stream().map(ColumnNames::folded).toList());
          }
        });
  }

  /** Every spelling is found, and in records of many shapes at once. */
  @Test
  void readsWhatWasWrittenInAnyShape() {
    var contract = contract(COLUMNS, "");
    RandomCases.check(
        40,
        random -> random.list(1, 60, () -> drawn(random)),
        drawn -> {
          var records = drawn.stream().map(one -> record(null, one.getFirst())).toList();
          var read = evaluate(contract, records, "a, uname, city, lineage_id");
          for (int i = 0; i < records.size(); i++) {
            Object id = records.get(i)[1];
            var row = read.stream().filter(one -> one.getLast().equals(id)).findFirst();
            assertThat(row.orElseThrow().subList(0, 3)).isEqualTo(drawn.get(i).subList(1, 4));
          }
        });
  }

  /** A record, and what its columns are. */
  private static List<String> drawn(RandomCases random) {
    String a = random.one("x", "y\\\"z", "{", "}");
    String name = random.one("n", "\\u00e9", "\\\"Name\\\":1");
    String city = random.one("c", ":", "[");
    var members = new ArrayList<String>();
    members.add("\"" + random.one("a", "A", "A_", " a") + "\":\"" + a + "\"");
    members.add("\"other\":" + random.one("1", "null", "{\"name\":2}", "[{\"a\":1}]"));
    String user = random.one("user", "User", "USER");
    String address = random.one("address", "Address", "ad-dress");
    members.add(
        "\"%s\":{\"%s\":\"%s\", \"%s\" : {\"%s\":\"%s\"}}"
            .formatted(
                user,
                random.one("name", "NAME", "Name"),
                name,
                address,
                random.one("city", "City", "ci_ty"),
                city));
    if (random.one(true, false)) {
      members.addFirst(members.removeLast());
    }
    return List.of(
        "{" + String.join(",", members) + "}",
        a.replace("\\\"", "\""),
        name.replace("\\u00e9", "é").replace("\\\"", "\""),
        city);
  }

  /** Values between semicolons, - for none; and that the record is accepted. */
  private static List<Object> row(String values) {
    var row = new ArrayList<Object>();
    for (String value : values.split(" ; ", -1)) {
      row.add(value.equals("-") ? null : value);
    }
    row.add(null);
    return row;
  }

  private static List<Object> read(String columns, String header, String payload) {
    var contract = contract(columns, "");
    String select =
        contract.columns().stream()
            .map(name -> "CAST(" + name + " AS VARCHAR)")
            .collect(Collectors.joining(", "));
    return evaluate(contract, List.<Object[]>of(record(header, payload)), select + ", _rejected")
        .getFirst();
  }

  private static Contract contract(String properties, String settings) {
    try {
      Path file = Files.createTempDirectory(folder, "contract").resolve("x.yaml");
      String mode = settings.contains("mode") ? "" : "- {property: mode, value: append}\n";
      Files.writeString(
          file,
          """
          apiVersion: v3.1.0
          kind: DataContract
          id: x
          version: 1.0.0
          status: active
          schema: [{name: x, properties: [%s]}]
          customProperties:
          - {property: upstream, value: bronze.x_x}
          %s%s
          """
              .formatted(properties, mode, settings));
      return Contracts.read(file.getParent()).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object[] record(String header, String payload) {
    return new Object[] {
      "acme",
      UUID.randomUUID(),
      "x",
      "x",
      UUID.randomUUID(),
      1L,
      Instant.parse("2025-11-30T12:00:00Z"),
      null,
      "c",
      header == null ? "json" : "csv",
      header == null ? null : header.getBytes(StandardCharsets.UTF_8),
      payload.getBytes(StandardCharsets.UTF_8),
      null,
      null
    };
  }

  private static List<List<Object>> evaluate(
      Contract contract, List<Object[]> records, String columns) {
    try (var session = evaluated(new Shapes(contract), records)) {
      return session.query("SELECT " + columns + " FROM evaluated", 1000).rows();
    }
  }

  private static Session evaluated(Shapes shapes, List<Object[]> records) {
    var session = lake.session();
    session.load(
        Evaluation.BATCH,
        """
        tenant_id VARCHAR, lineage_id UUID, source VARCHAR, entity VARCHAR, batch_id UUID,
        position BIGINT, ingest_time TIMESTAMPTZ, event_time TIMESTAMPTZ, op VARCHAR,
        format VARCHAR, header BLOB, payload BLOB, hash BLOB, defect VARCHAR\
        """,
        records);
    shapes.evaluate(session);
    return session;
  }
}
