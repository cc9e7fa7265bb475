package dev.lode.tables;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.tables.Alterations.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were written under one schema, read and changed under those that came after it. */
class AlterTest {
  private static final TableName TABLE = TableName.of("silver.product");
  private static final TableSpec.Field TENANT = required("tenant_id", "VARCHAR", "tenant");

  /** The key, and every type that can widen. */
  private static final TableSpec FIRST =
      spec(
          List.of("tenant_id", "id"),
          required("id", "INTEGER", "number"),
          optional("name", "VARCHAR", "name"),
          optional("price", "DECIMAL(9,2)", "price"),
          optional("weight", "FLOAT", "weight"),
          optional("sizes", "INTEGER[]", "sizes"));

  private static final TableSpec SECOND =
      spec(
          List.of("tenant_id", "number"),
          required("number", "BIGINT", "number"),
          optional("title", "VARCHAR", "name"),
          optional("price", "DECIMAL(18,2)", "price"),
          optional("weight", "DOUBLE", "weight"),
          optional("sizes", "BIGINT[]", "sizes"),
          optional("colour", "VARCHAR", "new"));

  private static final Alterations TO_SECOND =
      new Alterations(
          Policy.STRICT,
          Map.of("number", List.of("id"), "title", List.of("name")),
          Set.of(),
          Set.of());

  /** The third drops {@code title}; the fourth has it again. */
  private static final TableSpec THIRD =
      spec(
          List.of("tenant_id", "number"),
          required("number", "BIGINT", "number"),
          optional("price", "DECIMAL(18,2)", "price"));

  private static final Alterations TO_THIRD =
      new Alterations(
          Policy.STRICT,
          Map.of("number", List.of("id")),
          Set.of("title", "weight", "sizes", "colour"),
          Set.of());

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(FIRST);
    upsert(FIRST, "('a', 1, 'one', 1.50, 0.5, [1, 2]), ('a', 2, 'two', 2.50, 1.5, NULL)");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private static TableSpec spec(List<String> key, TableSpec.Field... fields) {
    var all = new ArrayList<TableSpec.Field>(List.of(TENANT));
    all.addAll(List.of(fields));
    return new TableSpec(TABLE, all, key, List.of("tenant_id"), "Products.");
  }

  private static Alterations strict() {
    return new Alterations(Policy.STRICT, Map.of(), Set.of(), Set.of());
  }

  private Snapshot upsert(TableSpec spec, String values) {
    String columns =
        spec.fields().stream().map(TableSpec.Field::name).collect(Collectors.joining(", "));
    String select = "SELECT * FROM (VALUES %s) AS t(%s)".formatted(values, columns);
    try (var session = lake.session()) {
      return session
          .upsert(TABLE, new Upsert(spec.key(), select, null), Progress.NONE)
          .orElseThrow();
    }
  }

  private String rows(Slice slice) {
    try (var session = lake.session()) {
      session.bind("shown", slice);
      return session.query("SELECT * FROM shown ORDER BY ALL", 100).rows().toString();
    }
  }

  private List<String> columns(Slice slice) {
    try (var session = lake.session()) {
      session.bind("shown", slice);
      return session.query("SELECT * FROM shown LIMIT 0", 1).columns().stream()
          .map(column -> column.name() + " " + column.type())
          .toList();
    }
  }

  private void compact() {
    var files =
        lake.upkeep().files(TABLE).stream().map(TableFile::location).collect(Collectors.toSet());
    assertThat(lake.upkeep().rewrite(TABLE, files)).isTrue();
  }

  @Test
  void readsOldFilesUnderTheSecondSchema() {
    lake.ensure(SECOND, TO_SECOND);

    assertThat(columns(Slice.now(TABLE)))
        .containsExactly(
            "tenant_id VARCHAR",
            "number BIGINT",
            "title VARCHAR",
            "price DECIMAL(18,2)",
            "weight DOUBLE",
            "sizes BIGINT[]",
            "colour VARCHAR");
    assertThat(rows(Slice.now(TABLE)))
        .isEqualTo("[[a, 1, one, 1.50, 0.5, [1, 2], null], [a, 2, two, 2.50, 1.5, null, null]]");
    assertThat(lake.spec(TABLE).key()).containsExactly("tenant_id", "number");
    assertThat(rows(Slice.now(TABLE).where("number", 2L, 5_000_000_000L)))
        .as("the bounds of old files are of the old type")
        .isEqualTo("[[a, 2, two, 2.50, 1.5, null, null]]");
    assertThat(rows(Slice.now(TABLE).where("weight", null, 1.0)))
        .contains("one")
        .doesNotContain("two");
  }

  @Test
  void doesNothingWhenAppliedAgain() {
    lake.ensure(SECOND, TO_SECOND);
    String before = metadata();
    lake.ensure(SECOND, TO_SECOND);
    assertThat(metadata()).isEqualTo(before);
    lake.ensure(THIRD, TO_THIRD);
    before = metadata();
    lake.ensure(THIRD, TO_THIRD);
    assertThat(metadata()).isEqualTo(before);
  }

  private String metadata() {
    try (var catalog = Catalog.beside(TestLake.options(folder))) {
      return catalog.table(TABLE).state().metadata().metadataFileLocation();
    }
  }

  @Test
  void replacesRowsOfOldFilesByAKeyThatWasRenamedAndWidened() {
    upsert(FIRST, "('a', 2, 'TWO', 2.75, 1.5, NULL)");
    lake.ensure(SECOND, TO_SECOND);
    upsert(SECOND, "('a', 1, 'ONE', 12345678901.25, 1e300, [5000000000], 'red')");
    upsert(SECOND, "('a', 5000000000, 'far', 0, 0, NULL, NULL)");

    assertThat(rows(Slice.now(TABLE)))
        .isEqualTo(
            "[[a, 1, ONE, 12345678901.25, 1.0E300, [5000000000], red],"
                + " [a, 2, TWO, 2.75, 1.5, null, null],"
                + " [a, 5000000000, far, 0.00, 0.0, null, null]]");
    reopen();
    upsert(SECOND, "('a', 2, 'two again', 3, 0, NULL, NULL)");
    assertThat(rows(Slice.now(TABLE)))
        .contains("two again")
        .doesNotContain("TWO")
        .contains("far")
        .contains("ONE");
  }

  /** Its key index is then read from its checkpoint, or made again. */
  private void reopen() {
    lake.close();
    lake = TestLake.open(folder);
  }

  @Test
  void keepsValuesThroughCompactionOfFilesOfEverySchema() {
    lake.ensure(SECOND, TO_SECOND);
    upsert(SECOND, "('a', 1, 'ONE', 7, 7, [7], 'red'), ('a', 3, 'three', 3, 3, [], 'blue')");
    String before = rows(Slice.now(TABLE));
    compact();
    assertThat(lake.upkeep().files(TABLE)).hasSize(1);
    assertThat(rows(Slice.now(TABLE))).isEqualTo(before);

    lake.ensure(THIRD, TO_THIRD);
    upsert(THIRD, "('a', 2, 9.25)");
    compact();
    assertThat(rows(Slice.now(TABLE))).isEqualTo("[[a, 1, 7.00], [a, 2, 9.25], [a, 3, 3.00]]");
    upsert(THIRD, "('a', 3, 3.5)");
    assertThat(rows(Slice.now(TABLE))).isEqualTo("[[a, 1, 7.00], [a, 2, 9.25], [a, 3, 3.50]]");
  }

  @Test
  void startsADroppedColumnAnewWhereItsNameComesBack() {
    lake.ensure(SECOND, TO_SECOND);
    lake.ensure(THIRD, TO_THIRD);
    assertThat(rows(Slice.now(TABLE))).isEqualTo("[[a, 1, 1.50], [a, 2, 2.50]]");

    lake.ensure(SECOND, strict());
    assertThat(rows(Slice.now(TABLE)))
        .isEqualTo("[[a, 1, null, 1.50, null, null, null], [a, 2, null, 2.50, null, null, null]]");
  }

  @Test
  void showsThePastInTheColumnsOfThen() {
    long first = lake.head(TABLE).orElseThrow().id();
    lake.ensure(SECOND, TO_SECOND);
    assertThat(columns(Slice.asOf(TABLE, first)))
        .as("also where no commit has come since")
        .startsWith("tenant_id VARCHAR", "id INTEGER", "name VARCHAR");
    upsert(SECOND, "('a', 1, 'ONE', 7, 7, [7], 'red')");
    lake.ensure(THIRD, TO_THIRD);
    compact();

    assertThat(rows(Slice.asOf(TABLE, first).tenant("a")))
        .isEqualTo("[[a, 1, one, 1.50, 0.5, [1, 2]], [a, 2, two, 2.50, 1.5, null]]");
    assertThat(rows(Slice.at(TABLE, first)))
        .as("a reader that follows the table has its columns of now")
        .isEqualTo("[[a, 1, 1.50], [a, 2, 2.50]]");
    assertThat(rows(Slice.asOf(TABLE, lake.head(TABLE).orElseThrow().id())))
        .as("before the drop, whatever a compaction has left out since")
        .contains("ONE", "red");
  }

  @Test
  void tellsChangesAcrossAChangeOfTheSchema() {
    long first = lake.head(TABLE).orElseThrow().id();
    lake.ensure(SECOND, TO_SECOND);
    long second = upsert(SECOND, "('a', 1, 'ONE', 7, 7, [7], 'red')").id();
    lake.ensure(THIRD, TO_THIRD);
    long third = upsert(THIRD, "('a', 3, 3)").id();

    assertThat(rows(Slice.changed(TABLE, first, third)))
        .isEqualTo("[[a, 1, 1.50, -1], [a, 1, 7.00, 1], [a, 3, 3.00, 1]]");
    assertThat(rows(Slice.added(TABLE, second, third))).isEqualTo("[[a, 3, 3.00]]");
  }

  @Test
  void refusesBeforeAnythingIsChanged() {
    String before = metadata();
    var wrong =
        spec(
            List.of("tenant_id", "id"),
            required("id", "VARCHAR", "number"),
            optional("title", "VARCHAR", "name"),
            optional("price", "DECIMAL(9,2)", "price"),
            optional("weight", "FLOAT", "weight"));
    var alterations =
        new Alterations(Policy.STRICT, Map.of("title", List.of("name")), Set.of(), Set.of());
    assertThatThrownBy(() -> lake.ensure(wrong, alterations))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessage(
            "Cannot change silver.product: column sizes INTEGER[] is left out;"
                + " column id is INTEGER, not VARCHAR");
    assertThat(metadata()).isEqualTo(before);
    try (var check = SchemaCheck.of(TestLake.options(folder))) {
      assertThat(check.refusals(wrong, alterations))
          .as("beside a lake that is open")
          .isEqualTo(lake.refusals(wrong, alterations))
          .extracting(Refusal::column)
          .containsExactly("sizes", "id");
      assertThat(check.refusals(SECOND, TO_SECOND)).isEmpty();
    }
  }
}
