package dev.lode.silver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.Lake;
import dev.lode.tables.Session;
import dev.lode.tables.TestLake;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One statement, on the real engine. */
class EvaluationTest {
  private static final byte[] KEY = "a secret for tests".getBytes(StandardCharsets.UTF_8);
  private static final Instant NOW = Instant.parse("2025-11-30T12:00:00Z");

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
  @CsvSource({
    "INTEGER, 5, 5",
    "INTEGER, ' 5 ', 5",
    "INTEGER, 5.0, 5",
    "INTEGER, -5, -5",
    "INTEGER, 5.5, ",
    "INTEGER, 0x10, ",
    "INTEGER, 1_000, ",
    "INTEGER, 2147483648, ",
    "BIGINT, 9007199254740993, 9007199254740993",
    "'DECIMAL(18,2)', 12.50, 12.50",
    "'DECIMAL(18,2)', 1e2, 100.00",
    "'DECIMAL(18,2)', 12.505, ",
    "'DECIMAL(18,2)', 99999999999999.99, 99999999999999.99",
    "'DECIMAL(18,2)', '1,5', ",
    "'DECIMAL(18,2)', 1_0.5, ",
    "'DECIMAL(38,10)', 123456789012345678901234.0000000001, 123456789012345678901234.0000000001",
    "DOUBLE, 1.5, 1.5",
    "DOUBLE, NaN, ",
    "DOUBLE, inf, ",
    "BOOLEAN, true, true",
    "BOOLEAN, maybe, ",
    "DATE, 2025-11-30, 2025-11-30",
    "DATE, 2025-11-30T10:00:00Z, ",
    "DATE, 2025-02-30, ",
    "TIMESTAMP WITH TIME ZONE, 2025-11-30 10:00:00, 2025-11-30 10:00:00+00",
    "TIMESTAMP WITH TIME ZONE, 2025-11-30T10:00:00.123456-03:00, 2025-11-30 13:00:00.123456+00",
    "TIMESTAMP WITH TIME ZONE, infinity, ",
    "TIMESTAMP, 2025-11-30T10:00:00-03:00, 2025-11-30 13:00:00",
    "UUID, 019a0000-0000-7000-8000-000000000000, 019a0000-0000-7000-8000-000000000000",
    "UUID, 42, ",
    "VARCHAR[], '[\"a\",\"b\"]', '[a, b]'",
    "VARCHAR[], a, "
  })
  void readsATextAsATypeWithoutLossOrNotAtAll(String type, String text, String read) {
    var contract = contract("{name: x, physicalType: '" + type + "'}");
    String json = "{\"x\": \"" + text.replace("\"", "\\\"") + "\"}";

    assertThat(evaluate(contract, null, json, "CAST(x AS VARCHAR), _rejected"))
        .containsExactly(Arrays.asList(read, read == null ? "x_type" : null));
  }

  @Test
  void readsLongJsonNumbersPastTheDouble() {
    var contract = contract("{name: unit_price, physicalType: 'DECIMAL(38,10)'}");

    assertThat(
            evaluateAll(
                contract,
                List.of(
                    "{\"unit_price\": 99999999999999.99}",
                    "{\"unit_price\": 12345678901234567890.123456789}",
                    "{\"unit_price\": 1e3}",
                    "{\"unit_price\": 0.1}"),
                "unit_price"))
        .containsExactlyInAnyOrder(
            List.of(new BigDecimal("99999999999999.9900000000")),
            List.of(new BigDecimal("12345678901234567890.1234567890")),
            List.of(new BigDecimal("1000.0000000000")),
            List.of(new BigDecimal("0.1000000000")));
  }

  @Test
  void findsCsvColumnsByHeaderWhateverTheirCaseOrderAndNumber() {
    var contract =
        contract(
            """
            {name: customer_id, physicalType: VARCHAR},
            {name: paid, physicalType: INTEGER,
             customProperties: [{property: source, value: 'Amount Paid'}]}\
            """);
    var records = new ArrayList<Object[]>();
    records.add(record("Customer_ID,Amount Paid", "a,1"));
    records.add(record("\uFEFFamount-paid,other,CustomerId", "2,x,b"));
    records.add(record("customer_id", "c"));
    records.add(record("customer_id,paid", "\"d, e\",4"));

    assertThat(evaluate(contract, records, "customer_id, paid"))
        .containsExactlyInAnyOrder(
            List.of("a", 1), List.of("b", 2), Arrays.asList("c", null), List.of("d, e", 4));
  }

  @Test
  void saysWhyARecordCannotBeRead() {
    var contract = contract("{name: a, physicalType: VARCHAR}");
    var records = new ArrayList<Object[]>();
    records.add(record("a,b", "1"));
    records.add(record("a,b", "\"1,2"));
    records.add(record(null, "{\"a\": "));
    records.add(record(null, "[1]"));
    Object[] latin = record(null, "");
    latin[PAYLOAD] = new byte[] {'{', (byte) 0xff, '}'};
    records.add(latin);
    Object[] defect = record(null, "{}");
    defect[DEFECT] = "malformed: Unexpected character 'x'";
    records.add(defect);

    assertThat(reasons(contract, records))
        .containsExactlyInAnyOrder(
            "the record has 1 fields, its header 2",
            "the quotes of the record do not pair up",
            "the record is not a JSON object",
            "the record is not a JSON object",
            "the record is not UTF-8",
            "malformed: Unexpected character 'x'");
  }

  @Test
  void makesTextsEven() {
    var contract =
        contract(
            """
            {name: a, physicalType: VARCHAR,
             customProperties: [{property: normalise, value: [trim, collapse, upper]}]},
            {name: b, physicalType: VARCHAR,
             customProperties: [{property: normalise, value: [{stripSuffix: '.0'}, digits]}]},
            {name: c, physicalType: VARCHAR,
             customProperties: [{property: normalise, value: [{nullTokens: ['n/a', none]}]}]},
            {name: d, physicalType: VARCHAR,
             transformLogic: "{property} || '/' || ({payload}->>'b')"}
            """);

    assertThat(
            evaluate(
                contract,
                null,
                "{\"a\":\" x \\t y \",\"b\":\"+55 1.0\",\"c\":\"N/A\",\"d\":\"z\"}",
                "a, b, c, d"))
        .containsExactly(Arrays.asList("X Y", "551", null, "z/+55 1.0"));
    assertThat(evaluate(contract, null, "{\"a\":\"\",\"b\":null}", "a, b, c, d"))
        .containsExactly(Arrays.asList(null, null, null, null));
  }

  /** Whoever looks first whether there is anything to do must find each of it. */
  @ParameterizedTest
  @CsvSource({
    "'[trim]', ' x', x",
    "'[trim]', 'x\\n', x",
    "'[trim]', '\\rx  y\\t', 'x  y'",
    "'[collapse]', 'x  y', 'x y'",
    "'[collapse]', ' x\\ty', ' x y'",
    "'[collapse]', 'x\\fy', 'x y'",
    "'[collapse, trim]', '\\fx y\\n', 'x y'",
    "'[trim, collapse]', 'x y', 'x y'",
    "'[trim, {stripSuffix: z}, trim]', ' x z', x",
  })
  void findsEveryBlank(String steps, String text, String even) {
    var contract =
        contract(
            "{name: a, physicalType: VARCHAR, customProperties: [{property: normalise, value: "
                + steps
                + "}]}");
    assertThat(evaluate(contract, null, "{\"a\":\"" + text + "\"}", "a"))
        .containsExactly(List.of(even));
  }

  @Test
  void marksFormatAndBusinessRulesAndRejectsSchemaRules() {
    var contract =
        contract(
            """
            {name: id, physicalType: VARCHAR, required: true},
            {name: email, logicalType: string, logicalTypeOptions: {format: email, maxLength: 12}},
            {name: rating, physicalType: INTEGER, logicalTypeOptions: {minimum: 1, maximum: 5},
             customProperties: [{property: onFail, value: {range: warn}}]},
            {name: kind, logicalType: string, quality: [{id: kind_known, metric: invalidValues,
             arguments: {validValues: [a, b]}, mustBe: 0}]},
            {name: price, physicalType: 'DECIMAL(9,2)', quality: [{id: positive, type: sql,
             query: 'SELECT count(*) FROM {object} WHERE {property} <= 0', mustBe: 0}]}\
            """);

    assertThat(
            evaluate(
                contract,
                null,
                "{\"id\":\"1\",\"email\":\"a.b@c.example\",\"rating\":6,"
                    + "\"kind\":\"c\",\"price\":0}",
                "_flags, _rejected"))
        .containsExactly(
            Arrays.asList(List.of("email_length", "rating_range", "kind_known", "positive"), null));
    assertThat(
            evaluate(
                contract,
                null,
                "{\"email\":\"nobody\",\"rating\":\"many\"}",
                "_failed, _flags, _rejected"))
        .containsExactly(
            List.of(
                List.of("id_required", "email_format", "rating_type"),
                List.of("email_format"),
                "id_required"));
    assertThat(
            evaluate(
                contract,
                null,
                "{\"id\":\"1\",\"email\":\"a@b.example\",\"rating\":5,\"kind\":\"a\",\"price\":1}",
                "_failed, _flags, _rejected"))
        .containsExactly(Arrays.asList(List.of(), List.of(), null));
  }

  @Test
  void aReasonNeverTellsAHiddenValue() {
    var contract =
        contract(
            """
            {name: phone, physicalType: VARCHAR, logicalTypeOptions: {pattern: '^[0-9]+$'},
             customProperties: [{property: onFail, value: quarantine},
               {property: masking, value: {method: redact}}]},
            {name: n, physicalType: INTEGER}\
            """);
    Object[] defect = record(null, "{}");
    defect[DEFECT] = "malformed: Unrecognized token 'secret' after \"secret\"";

    assertThat(
            reasons(contract, List.of(record(null, "{\"phone\":\"secret\",\"n\":\"x\"}"), defect)))
        .containsExactlyInAnyOrder(
            "phone *** does not match ^[0-9]+$; n 'x' cannot be read as INTEGER without loss",
            "malformed: Unrecognized token *** after ***");
  }

  @Test
  void masksByEveryMethod() throws Exception {
    var contract =
        contract(
            """
            {name: a, physicalType: VARCHAR,
             customProperties:
               [{property: masking, value: {method: mask, keepFirst: 1, keepLast: 2}}]},
            {name: b, physicalType: VARCHAR,
             customProperties: [{property: masking, value: {method: hash}}]},
            {name: c, physicalType: VARCHAR,
             customProperties: [{property: masking, value: {method: tokenize}}]},
            {name: d, physicalType: VARCHAR,
             customProperties: [{property: masking, value: {method: redact}}]},
            {name: e, physicalType: INTEGER,
             customProperties: [{property: masking, value: {method: redact}}]},
            {name: f, physicalType: VARCHAR,
             customProperties: [{property: masking, value: {method: keep}}]}\
            """);
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
    String hash =
        HexFormat.of().formatHex(mac.doFinal("acme\u001fseñor".getBytes(StandardCharsets.UTF_8)));

    String record =
        "{\"a\":\"señora\",\"b\":\"señor\",\"c\":\"señor\",\"d\":\"x\",\"e\":1,\"f\":\"open\"}";
    assertThat(evaluate(contract, null, record, "a, b, c, d, e, f"))
        .containsExactly(
            Arrays.asList(
                "s***ra", hash, "tok_" + hash.substring(0, 24), "[redacted]", null, "open"));
    assertThat(evaluate(contract, null, "{\"a\":\"abc\"}", "a, b, c, d"))
        .containsExactly(Arrays.asList("***", null, null, null));
  }

  private static final int PAYLOAD = 11;
  private static final int DEFECT = 13;

  /** A contract of these properties, in mode append. */
  private static Contract contract(String properties) {
    try {
      Path file = Files.createTempDirectory(folder, "contract").resolve("x.yaml");
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
            - {property: mode, value: append}
          """
              .formatted(properties));
      return Contracts.read(file.getParent()).getFirst();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
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
      NOW,
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
      Contract contract, String header, String payload, String columns) {
    return evaluate(contract, List.<Object[]>of(record(header, payload)), columns);
  }

  private static List<List<Object>> evaluateAll(
      Contract contract, List<String> payloads, String columns) {
    return evaluate(contract, payloads.stream().map(one -> record(null, one)).toList(), columns);
  }

  private static List<List<Object>> evaluate(
      Contract contract, List<Object[]> records, String columns) {
    try (var session = evaluated(new Shapes(contract), records)) {
      return session.query("SELECT " + columns + " FROM evaluated", 1000).rows();
    }
  }

  private static List<Object> reasons(Contract contract, List<Object[]> records) {
    var shapes = new Shapes(contract);
    try (var session = evaluated(shapes, records)) {
      session.execute("CREATE TEMP VIEW rejected_batch AS SELECT * FROM bronze_batch");
      return session.query(Evaluation.reasons(contract, shapes), 1000).rows().stream()
          .map(List::getLast)
          .toList();
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
    List<Object[]> key = List.<Object[]>of(new Object[] {block(0x36), block(0x5c), true});
    session.load(Evaluation.HMAC_KEY, "_inner BLOB, _outer BLOB, _salted BOOLEAN", key);
    shapes.evaluate(session);
    return session;
  }

  private static byte[] block(int with) {
    byte[] block = Arrays.copyOf(KEY, 64);
    for (int i = 0; i < block.length; i++) {
      block[i] ^= (byte) with;
    }
    return block;
  }
}
