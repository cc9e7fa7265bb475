package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTest {
  private static final TableName TABLE = TableName.of("silver.sale");
  private static final TableSpec SPEC =
      new TableSpec(
          TABLE,
          List.of(
              required("tenant_id", "VARCHAR", "tenant"),
              required("id", "BIGINT", "number"),
              optional("amount", "DECIMAL(18,2)", "money"),
              optional("sold_on", "DATE", "day")),
          List.of("tenant_id", "id"),
          List.of("tenant_id", "month(sold_on)"),
          "Sales.");

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void givesBackTheSpecItWasMadeBy() {
    lake.ensure(SPEC);

    assertThat(lake.spec(TABLE)).isEqualTo(SPEC);
    assertThat(lake.tables()).containsExactly(TABLE);
    assertThat(lake.exists(TABLE)).isTrue();
    assertThat(lake.head(TABLE)).isEmpty();
  }

  @Test
  void keepsRowsAndProgressWhenOpenedAgain() {
    lake.ensure(SPEC);
    var upstream = TableName.of("bronze.shop_sale");
    var snapshot = lake.append(TABLE, rows(sale(1), sale(2)), Progress.of(upstream, null, 7));
    lake.close();
    lake = TestLake.open(folder);

    assertThat(lake.head(TABLE)).contains(snapshot);
    assertThat(snapshot.rows()).isEqualTo(2);
    assertThat(snapshot.watermark(upstream)).isEqualTo(7);
    assertThat(lake.spec(TABLE)).isEqualTo(SPEC);
  }

  @Test
  void writesOneFilePerPartition() throws Exception {
    lake.ensure(SPEC);
    lake.append(
        TABLE,
        List.of(
            new Object[] {"a", 1L, null, LocalDate.of(2011, 1, 5)},
            new Object[] {"a", 2L, null, LocalDate.of(2011, 1, 9)},
            new Object[] {"b", 1L, null, LocalDate.of(2011, 1, 5)},
            new Object[] {"a", 3L, null, null}),
        Progress.NONE);

    try (var files = Files.walk(folder.resolve("warehouse/silver/sale/data"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(3);
    }
  }

  @Test
  void carriesProgressOfEveryUpstreamForward() {
    lake.ensure(SPEC);
    var left = TableName.of("bronze.left");
    var right = TableName.of("bronze.right");
    lake.append(TABLE, rows(sale(1)), Progress.of(left, null, 7).note("lode.run-id", "r1"));
    var second = lake.append(TABLE, rows(sale(2)), Progress.of(right, null, 9));
    var third = lake.append(TABLE, List.of(), Progress.of(left, 7L, 8));

    assertThat(second.watermark(left)).isEqualTo(7);
    assertThat(second.summary()).doesNotContainKey("lode.run-id");
    assertThat(third.watermark(left)).isEqualTo(8);
    assertThat(third.watermark(right)).isEqualTo(9);
    assertThat(third.rows()).isEqualTo(2);
    assertThat(lake.history(TABLE)).first().isEqualTo(third);
    assertThat(lake.history(TABLE)).hasSize(3);
  }

  @Test
  void refusesACommitWhoseUpstreamWasConsumedByAnother() throws Exception {
    lake.ensure(SPEC);
    var upstream = TableName.of("bronze.shop_sale");
    lake.append(TABLE, rows(sale(1)), Progress.of(upstream, null, 7));

    assertThatThrownBy(() -> lake.append(TABLE, rows(sale(2)), Progress.of(upstream, null, 7)))
        .isInstanceOf(Failure.class)
        .hasMessage(
            "Cannot commit to silver.sale: lode.watermark.bronze.shop_sale is 7, expected null");
    assertThat(lake.head(TABLE).orElseThrow().rows()).isEqualTo(1);
    try (var files = Files.walk(folder.resolve("warehouse/silver/sale/data"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @Test
  void letsOneOfTwoLakesOnTheSameCatalogWin() {
    lake.ensure(SPEC);
    var source = Map.of("lode.source.shop", "1");
    try (var other = TestLake.open(folder)) {
      other.append(TABLE, rows(sale(1)), Progress.NONE);
      lake.append(TABLE, rows(sale(2)), new Progress(Map.of(), source, Map.of()));
      var third = other.append(TABLE, rows(sale(3)), Progress.NONE);

      assertThat(third.rows()).isEqualTo(3);
      assertThat(third.summary()).containsAllEntriesOf(source);
    }
  }

  @Test
  void landsEveryCommitOfWritersAtOnce() throws Exception {
    lake.ensure(SPEC);
    try (var threads = Executors.newFixedThreadPool(4)) {
      var commits = new ArrayList<Future<Snapshot>>();
      for (int i = 0; i < 12; i++) {
        long id = i;
        commits.add(threads.submit(() -> lake.append(TABLE, rows(sale(id)), Progress.NONE)));
      }
      for (var commit : commits) {
        assertThat(commit.get().rows()).isBetween(1L, 12L);
      }
    }

    assertThat(lake.head(TABLE).orElseThrow().rows()).isEqualTo(12);
    assertThat(lake.history(TABLE)).hasSize(12);
  }

  @Test
  void namesTheNearestTable() {
    lake.ensure(SPEC);

    assertThatThrownBy(() -> lake.head(TableName.of("silver.sales")))
        .isInstanceOf(Failure.class)
        .hasMessage("No table silver.sales (did you mean silver.sale?)");
  }

  @Test
  void takesEveryType() {
    var spec =
        new TableSpec(
            TABLE,
            List.of(
                required("tenant_id", "VARCHAR", "d"),
                required("a", "BOOLEAN", "d"),
                required("b", "INTEGER", "d"),
                required("c", "FLOAT", "d"),
                required("e", "DOUBLE", "d"),
                required("f", "TIMESTAMP", "d"),
                required("g", "TIMESTAMP WITH TIME ZONE", "d"),
                required("h", "BLOB", "d"),
                required("i", "UUID", "d"),
                required("j", "VARCHAR[]", "d"),
                required("k", "DECIMAL(38,10)", "d")),
            List.of(),
            List.of(),
            "All types.");
    lake.ensure(spec);
    Object[] row = {
      "t",
      true,
      1,
      1f,
      1d,
      LocalDateTime.of(2020, 1, 1, 0, 0),
      Instant.EPOCH,
      new byte[] {1},
      new UUID(1, 2),
      List.of("x"),
      new BigDecimal("1.5")
    };

    assertThat(lake.append(TABLE, rows(row), Progress.NONE).rows()).isEqualTo(1);
    assertThat(lake.spec(TABLE)).isEqualTo(spec);
  }

  @Test
  void namesTheRowAndColumnOfABadValue() {
    lake.ensure(SPEC);

    assertThatThrownBy(() -> lake.append(TABLE, rows(sale(1), bad()), Progress.NONE))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot append to silver.sale: row 2 has a String in id (must be BIGINT)");
    assertThatThrownBy(() -> lake.append(TABLE, rows(new Object[] {"t"}), Progress.NONE))
        .isInstanceOf(Failure.class)
        .hasMessage("Cannot append to silver.sale: row 1 has no id, which is required");
    assertThat(lake.head(TABLE)).isEmpty();
  }

  private static List<Object[]> rows(Object[]... rows) {
    return List.of(rows);
  }

  private static Object[] bad() {
    return new Object[] {"t", "two", null, null};
  }

  private static Object[] sale(long id) {
    return new Object[] {"acme", id, new BigDecimal("1.50"), LocalDate.of(2011, 1, 5)};
  }
}
