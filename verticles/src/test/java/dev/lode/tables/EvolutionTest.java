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

class EvolutionTest {
  private static final TableName TABLE = TableName.of("silver.product");
  private static final TableSpec.Field TENANT = required("tenant_id", "VARCHAR", "tenant");
  private static final TableSpec.Field ID = required("id", "INTEGER", "number");

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(spec(List.of(), TENANT, ID, optional("name", "VARCHAR", "name")));
    lake.append(TABLE, List.<Object[]>of(new Object[] {"a", 1, "one"}), Progress.NONE);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void readsOldFilesUnderTheNewSchema() {
    var wider =
        spec(
            List.of("tenant_id"),
            TENANT,
            required("price", "DOUBLE", "price"),
            required("id", "BIGINT", "number"),
            optional("name", "VARCHAR", "what it is called"));
    lake.ensure(wider);
    lake.append(TABLE, List.<Object[]>of(new Object[] {"a", 9.5, 2L, "two"}), Progress.NONE);

    assertThat(rows(Slice.now(TABLE))).isEqualTo("[[a, 9.5, 2, two], [a, null, 1, one]]");
    assertThat(lake.spec(TABLE).fields())
        .as("a column that old rows lack is optional, whatever the spec says")
        .contains(optional("price", "DOUBLE", "price"))
        .extracting(TableSpec.Field::name)
        .containsExactly("tenant_id", "price", "id", "name");
    assertThat(lake.spec(TABLE).key()).containsExactly("tenant_id");
    long before = lake.head(TABLE).orElseThrow().id();
    lake.ensure(wider);
    assertThat(lake.head(TABLE).orElseThrow().id()).isEqualTo(before);
  }

  @Test
  void prunesBySnapshotsThatLackTheColumn() {
    lake.ensure(spec(List.of(), TENANT, ID, optional("size", "BIGINT", "size")));
    lake.append(TABLE, List.<Object[]>of(new Object[] {"a", 2, 7L}), Progress.NONE);
    long first = lake.history(TABLE).getLast().id();

    assertThat(rows(Slice.at(TABLE, first).where("size", 1L, null))).isEqualTo("[]");
    assertThat(rows(Slice.now(TABLE).where("size", 1L, null))).isEqualTo("[[a, 2, 7, null]]");
    assertThat(rows(Slice.changed(TABLE, first, lake.head(TABLE).orElseThrow().id())))
        .isEqualTo("[[a, 2, 7, null, 1]]");
  }

  @Test
  void followsAColumnThatWasRenamed() {
    lake.close();
    try (var catalog = Catalog.open(TestLake.options(folder))) {
      var table = catalog.table(TABLE);
      table.lock().lock();
      try {
        table.writable().updateSchema().renameColumn("name", "title").commit();
      } finally {
        table.lock().unlock();
      }
    }
    lake = TestLake.open(folder);
    lake.append(TABLE, List.<Object[]>of(new Object[] {"a", 2, "two"}), Progress.NONE);

    assertThat(rows(Slice.now(TABLE).where("title", "one", "two")))
        .isEqualTo("[[a, 1, one], [a, 2, two]]");
    assertThat(rows(Slice.at(TABLE, lake.history(TABLE).getLast().id()).where("title", "one", "p")))
        .isEqualTo("[[a, 1, one]]");
  }

  @Test
  void makesOptionalWhatTheNewSpecLeavesOut() {
    lake.ensure(spec(List.of(), TENANT));

    lake.append(TABLE, List.<Object[]>of(new Object[] {"b"}), Progress.NONE);
    assertThat(rows(Slice.now(TABLE))).isEqualTo("[[a, 1, one], [b, null, null]]");
  }

  @Test
  void refusesWhatWouldChangeTheMeaningOfOldRows() {
    assertThatThrownBy(() -> lake.ensure(spec(List.of(), TENANT, required("id", "VARCHAR", "d"))))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot change silver.product: column id is INTEGER, not VARCHAR");
    var partitioned =
        new TableSpec(TABLE, List.of(TENANT, ID), List.of(), List.of("tenant_id"), "Products.");
    assertThatThrownBy(() -> lake.ensure(partitioned))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot change silver.product: its partitions are [], not [tenant_id]");
    assertThatThrownBy(() -> lake.ensure(spec(List.of(), TENANT, required("x", "TEXT", "d"))))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("Cannot define silver.product.x: unknown type TEXT (must be one");
  }

  private String rows(Slice slice) {
    try (var session = lake.session()) {
      session.bind("shown", slice);
      return session.query("SELECT * FROM shown ORDER BY ALL", 100).rows().toString();
    }
  }

  private static TableSpec spec(List<String> key, TableSpec.Field... fields) {
    return new TableSpec(TABLE, List.of(fields), key, List.of(), "Products.");
  }
}
