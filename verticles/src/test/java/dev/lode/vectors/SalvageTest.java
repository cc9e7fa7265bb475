package dev.lode.vectors;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.fold.Folds;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import dev.lode.tables.Troubles;
import dev.lode.tables.Upsert;
import dev.lode.vectors.lucene.Indexes;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.VectorIndex;
import dev.lode.vectors.search.VectorIndexes;
import dev.lode.vectors.text.Chunking;
import dev.lode.vectors.text.CountingEmbedder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document that cannot be made is left out; the others are found. */
class SalvageTest {
  private static final TableName THING = TableName.of("silver.thing");

  @TempDir Path folder;
  private Lake lake;
  private VectorIndexes indexes;
  private Synchroniser synchroniser;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(
        new TableSpec(
            THING,
            List.of(
                required("tenant_id", "VARCHAR", "tenant"),
                required("id", "BIGINT", "number"),
                optional("name", "VARCHAR", "name"),
                optional("size", "VARCHAR", "size")),
            List.of("tenant_id", "id"),
            List.of("tenant_id"),
            "Things."));
    indexes = Indexes.open(folder.resolve("vectors"));
    synchroniser =
        new Synchroniser(
            new Synchroniser.Site(
                lake,
                new Sources(lake),
                indexes,
                name -> new CountingEmbedder(),
                new Folds(lake, 1000),
                100));
  }

  @AfterEach
  void close() {
    indexes.close();
    lake.close();
  }

  private static VectorSpec spec(String size) {
    return new VectorSpec(
        "things",
        null,
        null,
        "SELECT id, name, " + size + " AS size FROM silver.thing",
        true,
        List.of("id"),
        null,
        "{name}",
        List.of("size"),
        null,
        new Chunking(32, 4, null),
        "counting",
        null);
  }

  private void things(String... rows) {
    try (Session session = lake.session()) {
      String select =
          "SELECT * FROM (VALUES %s) v(tenant_id, id, name, size)"
              .formatted(String.join(", ", rows));
      session.upsert(THING, new Upsert(List.of("tenant_id", "id"), select, null), Progress.NONE);
    }
  }

  private long documents(String tenant) {
    return indexes
        .read(new Partition("things", tenant), VectorIndex::documents)
        .map(Number::longValue)
        .orElse(0L);
  }

  private List<String> troubles(String tenant) {
    return lake.troubles().of(tenant).stream().map(Troubles.Trouble::reason).toList();
  }

  @Test
  void leavesOutTheDocumentThatCannotBeMade() {
    var spec = spec("CAST(size AS INTEGER)");
    things("('a', 1, 'mug', '5')", "('a', 2, 'hat', 'large')", "('a', 3, 'pan', '7')");

    assertThat(synchroniser.turn(spec, "a")).isPresent();
    assertThat(documents("a")).isEqualTo(2);
    assertThat(troubles("a")).singleElement().asString().startsWith("1 documents cannot be made (");
    assertThat(synchroniser.turn(spec, "a")).as("the same rows are not tried again").isEmpty();

    things("('a', 3, 'pan', 'huge')", "('a', 4, 'cup', '1')");
    synchroniser.turn(spec, "a");
    assertThat(documents("a")).as("one that was there is stale, and leaves").isEqualTo(2);

    things("('a', 2, 'hat', '6')", "('a', 3, 'pan', '9')");
    synchroniser.turn(spec, "a");
    assertThat(documents("a")).isEqualTo(4);
    assertThat(troubles("a")).isEmpty();
  }

  @Test
  void whatFailsAltogetherIsThatTenantsTroubleAndWaitsForOtherRows() {
    var spec = spec("(SELECT CAST(max(size) AS INTEGER) FROM silver.thing)");
    things("('a', 1, 'mug', '5')", "('nasty', 2, 'hat', 'large')");

    synchroniser.turn(spec, "a");
    assertThat(documents("a")).isEqualTo(1);
    synchroniser.turn(spec, "nasty");
    assertThat(documents("nasty")).isZero();
    assertThat(troubles("nasty")).isNotEmpty();
    assertThat(troubles("a")).isEmpty();
    assertThat(synchroniser.turn(spec, "nasty")).as("not for ever").isEmpty();
  }
}
