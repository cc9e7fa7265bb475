package dev.lode.tables;

import static dev.lode.tables.Customers.KEY;
import static dev.lode.tables.Customers.TABLE;
import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpsertTest {
  @TempDir Path folder;
  private Lake lake;
  private Session session;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(Customers.SPEC);
    session = lake.session();
  }

  @AfterEach
  void close() {
    session.close();
    lake.close();
  }

  @Test
  void putsTheNewRowInPlaceOfTheOld() {
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('b', 1, 'z')", null);
    var second = upsert("('a', 1, 'X'), ('a', 3, 'W')", null);

    assertThat(second.rows()).isEqualTo(4);
    assertThat(all()).hasToString("[[a, 1, X], [a, 2, y], [a, 3, W], [b, 1, z]]");
  }

  @Test
  void mergesEarlierDeletesIntoOneVectorPerFile() {
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('a', 3, 'z'), ('a', 4, 'w')", null);
    upsert("('a', 1, 'X')", null);
    var third = upsert("('a', 2, 'Y')", null);

    assertThat(third.rows()).isEqualTo(4);
    assertThat(third.summary()).containsEntry("total-delete-files", "1");
    assertThat(all()).hasToString("[[a, 1, X], [a, 2, Y], [a, 3, z], [a, 4, w]]");
  }

  @Test
  void removesAFileOfWhichNoRowIsLeft() {
    upsert("('a', 1, 'x'), ('a', 2, 'y')", null);
    upsert("('a', 1, 'X')", null);
    var third = upsert("('a', 1, '1'), ('a', 2, '2')", null);

    assertThat(third.summary())
        .containsEntry("total-data-files", "1")
        .containsEntry("total-delete-files", "0");
    assertThat(all()).hasToString("[[a, 1, 1], [a, 2, 2]]");
  }

  @Test
  void deletesKeysThatAreToGo() {
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('b', 1, 'z')", null);
    upsert("('a', 3, 'w')", "SELECT 'a' AS tenant_id, 2 AS id");
    session.upsert(TABLE, new Upsert(KEY, null, "SELECT 'b' AS tenant_id, 1 AS id"), Progress.NONE);

    assertThat(all()).hasToString("[[a, 1, x], [a, 3, w]]");
    assertThat(
            session.upsert(
                TABLE, new Upsert(KEY, null, "SELECT 'b' AS tenant_id, 9 AS id"), Progress.NONE))
        .isEmpty();
  }

  @Test
  void takesNullForAKeyLikeAnyOther() {
    upsert("('a', NULL, 'x'), ('a', 2, 'y')", null);
    upsert("('a', NULL, 'X')", null);

    assertThat(all()).hasToString("[[a, 2, y], [a, null, X]]");
  }

  /** Values that are different keys, though what is written of them may look alike. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "VARCHAR: '', NULL, 'a', 'A', 'a ', '1:a', ','",
        "VARCHAR[]: NULL, [], ['a,b'], ['a', 'b'], ['a', NULL], [NULL], ['NULL']",
        "BOOLEAN: true, false, NULL",
        "INTEGER: 0, -1, 2147483647, NULL",
        "BIGINT: 0, 9223372036854775807, -9223372036854775808",
        "FLOAT: 0.0, 0.1, 1e-30, 'NaN', 'Infinity', '-Infinity'",
        "DOUBLE: 0.0, 0.1, 0.30000000000000004, 0.3, 1e300, 'NaN'",
        "DECIMAL(18,2): 0, 0.01, -0.01, 1000000000000000.00, NULL",
        "DATE: '1970-01-01', '1969-12-31', '2262-04-12', NULL",
        "TIMESTAMP: '1970-01-01', '1970-01-01 00:00:00.000001', '1969-12-31 23:59:59.999999'",
        "TIMESTAMP WITH TIME ZONE: '1970-01-01 00:00:00+00', '1970-01-01 00:00:00+01', NULL",
        "BLOB: '', '\\x00', '\\x00\\x00', 'a', NULL",
        "UUID: '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001'"
      })
  void tellsKeysOfEveryTypeApart(String values) {
    String type = values.substring(0, values.indexOf(':'));
    var name = TableName.of("silver.typed");
    lake.ensure(
        new TableSpec(
            name,
            List.of(
                required("tenant_id", "VARCHAR", "tenant"),
                optional("k", type, "key"),
                optional("n", "INTEGER", "number")),
            List.of("tenant_id", "k"),
            List.of("tenant_id"),
            "Typed."));
    String keys = values.substring(values.indexOf(':') + 2);
    String select =
        """
        SELECT t AS tenant_id, k, CAST(%d AS INTEGER) AS n
        FROM (SELECT unnest([%s]::%s[]) AS k), (VALUES ('x'), ('x1')) AS tenants(t)""";
    var key = List.of("tenant_id", "k");
    session.upsert(name, new Upsert(key, select.formatted(1, keys, type), null), Progress.NONE);
    long rows = lake.head(name).orElseThrow().rows();
    var again = new Upsert(key, select.formatted(2, keys, type) + " WHERE t = 'x'", null);

    assertThat(session.upsert(name, again, Progress.NONE).orElseThrow().rows()).isEqualTo(rows);
    session.bind("typed", Slice.now(name));
    assertThat(session.query("SELECT tenant_id, n, count(*) FROM typed GROUP BY ALL", 9).rows())
        .containsExactlyInAnyOrder(List.of("x", 2, rows / 2), List.of("x1", 1, rows / 2));
  }

  @Test
  void takesZeroWithASignForZero() {
    var name = TableName.of("silver.signed");
    lake.ensure(
        new TableSpec(
            name,
            List.of(required("tenant_id", "VARCHAR", "tenant"), optional("k", "DOUBLE", "key")),
            List.of("tenant_id", "k"),
            List.of(),
            "Signed."));
    var key = List.of("tenant_id", "k");
    for (String zero : List.of("0.0", "-0.0")) {
      String select = "SELECT 'x' AS tenant_id, CAST('%s' AS DOUBLE) AS k".formatted(zero);
      session.upsert(name, new Upsert(key, select, null), Progress.NONE);
    }
    assertThat(lake.head(name).orElseThrow().rows()).isOne();
  }

  @Test
  void replacesEveryRowOfAKeyThatWasAppendedTwice() {
    List<Object[]> twice = List.of(new Object[] {"a", 1L, "x"}, new Object[] {"a", 1L, "y"});
    lake.append(TABLE, twice, Progress.NONE);
    upsert("('a', 1, 'z')", null);

    assertThat(all()).hasToString("[[a, 1, z]]");
  }

  @Test
  void dropsTheIndexesUsedLeastWhereAllAreTooLarge() {
    upsert("('a', 1, 'x')", null);
    long one = lake.keyIndexBytes();
    for (int i = 0; i < 60; i++) {
      var name = TableName.of("silver.t" + i);
      lake.ensure(new TableSpec(name, Customers.SPEC.fields(), KEY, List.of(), "One of many."));
      String select = "SELECT 'a' AS tenant_id, 1 AS id, 'x' AS name";
      session.upsert(name, new Upsert(KEY, select, null), Progress.NONE);
    }

    assertThat(lake.keyIndexBytes()).isBetween(one, TestLake.KEY_INDEX_BYTES);
    assertThat(one * 60).isGreaterThan(TestLake.KEY_INDEX_BYTES);
    upsert("('a', 1, 'X'), ('a', 2, 'y')", null);
    assertThat(all()).hasToString("[[a, 1, X], [a, 2, y]]");
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    assertThatThrownBy(() -> upsert("('a', 1, 'x'), ('a', 1, 'y')", null))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot upsert into silver.customer: the key [tenant_id, id] = [a, 1] is there 2 times"
                + " (must be once)");
    assertThat(lake.head(TABLE)).isEmpty();
  }

  @Test
  void movesItsWatermarkOnce() {
    var upstream = TableName.of("bronze.shop_customer");
    String select = "SELECT 'a' AS tenant_id, 1 AS id, 'x' AS name";
    session.upsert(TABLE, new Upsert(KEY, select, null), Progress.of(upstream, null, 5));

    assertThatThrownBy(
            () ->
                session.upsert(
                    TABLE, new Upsert(KEY, select, null), Progress.of(upstream, null, 5)))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot commit to silver.customer: lode.watermark.bronze.shop_customer is 5, expected"
                + " null");
    assertThat(lake.head(TABLE).orElseThrow().watermark(upstream)).isEqualTo(5);
  }

  @Test
  void keepsTheRowIdOfAnUpdatedRow() throws Exception {
    upsert("('a', 1, 'x'), ('a', 2, 'y'), ('a', 3, 'z')", null);
    upsert("('a', 2, 'Y'), ('a', 4, 'new')", null);
    upsert("('a', 2, 'Y2')", null);

    assertThat(RowIds.of(folder, TABLE))
        .containsEntry(1L, 0L)
        .containsEntry(2L, 1L)
        .containsEntry(3L, 2L)
        .hasSize(4);
  }

  private Snapshot upsert(String values, String deletes) {
    String select = Customers.select(values);
    return session.upsert(TABLE, new Upsert(KEY, select, deletes), Progress.NONE).orElseThrow();
  }

  private List<List<Object>> all() {
    session.bind("everyone", Slice.now(TABLE));
    return session.query("SELECT * FROM everyone ORDER BY ALL", 1000).rows();
  }
}
