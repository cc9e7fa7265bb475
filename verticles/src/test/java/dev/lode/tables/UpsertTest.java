package dev.lode.tables;

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

class UpsertTest {
  private static final TableName TABLE = TableName.of("silver.customer");
  private static final List<String> KEY = List.of("tenant_id", "id");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "tenant"),
              optional("id", "BIGINT", "number"),
              optional("name", "VARCHAR", "name")),
          KEY,
          List.of("tenant_id"),
          "Customers.");

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
    String select = "SELECT * FROM (VALUES " + values + ") AS t(tenant_id, id, name)";
    return session.upsert(TABLE, new Upsert(KEY, select, deletes), Progress.NONE).orElseThrow();
  }

  private List<List<Object>> all() {
    session.bind("everyone", Slice.now(TABLE));
    return session.query("SELECT * FROM everyone ORDER BY ALL", 1000).rows();
  }
}
