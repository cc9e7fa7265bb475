package dev.lode.vectors.lucene;

import static dev.lode.vectors.lucene.Indexes.PARTITION;
import static dev.lode.vectors.lucene.Indexes.document;
import static dev.lode.vectors.lucene.Indexes.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.Failure;
import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.search.Checkpoint;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Filter;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.Question.Mode;
import dev.lode.vectors.search.VectorIndex;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneIndexesIT {
  @TempDir Path folder;
  private LuceneIndexes indexes;

  @BeforeEach
  void open() {
    indexes = Indexes.open(folder.resolve("data"));
  }

  @AfterEach
  void close() {
    indexes.close();
  }

  @Test
  void findsByMeaningByWordsAndByBoth() {
    put(
        document("far", "a blue kettle", unit(0, 1)),
        document("near", "a red lantern", unit(1, 0.1f)),
        document("words", "red mugs", unit(1, 1)));

    assertThat(ids(question(Mode.VECTOR, "red mug"))).containsExactly("near", "words", "far");
    assertThat(ids(question(Mode.KEYWORD, "red mug"))).containsExactly("words", "near");
    assertThat(ids(question(Mode.HYBRID, "red mug"))).containsExactly("words", "near", "far");
  }

  @Test
  void commitsNothingInTheMiddleOfATurn() throws IOException {
    put(document("a", "x", unit(1, 0)));
    indexes.commit();
    List<Path> before = commits();
    indexes.write(
        PARTITION,
        index -> {
          index.put(List.of(document("b", "y", unit(0, 1))), Map.of());
          CompletableFuture.runAsync(indexes::commit).join();
          index.publish(new Checkpoint("", Map.of("silver.thing", 2L), Map.of()));
          return index;
        });
    assertThat(commits()).isEqualTo(before);
    indexes.commit();
    assertThat(commits()).isNotEqualTo(before);
  }

  private List<Path> commits() throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("segments_")).toList();
    }
  }

  @Test
  void scoresByTheCosine() {
    put(document("a", "x", unit(3, 4)));

    Hit hit = search(question(Mode.VECTOR, "x")).getFirst();

    assertThat(hit.score()).isEqualTo(0.6, org.assertj.core.api.Assertions.within(1e-6));
    assertThat(hit.text()).isEqualTo("x");
    assertThat(hit.lineageId()).isEqualTo("lineage of a");
  }

  @Test
  void breaksTiesById() {
    var same =
        IntStream.range(0, 3000).mapToObj(i -> document("k" + (9999 - i), "mug", unit(1, 0)));
    put(same.toArray(Document[]::new));
    var expected = List.of("k7000", "k7001", "k7002", "k7003", "k7004");

    assertThat(ids(question(Mode.VECTOR, "mug"))).isEqualTo(expected);
    assertThat(ids(question(Mode.KEYWORD, "mug"))).isEqualTo(expected);
    assertThat(ids(question(Mode.HYBRID, "mug"))).isEqualTo(expected);
  }

  @Test
  void knowsWordsWithoutCaseAccentsAndPlural() {
    put(document("a", "Crème BRÛLÉE dishes", unit(1, 0)));

    assertThat(ids(question(Mode.KEYWORD, "creme brulee dish"))).containsExactly("a");
    assertThat(ids(question(Mode.KEYWORD, "kettle"))).isEmpty();
    assertThat(ids(question(Mode.KEYWORD, "?!"))).isEmpty();
  }

  @Test
  void givesMetadataBackAsItWas() {
    Map<String, Object> metadata =
        Map.of("price", new BigDecimal("2.5500"), "tags", List.of("a", "b"), "count", 3);
    var chunk = new Document.Chunk("x", "h", unit(1, 0));
    put(new Document("a", "h", null, "x", metadata, Map.of(), List.of(chunk)));

    Hit hit = search(question(Mode.VECTOR, "x")).getFirst();

    assertThat(hit.metadata()).isEqualTo(metadata);
    assertThat(hit.lineageId()).isNull();
  }

  @Test
  void putsADocumentInPlaceOfItsFormerChunks() {
    var one = new Document.Chunk("one", "1", unit(1, 0));
    var two = new Document.Chunk("two", "2", unit(0, 1));
    put(new Document("a", "old", null, "one two", Map.of(), Map.of(), List.of(one, two)));
    assertThat(search(chunks(Mode.VECTOR, "x"))).extracting(Hit::id).containsExactly("a#1", "a#2");
    assertThat(documents()).isEqualTo(1);

    put(new Document("a", "new", null, "two", Map.of(), Map.of(), List.of(two)));

    assertThat(ids(question(Mode.VECTOR, "x"))).containsExactly("a");
    assertThat(indexes.read(PARTITION, index -> index.contentHashes(null)))
        .contains(Map.of("a", "new"));
  }

  @Test
  void removesWhatIsRemoved() {
    put(document("a", "x", unit(1, 0)), document("b", "y", unit(0, 1)));

    indexes.write(
        PARTITION,
        index -> {
          index.remove(List.of("a", "never"));
          index.publish(Checkpoint.NONE);
          return index;
        });

    assertThat(ids(question(Mode.VECTOR, "x"))).containsExactly("b");
    assertThat(ids(question(Mode.KEYWORD, "x"))).isEmpty();
    assertThat(documents()).isEqualTo(1);
  }

  @Test
  void findsTheVectorOfATextAgain() {
    put(document("a", "red mug", unit(3, 4)));

    assertThat(indexes.read(PARTITION, index -> index.vector("hash of red mug", 2)).orElseThrow())
        .contains(unit(3, 4));
    assertThat(indexes.read(PARTITION, index -> index.vector("hash of red mug", 3)).orElseThrow())
        .isEmpty();
    assertThat(indexes.read(PARTITION, index -> index.vector("other", 2)).orElseThrow()).isEmpty();
  }

  @Test
  void keepsTenantsInFoldersOfTheirOwn() throws IOException {
    var other = new Partition("products", "../evil");
    put(document("mine", "x", unit(1, 0)));
    Indexes.put(indexes, other, List.of(document("theirs", "x", unit(1, 0))));
    indexes.commit();

    assertThat(ids(question(Mode.VECTOR, "x"))).containsExactly("mine");
    try (var tenants = Files.list(folder.resolve("data/products"))) {
      assertThat(tenants.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("default", "%2E.%2Fevil");
    }
    assertThat(indexes.read(new Partition("products", "nobody"), VectorIndex::documents)).isEmpty();
  }

  @Test
  void fallsBackToTheLastCommitAfterACrash() throws IOException {
    var types = Map.of("price", FieldType.of("price", "DECIMAL(18,4)"));
    var first = new Checkpoint("spec", Map.of("silver.x", 41L), types);
    write(document("a", "x", unit(1, 0)), first, true);
    write(
        document("b", "y", unit(0, 1)),
        new Checkpoint("spec", Map.of("silver.x", 42L), types),
        false);
    Path crashed = copy(folder.resolve("data"), folder.resolve("crashed"));

    assertThat(ids(question(Mode.VECTOR, "x"))).containsExactly("a", "b");
    try (var again = Indexes.open(crashed)) {
      assertThat(again.read(PARTITION, VectorIndex::checkpoint)).contains(first);
      assertThat(again.read(PARTITION, index -> index.contentHashes(null)))
          .contains(Map.of("a", "hash of x"));
    }
  }

  @Test
  void keepsTheCheckpointOverAClose() {
    var checkpoint = new Checkpoint("spec", Map.of("silver.x", 42L), Map.of());
    write(document("a", "x", unit(1, 0)), checkpoint, false);

    indexes.close();
    open();

    assertThat(indexes.read(PARTITION, VectorIndex::checkpoint)).contains(checkpoint);
    assertThat(ids(question(Mode.VECTOR, "x"))).containsExactly("a");
  }

  @Test
  void makesAnIndexThatCannotBeReadAnew() throws IOException {
    write(document("a", "x", unit(1, 0)), new Checkpoint("s", Map.of("t.x", 1L), Map.of()), true);
    indexes.close();
    try (var files = Files.list(folder.resolve("data/products/default"))) {
      Path segments =
          files
              .filter(file -> file.getFileName().toString().startsWith("segments_"))
              .findFirst()
              .orElseThrow();
      Files.write(segments, new byte[] {1, 2, 3});
    }
    open();

    assertThat(indexes.write(PARTITION, VectorIndex::checkpoint)).isEqualTo(Checkpoint.NONE);
    assertThat(documents()).isZero();
  }

  @Test
  void saysWhereAnotherProcessHasTheIndexOpen() {
    put(document("a", "x", unit(1, 0)));
    try (var second = Indexes.open(folder.resolve("data"))) {
      assertThatThrownBy(() -> second.read(PARTITION, VectorIndex::documents))
          .isInstanceOf(Failure.class)
          .hasMessageEndingWith("another process has it open");
    }
  }

  @Test
  void closesTheIndexUnusedLongestForAnother() {
    for (int i = 0; i < 20; i++) {
      var partition = new Partition("products", "tenant" + i);
      Indexes.put(indexes, partition, List.of(document("k" + i, "x", unit(1, 0))));
    }
    for (int i = 0; i < 20; i++) {
      var partition = new Partition("products", "tenant" + i);
      assertThat(indexes.read(partition, index -> index.search(question(Mode.VECTOR, "x"))))
          .hasValueSatisfying(hits -> assertThat(hits).hasSize(1));
    }
  }

  private void put(Document... documents) {
    Indexes.put(indexes, PARTITION, List.of(documents));
  }

  private void write(Document document, Checkpoint checkpoint, boolean commits) {
    indexes.write(
        PARTITION,
        index -> {
          index.put(List.of(document), Map.of());
          index.publish(checkpoint);
          if (commits) {
            index.commit();
          }
          return index;
        });
  }

  private static Question question(Mode mode, String text) {
    return new Question(mode, unit(1, 0), text, Filter.ALL, Fusion.SUM, true, 5);
  }

  private static Question chunks(Mode mode, String text) {
    return new Question(mode, unit(1, 0), text, Filter.ALL, Fusion.SUM, false, 5);
  }

  private List<Hit> search(Question question) {
    return indexes.read(PARTITION, index -> index.search(question)).orElseThrow();
  }

  private List<String> ids(Question question) {
    return search(question).stream().map(Hit::id).toList();
  }

  private long documents() {
    return indexes.read(PARTITION, VectorIndex::documents).orElseThrow();
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else if (!file.getFileName().toString().equals("write.lock")) {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }
}
