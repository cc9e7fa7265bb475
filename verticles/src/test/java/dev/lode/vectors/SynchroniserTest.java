package dev.lode.vectors;

import static dev.lode.tables.TableSpec.Field.optional;
import static dev.lode.tables.TableSpec.Field.required;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.codecs.Vectors.Synced;
import dev.lode.fold.Folds;
import dev.lode.tables.Lake;
import dev.lode.tables.Progress;
import dev.lode.tables.Session;
import dev.lode.tables.TableName;
import dev.lode.tables.TableSpec;
import dev.lode.tables.TestLake;
import dev.lode.tables.Upsert;
import dev.lode.vectors.Synchroniser.Site;
import dev.lode.vectors.lucene.Indexes;
import dev.lode.vectors.search.Filter;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.Question.Mode;
import dev.lode.vectors.search.VectorIndexes;
import dev.lode.vectors.text.Chunking;
import dev.lode.vectors.text.CountingEmbedder;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynchroniserTest {
  private static final TableName PRODUCT = TableName.of("silver.product");
  private static final TableName SALE = TableName.of("silver.sale");
  private static final List<String> KEY = List.of("tenant_id", "id");
  private static final String FIRST = "00000000-0000-0000-0000-000000000001";

  private static final VectorSpec PRODUCTS =
      new VectorSpec(
          "products",
          null,
          "silver.product",
          null,
          null,
          List.of("id"),
          null,
          "{name}. {story}",
          List.of("id", "price"),
          null,
          new Chunking(32, 4, null),
          "counting",
          null);

  private static final VectorSpec SALES =
      new VectorSpec(
          "sales",
          null,
          null,
          "SELECT p.id, p.name, sum(s.pieces) AS pieces"
              + " FROM silver.product p JOIN silver.sale s USING (id) GROUP BY p.id, p.name",
          null,
          List.of("id"),
          null,
          "{name}",
          List.of("pieces"),
          null,
          null,
          "counting",
          null);

  @TempDir Path folder;
  private final CountingEmbedder embedder = new CountingEmbedder();
  private Lake lake;
  private VectorIndexes indexes;
  private Synchroniser synchroniser;

  @BeforeEach
  void open() {
    lake = TestLake.open(folder);
    lake.ensure(
        new TableSpec(
            PRODUCT,
            List.of(
                required("tenant_id", "VARCHAR", "tenant"),
                required("id", "BIGINT", "number"),
                optional("name", "VARCHAR", "name"),
                optional("story", "VARCHAR", "story"),
                optional("price", "DECIMAL(9,2)", "price"),
                optional("lineage_id", "UUID", "record")),
            KEY,
            List.of("tenant_id"),
            "Products."));
    start(100);
  }

  private void start(int turnDocuments) {
    indexes = Indexes.open(folder.resolve("vectors"));
    var folds = new Folds(lake, 1000);
    var site = new Site(lake, new Sources(lake), indexes, name -> embedder, folds, turnDocuments);
    synchroniser = new Synchroniser(site);
  }

  @AfterEach
  void close() {
    indexes.close();
    lake.close();
  }

  @Test
  void makesADocumentOfEachRow() {
    products(
        "('a', 1, 'mug', 'It is red', 2.50, '" + FIRST + "')", "('a', 2, 'hat', NULL, 9, NULL)");

    Synced synced = sync(PRODUCTS, "a");

    assertThat(synced.embedded()).isEqualTo(2);
    assertThat(synced.snapshotId()).isEqualTo(lake.head(PRODUCT).orElseThrow().id());
    assertThat(hits("products", "a"))
        .extracting(Hit::id, Hit::text, Hit::lineageId)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("1", "mug. It is red", FIRST),
            org.assertj.core.groups.Tuple.tuple("2", "hat. ", null));
    assertThat(hits("products", "a").getFirst().metadata())
        .isEqualTo(Map.of("id", 1, "price", new BigDecimal("2.50")));
  }

  @Test
  void leavesOutRowsThatSayNothing() {
    products("('a', 1, ' ', NULL, 1, NULL)", "('a', 2, 'hat', '', 1, NULL)");

    sync(PRODUCTS, "a");

    assertThat(ids("products", "a")).containsExactly("2");
  }

  @Test
  void doesNothingAtTheHead() {
    products("('a', 1, 'mug', '', 1, NULL)");
    sync(PRODUCTS, "a");

    assertThat(synchroniser.turn(PRODUCTS, "a")).isEmpty();
  }

  @Test
  void doesNothingWithoutATable() {
    assertThat(synchroniser.turn(SALES, "a")).isEmpty();
    assertThat(synchroniser.turn(PRODUCTS, "a")).isEmpty();
  }

  @Test
  void embedsOnlyWhatChanged() {
    products("('a', 1, 'mug', 'red', 1, NULL)", "('a', 2, 'hat', 'blue', 2, NULL)");
    sync(PRODUCTS, "a");
    embedder.embedded.clear();

    products("('a', 1, 'mug', 'green', 1, NULL)", "('a', 2, 'hat', 'blue', 3, NULL)");
    Synced synced = sync(PRODUCTS, "a");

    assertThat(embedder.embedded).containsExactly("mug. green");
    assertThat(synced.embedded()).isEqualTo(1);
    assertThat(synced.reused()).as("the text of a row whose price changed").isEqualTo(1);
    assertThat(hits("products", "a").get(1).metadata())
        .containsEntry("price", new BigDecimal("3.00"));
  }

  @Test
  void embedsNoTextTwiceOverARestartOrAnotherRow() {
    products("('a', 1, 'mug', 'red', 1, NULL)");
    sync(PRODUCTS, "a");
    indexes.close();
    start(100);
    embedder.embedded.clear();

    products("('a', 7, 'mug', 'red', 1, NULL)", "('a', 8, 'mug', 'red', 1, NULL)");
    sync(PRODUCTS, "a");

    assertThat(embedder.embedded).isEmpty();
    assertThat(ids("products", "a")).containsExactly("1", "7", "8");
  }

  @Test
  void takesALaterRecordOfTheSameContentForNoChange() {
    products("('a', 1, 'mug', 'red', 1, '" + FIRST + "')");
    sync(PRODUCTS, "a");

    products("('a', 1, 'mug', 'red', 1, '00000000-0000-0000-0000-000000000002')");
    Synced synced = sync(PRODUCTS, "a");

    assertThat(List.of(synced.embedded(), synced.reused(), synced.removed())).containsOnly(0L);
    assertThat(hits("products", "a").getFirst().lineageId()).isEqualTo(FIRST);
  }

  @Test
  void removesWhatTheTableHasNoMore() {
    products("('a', 1, 'mug', 'red', 1, NULL)", "('a', 2, 'hat', 'blue', 2, NULL)");
    sync(PRODUCTS, "a");

    try (Session session = lake.session()) {
      session.upsert(
          PRODUCT, new Upsert(KEY, null, "SELECT 'a' AS tenant_id, 1 AS id"), Progress.NONE);
    }
    Synced synced = sync(PRODUCTS, "a");

    assertThat(synced.removed()).isEqualTo(1);
    assertThat(ids("products", "a")).containsExactly("2");
  }

  @Test
  void keepsTenantsApart() {
    products("('a', 1, 'mug', 'red', 1, NULL)", "('b', 2, 'hat', 'blue', 2, NULL)");
    sync(PRODUCTS, "a");
    sync(PRODUCTS, "b");
    sync(PRODUCTS, "c");

    assertThat(ids("products", "a")).containsExactly("1");
    assertThat(ids("products", "b")).containsExactly("2");
    assertThat(ids("products", "c")).isEmpty();
  }

  @Test
  void cutsLongTextsAndNumbersTheirChunks() {
    String story = "one two three four. ".repeat(16).strip();
    products("('a', 1, 'mug', '" + story + "', 1, NULL)");
    sync(PRODUCTS, "a");

    assertThat(ids("products", "a")).hasSizeGreaterThan(2).contains("1#1", "1#2");

    products("('a', 1, 'mug', 'short', 1, NULL)");
    sync(PRODUCTS, "a");
    assertThat(ids("products", "a")).containsExactly("1");
  }

  @Test
  void worksInTurnsAndMovesTheCheckpointWithTheLast() {
    close();
    lake = TestLake.open(folder);
    start(2);
    products(
        "('a', 1, 'a', '', 1, NULL)", "('a', 2, 'b', '', 1, NULL)", "('a', 3, 'c', '', 1, NULL)");

    var first = synchroniser.turn(PRODUCTS, "a").orElseThrow();
    assertThat(first.more()).isTrue();
    assertThat(ids("products", "a")).hasSize(2);
    indexes.close();
    start(2);
    var second = synchroniser.turn(PRODUCTS, "a").orElseThrow();

    assertThat(second.more()).isFalse();
    assertThat(embedder.embedded).hasSize(3).doesNotHaveDuplicates();
    assertThat(ids("products", "a")).containsExactly("1", "2", "3");
    assertThat(synchroniser.turn(PRODUCTS, "a")).isEmpty();
  }

  @Test
  void makesAllAnewWhereTheSpecificationChanged() {
    products("('a', 1, 'mug', 'red', 1, NULL)");
    sync(PRODUCTS, "a");
    VectorSpec names = only("{name}");

    sync(names, "a");

    assertThat(hits("products", "a").getFirst().text()).isEqualTo("mug");
    assertThat(hits("products", "a").getFirst().metadata()).isEmpty();
  }

  @Test
  void takesTheLatestOfSeveralRowsWithOneKey() {
    makeSales();
    sales("('a', 1, 5, 'later')", "('a', 1, 3, 'earlier')");
    var latest = spec("latest", "silver.sale", "pieces", "{note}");

    sync(latest, "a");
    assertThat(hits("latest", "a")).extracting(Hit::text).containsExactly("later");

    sales("('a', 1, 4, 'between')");
    sync(latest, "a");
    assertThat(hits("latest", "a")).extracting(Hit::text).containsExactly("later");
    sales("('a', 1, 6, 'latest')");
    sync(latest, "a");
    assertThat(hits("latest", "a")).extracting(Hit::text).containsExactly("latest");
  }

  @Test
  void followsEveryTableOfItsSql() {
    makeSales();
    products("('a', 1, 'mug', 'red', 1, NULL)");
    assertThat(synchroniser.turn(SALES, "a")).as("before all tables have a snapshot").isEmpty();
    sales("('a', 1, 5, NULL)", "('b', 1, 50, NULL)");

    sync(SALES, "a");
    assertThat(hits("sales", "a").getFirst().metadata()).containsEntry("pieces", 5);

    sales("('a', 1, 2, NULL)");
    embedder.embedded.clear();
    sync(SALES, "a");
    assertThat(hits("sales", "a").getFirst().metadata()).containsEntry("pieces", 7);
    assertThat(embedder.embedded).isEmpty();
  }

  @Test
  void saysWhichColumnIsMissing() {
    products("('a', 1, 'mug', 'red', 1, NULL)");
    VectorSpec wrong = only("{nam}");

    assertThatThrownBy(() -> synchroniser.turn(wrong, "a"))
        .hasMessage(
            "Cannot make vectors of products: no column nam in its rows (did you mean name?)");
  }

  /** Products without metadata. */
  private static VectorSpec only(String text) {
    return spec("products", "silver.product", null, text);
  }

  private static VectorSpec spec(String namespace, String source, String order, String text) {
    List<String> key = List.of("id");
    return new VectorSpec(
        namespace, null, source, null, null, key, order, text, null, null, null, "counting", null);
  }

  private Synced sync(VectorSpec spec, String tenantId) {
    var turn = synchroniser.turn(spec, tenantId).orElseThrow();
    assertThat(turn.more()).isFalse();
    return turn.synced();
  }

  private void products(String... rows) {
    try (Session session = lake.session()) {
      String select =
          "SELECT * FROM (VALUES "
              + String.join(", ", rows)
              + ") AS t(tenant_id, id, name, story, price, lineage_id)";
      session.upsert(PRODUCT, new Upsert(KEY, select, null), Progress.NONE);
    }
  }

  private void makeSales() {
    lake.ensure(
        new TableSpec(
            SALE,
            List.of(
                required("tenant_id", "VARCHAR", "tenant"),
                required("id", "BIGINT", "product"),
                required("pieces", "INTEGER", "pieces"),
                optional("note", "VARCHAR", "note")),
            List.of(),
            List.of("tenant_id"),
            "Sales."));
  }

  private void sales(String... rows) {
    try (Session session = lake.session()) {
      String select =
          "SELECT * FROM (VALUES "
              + String.join(", ", rows)
              + ") AS t(tenant_id, id, pieces, note)";
      session.append(SALE, select, Progress.NONE);
    }
  }

  private List<String> ids(String namespace, String tenantId) {
    return hits(namespace, tenantId).stream().map(Hit::id).toList();
  }

  /** All of them, by id. */
  private List<Hit> hits(String namespace, String tenantId) {
    var vector = embedder.embed(List.of("any")).getFirst();
    embedder.embedded.removeLast();
    var question = new Question(Mode.VECTOR, vector, null, Filter.ALL, Fusion.SUM, false, 100);
    var hits = indexes.read(new Partition(namespace, tenantId), index -> index.search(question));
    var sorted = new ArrayList<>(hits.orElse(List.of()));
    sorted.sort(Comparator.comparing(Hit::id));
    return sorted;
  }
}
