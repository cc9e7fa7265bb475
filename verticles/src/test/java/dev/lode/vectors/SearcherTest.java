package dev.lode.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lode.codecs.ErrorCode;
import dev.lode.codecs.Failure;
import dev.lode.codecs.Vectors;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.text.CountingEmbedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearcherTest {
  private static final Vectors.Search RED =
      new Vectors.Search("a", "notes", "red mug", null, 10, Map.of(), "vector", "sum", "document");

  @TempDir Path folder;
  private final CountingEmbedder embedder = new CountingEmbedder();
  private NotesLake notes;
  private Searcher searcher;

  @BeforeEach
  void open() {
    notes = new NotesLake(folder, embedder);
    searcher = new Searcher(notes.parts());
    notes.add("('a', 1, 'red mug', 5)", "('a', 2, 'blue hat', 3)", "('b', 3, 'red mug', 1)");
    notes.synchronise("a", "b");
  }

  @AfterEach
  void close() {
    notes.close();
  }

  @Test
  void findsTheTenantsOwnNearestFirst() {
    Vectors.Found found = searcher.search(RED);

    assertThat(found.hits()).extracting(Vectors.Hit::id).containsExactly("1", "2");
    assertThat(found.hits().getFirst().score()).isGreaterThan(0.99);
    assertThat(found.table()).isEqualTo("silver.note");
    assertThat(found.snapshotId()).isEqualTo(notes.head());
  }

  @Test
  void findsByAVectorOfAnyLength() {
    var vector = new ArrayList<Float>();
    for (float x : embedder.embed(List.of("blue hat")).getFirst().array()) {
      vector.add(7 * x);
    }

    Vectors.Found found = searcher.search(given(null, vector, 1, "vector"));

    assertThat(found.hits()).extracting(Vectors.Hit::id).containsExactly("2");
  }

  @Test
  void keepsWhatTheFilterKeeps() {
    assertThat(searcher.search(filtered(Map.of("stars", Map.of("eq", 3)))).hits())
        .extracting(Vectors.Hit::id)
        .containsExactly("2");
    assertThatThrownBy(() -> searcher.search(filtered(Map.of("star", Map.of("eq", 3)))))
        .hasMessage("Invalid filter: unknown field star (did you mean stars?)");
  }

  @Test
  void findsNothingForATenantWithoutRows() {
    var nobody =
        new Vectors.Search("c", "notes", "red", null, 10, Map.of(), "hybrid", "rrf", "document");

    assertThat(searcher.search(nobody).hits()).isEmpty();
    assertThat(searcher.search(nobody).snapshotId()).isEqualTo(-1);
  }

  @Test
  void saysWhichNamespaceWasMeant() {
    var unknown =
        new Vectors.Search("a", "note", "red", null, 10, Map.of(), "vector", "sum", "document");

    assertThatThrownBy(() -> searcher.search(unknown))
        .hasMessage("Cannot search note: no such namespace (did you mean notes?)")
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NAMESPACE_NOT_FOUND));
  }

  @Test
  void refusesWhatCannotBeSearched() {
    refuses(given("red", null, 0, "vector"), "Invalid top_k: 0 (must be 1..1000)");
    refuses(given("red", null, 1001, "vector"), "Invalid top_k: 1001 (must be 1..1000)");
    refuses(given(" ", null, 1, "vector"), "Invalid query: it is blank");
    refuses(
        given("x".repeat(1001), null, 1, "vector"),
        "Invalid query: 1001 characters (at most 1000)");
    refuses(given("x", null, 1, "fuzzy"), "Invalid mode: fuzzy (vector, keyword or hybrid)");
    refuses(given(null, null, 1, "vector"), "Cannot search: neither a query nor a vector is given");
    refuses(
        given(null, null, 1, "keyword"), "Cannot search by words without a query (mode keyword)");
    refuses(
        new Vectors.Search("a", "notes", "x", null, 1, Map.of(), "hybrid", "max", "document"),
        "Invalid fusion: max (sum or rrf)");
    refuses(
        new Vectors.Search("a", "notes", "x", null, 1, Map.of(), "hybrid", "sum", "chunk"),
        "Invalid group_by: chunk (document or none)");
  }

  @Test
  void refusesVectorsThatAreNoDirection() {
    refuses(
        given(null, List.of(1f, 2f), 1, "vector"),
        "Invalid vector: 2 numbers (namespace notes has 32, of counting)");
    refuses(
        given(null, Collections.nCopies(32, 0f), 1, "vector"),
        "Invalid vector: all zeros have no direction");
    refuses(
        given(null, Collections.nCopies(32, Float.NaN), 1, "vector"),
        "Invalid vector: number 0 is NaN");
    refuses(
        given(null, Collections.nCopies(32, Float.POSITIVE_INFINITY), 1, "vector"),
        "Invalid vector: number 0 is Infinity");
  }

  @Test
  void saysWhereWordsCannotBeFound() {
    assertThat(searcher.search(given("of the ?!", null, 3, "keyword")).notes())
        .containsExactly(
            "no word of the query can be searched for: it has only stop words of English and"
                + " signs");
    assertThat(searcher.search(given("red", null, 3, "keyword")).notes()).isEmpty();
    assertThat(searcher.search(given("of the", null, 3, "vector")).notes()).isEmpty();
    notes
        .parts()
        .indexes()
        .write(
            new Partition("notes", "a"),
            index -> {
              index.publish(index.checkpoint().at("former", Map.of()));
              return index;
            });
    assertThat(searcher.search(given("red", null, 3, "hybrid")).notes())
        .containsExactly("notes is being indexed anew: words find only what is done already");
  }

  @Test
  void countsTheDocumentsOfATenant() {
    var mine = searcher.namespaces("a").getFirst();
    assertThat(mine)
        .containsEntry("namespace", "notes")
        .containsEntry("documents", 2L)
        .containsEntry("vectors", 2L)
        .containsEntry("language", "en")
        .containsEntry("fields", Map.of("stars", "INTEGER"))
        .containsEntry("snapshot_ids", Map.of("silver.note", notes.head()));
    assertThat(searcher.namespaces("c").getFirst())
        .containsEntry("namespace", "notes")
        .containsEntry("documents", 0L);
  }

  private void refuses(Vectors.Search search, String message) {
    assertThatThrownBy(() -> searcher.search(search))
        .isInstanceOf(Failure.class)
        .hasMessage(message);
  }

  private static Vectors.Search given(String text, List<Float> vector, int topK, String mode) {
    return new Vectors.Search("a", "notes", text, vector, topK, Map.of(), mode, "sum", "document");
  }

  private static Vectors.Search filtered(Map<String, Object> filter) {
    return new Vectors.Search(
        "a", "notes", "red mug", null, 10, filter, "vector", "sum", "document");
  }
}
