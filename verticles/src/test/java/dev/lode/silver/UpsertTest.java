package dev.lode.silver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.silver.contract.Contract;
import dev.lode.silver.contract.Contracts;
import dev.lode.tables.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that replace each other. */
class UpsertTest {
  private static final Contract INVOICE = Fixture.demo("invoice");
  private static final Contract NOTE = Fixture.demo("support_note");
  private static final Contract CUSTOMER = Fixture.demo("customer");

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void open() {
    fixture = Fixture.open(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theNewestBySourceOrderWinsWhateverTheOrderOfArrival() {
    fixture.work(INVOICE);
    arrive(INVOICE, change("u", "A", 3, "paid"), change("c", "A", 1, "draft"));
    fixture.run();
    arrive(INVOICE, change("u", "A", 2, "open"), change("c", "B", 5, "open"));
    fixture.run();

    assertThat(fixture.silver("invoice_id, status, _ordering"))
        .containsExactly(
            List.of("A", "paid", List.of(3L, 0L, 0L, 0L, 0L, 3000L)),
            List.of("B", "open", List.of(5L, 0L, 0L, 0L, 0L, 5000L)));
  }

  @Test
  void anUpdateThatComesTooLateDoesNotBringADeletedRowBack() {
    fixture.work(INVOICE);
    arrive(INVOICE, change("c", "A", 1, "open"), change("c", "B", 1, "open"));
    fixture.run();
    arrive(INVOICE, change("d", "A", 5, null));
    fixture.run();
    arrive(INVOICE, change("u", "A", 4, "late"), change("u", "B", 4, "paid"));
    fixture.run();
    assertThat(fixture.silver("invoice_id, status")).containsExactly(List.of("B", "paid"));

    arrive(INVOICE, change("c", "A", 6, "draft"));
    fixture.run();

    assertThat(fixture.silver("invoice_id, status"))
        .containsExactly(List.of("A", "draft"), List.of("B", "paid"));
  }

  @Test
  void aDeletionThatComesFirstAndOneThatComesTooLateAreBothRight() {
    fixture.work(INVOICE);
    arrive(INVOICE, change("d", "A", 5, null), change("c", "B", 9, "open"));
    fixture.run();
    arrive(INVOICE, change("c", "A", 1, "open"), change("d", "B", 2, null));
    fixture.run();

    assertThat(fixture.silver("invoice_id")).containsExactly(List.of("B"));
  }

  @Test
  void anyOrderAndAnyBatchesGiveTheSameTable() {
    var random = new Random(7);
    var events = new ArrayList<String>();
    var newest = new HashMap<String, Integer>();
    var expected = new HashMap<String, String>();
    for (int lsn = 1; lsn <= 300; lsn++) {
      String id = "I" + random.nextInt(20);
      boolean delete = random.nextInt(4) == 0;
      String status = List.of("open", "paid", "void").get(random.nextInt(3));
      events.add(change(delete ? "d" : "u", id, lsn, status));
      newest.put(id, lsn);
      expected.put(id, delete ? null : status);
    }
    expected.values().removeIf(status -> status == null);
    events.addAll(events.subList(0, 100));
    Collections.shuffle(events, random);

    fixture.work(INVOICE, 60);
    for (int from = 0; from < events.size(); from += 40) {
      var part = events.subList(from, Math.min(events.size(), from + 40));
      arrive(INVOICE, part.toArray(String[]::new));
      if (random.nextBoolean()) {
        fixture.run();
      }
    }
    fixture.run();

    assertThat(newest).hasSize(20);
    assertThat(statuses()).isEqualTo(expected);
    fixture.replay(false, null);
    assertThat(statuses()).isEqualTo(expected);
  }

  private Map<Object, Object> statuses() {
    var statuses = new HashMap<Object, Object>();
    fixture
        .silver("invoice_id, status")
        .forEach(row -> statuses.put(row.getFirst(), row.getLast()));
    return statuses;
  }

  @Test
  void aChangeWithoutItsOrderOrWithAnUnknownOperationIsRejected() {
    fixture.work(INVOICE);
    arrive(
        INVOICE,
        change("u", "A", 1, "open").replace("\"ts_ms\":1000,", ""),
        change("x", "B", 1, "open"),
        "{\"op\":\"u\",\"ts_ms\":1,\"source\":{\"lsn\":1},\"after\":null}");
    fixture.run();

    assertThat(fixture.quarantine("rule, reason"))
        .contains(
            List.of("unordered", "no order: source.lsn, ts_ms must be told"),
            List.of("unknown_operation", "the operation is none of c, r, u, d"))
        .anySatisfy(row -> assertThat(row.getFirst()).isEqualTo("invoice_id_required"))
        .hasSize(3);
    assertThat(fixture.silver("count(*)")).containsExactly(List.of(0L));
  }

  @Test
  void aRecordCanSayThatItDeletes() {
    fixture.work(NOTE);
    arrive(NOTE, note("N", "10:00", "fine"), note("M", "10:00", "poor"));
    fixture.run();
    arrive(NOTE, "{\"note_id\":\"N\",\"updated_at\":\"2025-12-01T11:00:00Z\",\"deleted\":true}");
    fixture.run();
    arrive(NOTE, note("N", "10:30", "late"));
    fixture.run();

    assertThat(fixture.silver("note_id, body")).containsExactly(List.of("M", "poor"));
    assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(0L));
  }

  @Test
  void theSameKeyOfTwoTenantsIsTwoRows() {
    fixture.work(NOTE);
    arrive(NOTE, note("N", "10:00", "fine"));
    Object[] other = Fixture.row("other", null, note("N", "09:00", "poor"), 1);
    fixture.append(NOTE.upstream(), List.<Object[]>of(other));
    fixture.run();

    assertThat(fixture.silver("tenant_id, body"))
        .containsExactly(List.of("acme", "fine"), List.of("other", "poor"));
  }

  @Test
  void personalDataIsNowhereInTheClearButInTheBytesAsTheyCame() {
    fixture.work(CUSTOMER);
    String record =
        "{\"customer_id\":\"C\",\"name\":\"Ana Souza\",\"email\":\"ana@acme.example\",\"phone\":"
            + "\"+55 11 98765-4321\",\"tax_id\":\"529.982.247-25\",\"country\":\"br\",\"segment\":"
            + "\"business\",\"created_at\":\"2024-03-01\",\"updated_at\":\"2024-03-01\"}";
    arrive(
        CUSTOMER,
        record,
        record.replace("\"customer_id\":\"C\",", ""),
        record.replace("2024-03-01\",\"up", "soon\",\"up").replace("\"C\"", "\"D\""));
    fixture.run();

    assertThat(fixture.silver("name, phone, country, segment, _flags"))
        .containsExactly(List.of("A********", "*********4321", "BR", "business", List.of()));
    assertThat(fixture.silver("email").getFirst().getFirst().toString()).matches("[0-9a-f]{64}");
    assertThat(fixture.silver("tax_id").getFirst().getFirst().toString())
        .matches("tok_[0-9a-f]{24}");
    assertThat(fixture.quarantine("rule, reason"))
        .containsExactly(
            List.of(
                "created_at_type",
                "created_at 'soon' cannot be read as TIMESTAMP WITH TIME ZONE without loss"),
            List.of("customer_id_required", "customer_id is missing"));
    assertThat(fixture.query(SilverTables.QUALITY_RESULTS, "SELECT * FROM t").toString())
        .doesNotContain("ana@", "Ana", "Souza", "98765-4321", "529.982");
  }

  @Test
  void aReplayGivesBackTheVersionBeforeOneThatIsNowRejected() throws IOException {
    fixture.work(NOTE);
    arrive(NOTE, note("N", "10:00", "fine"));
    arrive(NOTE, note("N", "11:00", ""), note("M", "11:00", ""));
    fixture.work(bodyOptional()).run();
    assertThat(fixture.silver("note_id, body"))
        .containsExactly(Arrays.asList("M", null), Arrays.asList("N", null));

    fixture.work(NOTE).replay(false, null);
    assertThat(fixture.silver("note_id, body")).containsExactly(List.of("N", "fine"));
    assertThat(fixture.quarantine("rule, count(*)")).containsExactly(List.of("body_required", 2L));

    fixture.work(bodyOptional()).replay(true, null);
    assertThat(fixture.silver("note_id, body"))
        .containsExactly(Arrays.asList("M", null), Arrays.asList("N", null));
    assertThat(fixture.quarantine("count(*)")).containsExactly(List.of(0L));
  }

  private Contract bodyOptional() throws IOException {
    String text =
        Files.readString(Fixture.CONF.resolve("demo/contracts/helpdesk_support_note.yaml"));
    int body = text.indexOf("name: body");
    return contract(
        text.substring(0, body)
            + text.substring(body).replaceFirst("required: true", "required: false"));
  }

  private Contract contract(String yaml) throws IOException {
    Path contracts = Files.createDirectories(folder.resolve(UUID.randomUUID().toString()));
    Files.writeString(contracts.resolve("x.yaml"), yaml);
    return Contracts.read(contracts).getFirst();
  }

  @Test
  void aUniqueValueOfAnotherKeyIsFoundInTheBatchAndInSilver() throws IOException {
    fixture.work(contract(UNIQUE));
    var bronze = TableName.of("bronze.shop_user");
    fixture.json(bronze, user(1, "a"), user(2, "b"), user(1, "a"), user(3, "b"));
    fixture.run();
    fixture.json(bronze, user(4, "a"), user(1, "a"), user(5, "c"));
    fixture.run();

    assertThat(fixture.silver("id, login, _flags"))
        .containsExactly(
            List.of(1L, "a", List.of()), List.of(2L, "b", List.of()), List.of(5L, "c", List.of()));
    assertThat(fixture.quarantine("rule, reason, count(*)"))
        .containsExactly(List.of("login_unique", "repeats an earlier record", 2L));
    assertThat(
            fixture.query(
                SilverTables.QUALITY_RESULTS,
                "SELECT rule, passed, score FROM t WHERE rule IN ('rows', 'freshness', 'mean')"
                    + " ORDER BY run_id = first_value(run_id) OVER (ORDER BY \"at\"), rule"))
        .hasSize(6)
        .contains(List.of("rows", false, 0.0), List.of("mean", true, 1.0))
        .contains(List.of("freshness", true, 1.0));
    assertThat(fixture.refinery.grades().alerts("acme"))
        .containsExactly("user: rows does not hold");
  }

  private static String user(int id, String login) {
    return "{\"id\":" + id + ",\"login\":\"" + login + "\"}";
  }

  private static final String UNIQUE =
      """
      apiVersion: v3.1.0
      kind: DataContract
      id: x
      version: 1.0.0
      status: active
      schema:
        - name: user
          properties:
            - {name: id, logicalType: integer, primaryKey: true}
            - name: login
              logicalType: string
              unique: true
              customProperties: [{property: onFail, value: {unique: quarantine}}]
          quality:
            - {id: rows, metric: rowCount, mustBeGreaterThan: 3}
            - {id: mean, type: sql, query: "SELECT avg(id) FROM {object}", mustBeBetween: [1, 9]}
      slaProperties:
        - {property: freshness, value: 1, unit: h}
      customProperties:
        - {property: upstream, value: bronze.shop_user}
        - {property: mode, value: upsert}
      """;

  private void arrive(Contract contract, String... records) {
    fixture.json(contract.upstream(), records);
  }

  private static String change(String op, String id, int lsn, String status) {
    String row =
        """
        {"invoice_id":"%s","customer_id":"C","amount":"1.50","currency":"BRL","status":"%s",\
        "invoice_date":"2025-11-30T10:15:00Z"}\
        """
            .formatted(id, status);
    return "{\"op\":\"%s\",\"ts_ms\":%d000,\"source\":{\"lsn\":%d},\"before\":%s,\"after\":%s}"
        .formatted(
            op,
            lsn,
            lsn,
            op.equals("d") ? "{\"invoice_id\":\"" + id + "\"}" : "null",
            op.equals("d") ? "null" : row);
  }

  private static String note(String id, String time, String body) {
    return """
    {"note_id":"%s","customer_id":"C","subject":"s","body":"%s",\
    "created_at":"2025-12-01T09:00:00Z","updated_at":"2025-12-01T%s:00Z"}\
    """
        .formatted(id, body, time);
  }
}
