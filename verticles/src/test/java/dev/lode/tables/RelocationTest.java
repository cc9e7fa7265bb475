package dev.lode.tables;

import static dev.lode.tables.Customers.KEY;
import static dev.lode.tables.Customers.TABLE;
import static dev.lode.tables.TableSpec.Field.optional;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake that is cut, copied away and moved, while the one it came from is gone. */
class RelocationTest {
  private static final TableName EMPTY = TableName.of("silver.never_written");
  private static final TableName UPSTREAM = TableName.of("bronze.shop_customer");

  @TempDir Path folder;
  private Path old;
  private Path copy;
  private Path moved;
  private final List<Long> snapshots = new ArrayList<>();

  @BeforeEach
  void places() throws IOException {
    old = Files.createDirectories(folder.resolve("old"));
    copy = Files.createDirectories(folder.resolve("copy"));
    moved = Files.createDirectories(folder.resolve("a+b (c)/x"));
  }

  /** Four commits: rows, deletion vectors, a column more, and those vectors merged. */
  private void fill(Lake lake) {
    lake.ensure(Customers.spec(EMPTY));
    lake.ensure(Customers.SPEC);
    upsert(lake, "('a', 1, 'x'), ('a', 2, 'y'), ('a', 3, 'z'), ('b', 11, 'w')", "name");
    upsert(lake, "('a', 2, 'Y')", "name");
    lake.ensure(Customers.spec(TABLE, optional("age", "BIGINT", "age")));
    upsert(lake, "('a', 1, 'X', 7), ('b', 12, 'v', 8)", "name, age");
    upsert(lake, "('b', 11, 'W', 9)", "name, age");
  }

  private void upsert(Lake lake, String values, String columns) {
    String select = "SELECT * FROM (VALUES %s) AS t(tenant_id, id, %s)".formatted(values, columns);
    Long before = watermark(lake);
    long now = before == null ? 1 : before + 1;
    try (var session = lake.session()) {
      var progress = Progress.of(UPSTREAM, before, now);
      snapshots.add(
          session.upsert(TABLE, new Upsert(KEY, select, null), progress).orElseThrow().id());
    }
  }

  private static Long watermark(Lake lake) {
    return lake.head(TABLE).map(head -> head.watermark(UPSTREAM)).orElse(null);
  }

  /** Copies what the cut leads to, and nothing else. */
  private String copyAway(Lake lake) throws IOException {
    try (Cut cut = lake.cut(copy.resolve("catalog.db"))) {
      for (TableFiles table : cut.tables().whole()) {
        for (var entry : table.entries()) {
          Path target = copy.resolve("files").resolve(entry.path());
          Files.createDirectories(target.getParent());
          Files.copy(cut.folder().resolve(entry.path()), target);
        }
      }
      return cut.warehouse();
    }
  }

  /** As a restore does: data as it is, the rest by the relocation. */
  private Relocation move(String from) throws IOException {
    var relocation = new Relocation(copy.resolve("files"), from, moved.resolve("warehouse"), false);
    Path catalog = Files.copy(copy.resolve("catalog.db"), moved.resolve("catalog.db"));
    try (Stream<Path> data = Files.walk(copy.resolve("files"))) {
      for (Path file : data.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        Path target =
            moved.resolve("warehouse").resolve(copy.resolve("files").relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    relocation.move(catalog);
    return relocation;
  }

  private static String rows(Lake lake, Slice slice) {
    try (var session = lake.session()) {
      session.bind("t", slice);
      return session.query("SELECT * FROM t ORDER BY ALL", 100).rows().toString();
    }
  }

  private List<Slice> slices() {
    var slices = new ArrayList<Slice>();
    snapshots.forEach(id -> slices.add(Slice.at(TABLE, id)));
    for (int i = 1; i < snapshots.size(); i++) {
      slices.add(Slice.changed(TABLE, snapshots.get(i - 1), snapshots.get(i)));
    }
    slices.add(Slice.now(EMPTY));
    return slices;
  }

  @Test
  void showsTheSameRowsIdsAndHistoryElsewhereWhereTheOldPlaceIsGone() throws Exception {
    List<String> before;
    String from;
    try (Lake lake = TestLake.open(old)) {
      fill(lake);
      before = slices().stream().map(slice -> rows(lake, slice)).toList();
      from = copyAway(lake);
    }
    var ids = RowIds.of(old, TABLE);
    Files.move(old, folder.resolve("gone"));

    var relocation = move(from);

    for (TableFiles table : relocation.reached(moved.resolve("catalog.db"))) {
      for (var entry : table.entries()) {
        Path file = moved.resolve("warehouse").resolve(entry.path());
        assertThat(file).isRegularFile();
        if (entry.bytes() != TableFiles.UNKNOWN) {
          assertThat(file).hasSize(entry.bytes());
        }
      }
    }
    assertThat(RowIds.of(moved, TABLE)).isEqualTo(ids).isNotEmpty();
    try (Lake lake = TestLake.open(moved)) {
      assertThat(slices().stream().map(slice -> rows(lake, slice)).toList()).isEqualTo(before);
      assertThat(watermark(lake)).isEqualTo(4);
      upsert(lake, "('a', 3, 'Z', 1)", "name, age");
      assertThat(rows(lake, Slice.now(TABLE)))
          .isEqualTo("[[a, 1, X, 7], [a, 2, Y, null], [a, 3, Z, 1], [b, 11, W, 9], [b, 12, v, 8]]");
    }
  }

  @Test
  void leavesTheOldPathInNoFileOfVectors() throws Exception {
    String from;
    try (Lake lake = TestLake.open(old)) {
      fill(lake);
      from = copyAway(lake);
    }
    move(from);
    assertThat(puffins(copy)).isNotEmpty().allMatch(text -> text.contains(from));
    assertThat(puffins(moved)).isNotEmpty().noneMatch(text -> text.contains(from));
    assertThat(puffins(moved)).allMatch(text -> text.contains(moved.resolve("warehouse") + "/"));
  }

  private static List<String> puffins(Path where) throws IOException {
    try (Stream<Path> files = Files.walk(where)) {
      var texts = new ArrayList<String>();
      for (Path file : files.filter(path -> path.toString().endsWith(".puffin")).toList()) {
        texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
      return texts;
    }
  }

  @Test
  void refusesAFileThatIsOutsideOfTheWarehouse() throws Exception {
    String from;
    try (Lake lake = TestLake.open(old)) {
      fill(lake);
      from = copyAway(lake);
    }
    assertThatThrownBy(() -> move(from + "2"))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("Cannot follow " + from + "/silver/")
        .hasMessageEndingWith(" it is outside of the warehouse " + from + "2");
  }

  @Test
  void removesNothingThatACutHoldsAndAllOfItAfterwards() throws Exception {
    try (Lake lake = TestLake.open(old)) {
      fill(lake);
      Cut cut = lake.cut(copy.resolve("catalog.db"));
      Hold other = lake.hold();
      for (int i = 0; i < 25; i++) {
        upsert(lake, "('a', 1, 'again', %d)".formatted(i), "name, age");
      }
      List<Path> reached =
          cut.tables().whole().stream()
              .flatMap(table -> table.entries().stream())
              .map(entry -> cut.folder().resolve(entry.path()))
              .toList();
      assertThat(reached).isNotEmpty().allMatch(Files::exists);
      cut.close();
      cut.close();
      assertThat(reached).as("still held by another").allMatch(Files::exists);
      other.close();
      assertThat(reached)
          .as("25 commits later, Iceberg keeps 20 versions of the metadata")
          .anyMatch(file -> !Files.exists(file));
    }
  }
}
