package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
  private static final TableName TABLE = TableName.of("silver.reading");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "tenant"),
              required("id", "UUID", "name"),
              required("at", "TIMESTAMP WITH TIME ZONE", "when"),
              optional("local", "TIMESTAMP", "when, there"),
              optional("value", "DECIMAL(18,2)", "what"),
              optional("raw", "BLOB", "bytes"),
              optional("tags", "VARCHAR[]", "labels"),
              optional("day", "DATE", "day")),
          List.of(),
          List.of("tenant_id", "day(at)"),
          "Readings.");
  private static final Instant NOON = Instant.parse("2024-03-31T12:00:00.123456Z");

  @TempDir Path folder;
  private Lake lake;
  private Session session;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(SPEC);
    session = lake.session();
  }

  @AfterEach
  void close() {
    session.close();
    lake.close();
  }

  @Test
  void givesBackEveryValueAsItWasAppended() {
    Object[] row = reading("acme", 1, NOON);
    lake.append(TABLE, List.<Object[]>of(row), Progress.NONE);

    var shown = session.bind("silver.reading", Slice.now(TABLE));
    var rows = session.query("SELECT * FROM silver.reading", 10);

    assertThat(shown).isEqualTo(lake.head(TABLE).orElseThrow());
    assertThat(rows.rows().getFirst()).usingRecursiveComparison().isEqualTo(List.of(row));
    assertThat(rows.columns())
        .extracting("name", "type")
        .containsExactlyElementsOf(
            SPEC.fields().stream()
                .map(field -> org.assertj.core.groups.Tuple.tuple(field.name(), field.type()))
                .toList());
  }

  @Test
  void bindsATableWithoutCommitsAsEmpty() {
    assertThat(session.bind("r", Slice.now(TABLE))).isNull();
    assertThat(session.query("SELECT count(*) FROM r", 1).count()).isZero();
    assertThat(session.query("SELECT * FROM r", 1).columns()).hasSameSizeAs(SPEC.fields());
  }

  @Test
  void showsANamedSnapshotAndWhatWasAddedSince() {
    var first = lake.append(TABLE, List.<Object[]>of(reading("a", 1, NOON)), Progress.NONE);
    var second = lake.append(TABLE, List.<Object[]>of(reading("b", 2, NOON)), Progress.NONE);
    var third = lake.append(TABLE, List.<Object[]>of(reading("c", 3, NOON)), Progress.NONE);

    assertThat(tenants(Slice.at(TABLE, first.id()))).containsExactly("a");
    assertThat(tenants(Slice.now(TABLE))).containsExactly("a", "b", "c");
    assertThat(tenants(Slice.added(TABLE, first.id(), third.id()))).containsExactly("b", "c");
    assertThat(tenants(Slice.added(TABLE, first.id(), second.id()))).containsExactly("b");
    assertThat(tenants(Slice.added(TABLE, null, second.id()))).containsExactly("a", "b");
    assertThat(tenants(Slice.added(TABLE, third.id(), third.id()))).isEmpty();
    assertThat(tenants(Slice.added(TABLE, 4711L, third.id()))).containsExactly("a", "b", "c");
    assertThatThrownBy(() -> session.bind("r", Slice.at(TABLE, 4711)))
        .isInstanceOf(Failure.class)
        .hasMessage("No snapshot 4711 of silver.reading");
  }

  @Test
  void keepsOnlyRowsWithinEveryRange() {
    var rows = new ArrayList<Object[]>();
    for (int i = 0; i < 100; i++) {
      rows.add(reading(i % 2 == 0 ? "even" : "odd", i, NOON.plus(Duration.ofHours(i))));
    }
    lake.append(TABLE, rows, Progress.NONE);

    var slice =
        Slice.now(TABLE)
            .tenant("even")
            .where("at", NOON.plus(Duration.ofHours(10)), NOON.plus(Duration.ofHours(20)))
            .where("value", null, new BigDecimal("18"))
            .where("day", LocalDate.of(2011, 1, 1), null);
    session.bind("r", slice);
    var values = session.query("SELECT value FROM r ORDER BY ALL", 100).rows();

    assertThat(values)
        .extracting(List::getFirst)
        .containsExactly(
            new BigDecimal("10.00"),
            new BigDecimal("12.00"),
            new BigDecimal("14.00"),
            new BigDecimal("16.00"),
            new BigDecimal("18.00"));
    session.bind("one", Slice.now(TABLE).where("id", new UUID(7, 7), new UUID(7, 7)));
    assertThat(session.query("SELECT count(*) FROM one", 1).count()).isEqualTo(1);
    assertThatThrownBy(() -> session.bind("r", Slice.now(TABLE).where("value", "x", null)))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot filter value by x (must be DECIMAL(18,2))");
  }

  @Test
  void findsEveryRandomIdInWhateverFileItIs() {
    var random = new Random(7);
    var ids = new ArrayList<UUID>();
    for (int file = 0; file < 4; file++) {
      var rows = new ArrayList<Object[]>();
      for (int i = 0; i < 3; i++) {
        Object[] row = reading("acme", i, NOON);
        row[1] = new UUID(random.nextLong(), random.nextLong());
        ids.add((UUID) row[1]);
        rows.add(row);
      }
      lake.append(TABLE, rows, Progress.NONE);
      session.execute("CREATE OR REPLACE TEMP TABLE more AS SELECT uuid() AS id FROM range(3)");
      session.query("SELECT id FROM more", 3).rows().forEach(row -> ids.add((UUID) row.getFirst()));
      session.append(TABLE, "SELECT 'b' AS tenant_id, id, now() AS at FROM more", Progress.NONE);
    }

    for (UUID id : ids) {
      session.bind("r", Slice.now(TABLE).where("id", id, id));
      assertThat(session.query("SELECT id FROM r", 2).single()).isEqualTo(id);
    }
  }

  @Test
  void namesTheEnginesValuesAsJavaDoes() {
    var row =
        session
            .query(
                "SELECT 1::TINYINT, sum(2::BIGINT), 1.5::FLOAT, {'a': [TIMESTAMPTZ"
                    + " '2020-01-01 00:00:00+00']}, MAP {'k': DATE '2020-01-01'}, NULL, ?, ?, ?",
                1,
                Instant.EPOCH,
                "it's",
                3L)
            .rows()
            .getFirst();

    assertThat(row.subList(0, 3)).isEqualTo(List.of(1, BigInteger.TWO, 1.5f));
    assertThat(row.get(3)).hasToString("{a=[2020-01-01T00:00:00Z]}");
    assertThat(row.get(4)).hasToString("{k=2020-01-01}");
    assertThat(row.get(5)).isNull();
    assertThat(row.subList(6, 9)).isEqualTo(List.of(Instant.EPOCH, "it's", 3L));
  }

  @Test
  void loadsRowsIntoATemporaryTable() {
    Object[] row = reading("acme", 1, NOON);
    var ddl = new StringBuilder();
    SPEC.fields()
        .forEach(
            f -> ddl.append(ddl.isEmpty() ? "" : ", ").append('"' + f.name() + "\" " + f.type()));
    session.load("staged", ddl.toString(), List.of(row, new Object[row.length]));

    var rows = session.query("SELECT * FROM staged", 10).rows();

    assertThat(rows.getFirst()).usingRecursiveComparison().isEqualTo(List.of(row));
    assertThat(rows.getLast()).containsOnlyNulls();
  }

  @Test
  void keepsWhatSessionsMakeApart() {
    session.execute("CREATE TEMP TABLE t AS SELECT 1 AS x");
    session.execute("CREATE TABLE u AS SELECT 1 AS x");
    try (var other = lake.session()) {
      assertThatThrownBy(() -> other.query("SELECT * FROM t", 1))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("Table with name t does not exist");
      assertThatThrownBy(() -> other.query("SELECT * FROM u", 1))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("Table with name u does not exist");
    }
  }

  @Test
  void stopsReadingAtTheRowsAskedFor() {
    var rows = session.query("SELECT * FROM range(1000000000000)", 3);

    assertThat(rows.rows()).hasSize(3);
    assertThat(rows.truncated()).isTrue();
    assertThat(session.query("SELECT 1", 1).truncated()).isFalse();
  }

  @Test
  void endsAQueryThatTakesTooLong() {
    session.limit(Duration.ofMillis(50));

    assertThatThrownBy(
            () ->
                session.query(
                    "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b", 1))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.DEADLINE_PASSED))
        .hasMessage("Cannot finish the query in 50 ms");
    session.limit(Duration.ofSeconds(10));
    assertThat(session.query("SELECT 1", 1).count()).isEqualTo(1);
  }

  @Test
  void refusesMoreSessionsThanAllowed() {
    var open = new ArrayList<Session>();
    try (var small = Lake.open(TestLake.small(folder.resolve("small")))) {
      open.add(small.session());
      assertThatThrownBy(small::session)
          .isInstanceOf(Failure.class)
          .hasMessage("Cannot open a session: all are in use and none came free in 10 ms");
      open.removeFirst().close();
      small.session().close();
    }
  }

  @Test
  void saysThatItsThreadWasStoppedWhileItWaitedForAPlace() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(lake::session)
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot open a session: its thread was told to stop");
    assertThat(Thread.interrupted()).isTrue();
  }

  private List<Object> tenants(Slice slice) {
    session.bind("r", slice);
    return session.query("SELECT tenant_id FROM r ORDER BY ALL", 100).rows().stream()
        .map(List::getFirst)
        .toList();
  }

  private static Object[] reading(String tenant, int number, Instant at) {
    return new Object[] {
      tenant,
      new UUID(number, number),
      at,
      LocalDateTime.of(2024, 3, 31, 2, 30),
      new BigDecimal(number).setScale(2),
      new byte[] {0, (byte) number},
      List.of("x", "y'z"),
      LocalDate.of(2011, 1, 1)
    };
  }
}
