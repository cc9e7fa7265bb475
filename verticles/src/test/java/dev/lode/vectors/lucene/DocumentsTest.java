package dev.lode.vectors.lucene;

import static dev.lode.vectors.lucene.Indexes.PARTITION;
import static dev.lode.vectors.lucene.Indexes.document;
import static dev.lode.vectors.lucene.Indexes.random;
import static dev.lode.vectors.lucene.Indexes.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Filter;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Planner;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.Question.Mode;
import dev.lode.vectors.text.Unit;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Documents of many chunks: hits are documents, in an order that no limit changes. */
class DocumentsTest {
  private static final int DOCUMENTS = 300;
  private static final int DEPTH = 50;
  private static final int DIMENSION = 16;
  private static final Map<String, FieldType> FIELDS =
      Map.of("part", FieldType.of("part", "INTEGER"));
  private static final Filter SOME = new Filter.In("part", List.of(new BigDecimal(3)));
  private static final List<String> VOCABULARY =
      IntStream.range(0, 60).mapToObj(i -> "word" + (char) ('a' + i % 26) + i).toList();

  @TempDir Path folder;
  private final Random random = new Random(12);

  @Test
  void givesEachDocumentOnceWithItsBestChunk() {
    try (var indexes = filled()) {
      for (int i = 0; i < 20; i++) {
        Unit vector = random(random, DIMENSION);
        List<Hit> chunks = search(indexes, nearest(vector, false, 2000));
        var best = new HashMap<String, Hit>();
        chunks.forEach(chunk -> best.putIfAbsent(chunk.documentId(), chunk));

        List<Hit> documents = search(indexes, nearest(vector, true, 1000));

        assertThat(documents).hasSize(DOCUMENTS);
        for (Hit hit : documents) {
          assertThat(hit.id()).isEqualTo(hit.documentId());
          assertThat(hit.chunkId()).isEqualTo(best.get(hit.id()).chunkId());
          assertThat(hit.score()).isEqualTo(best.get(hit.id()).score());
        }
        assertThat(documents)
            .isSortedAccordingTo(Comparator.comparingDouble(Hit::score).reversed());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void findsAsManyDocumentsAsAreAskedForAndMatch(Mode mode) {
    try (var indexes = filled()) {
      for (int topK : new int[] {1, 2, 7, 30, 60, 299, 300, 1000}) {
        String text = mode == Mode.KEYWORD ? String.join(" ", VOCABULARY) : VOCABULARY.get(3);
        var all = question(mode, text, Filter.ALL, topK);
        assertThat(distinct(indexes, all)).isEqualTo(Math.min(topK, DOCUMENTS));
        var some = question(mode, text, SOME, topK);
        assertThat(distinct(indexes, some)).isEqualTo(Math.min(topK, DOCUMENTS / 10));
      }
    }
  }

  private int distinct(LuceneIndexes indexes, Question question) {
    List<Hit> hits = search(indexes, question);
    var ids = new HashSet<String>();
    hits.forEach(hit -> ids.add(hit.id()));
    assertThat(ids).hasSameSizeAs(hits);
    return ids.size();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void keepsTheOrderOfHitsWhateverTheLimit(Mode mode) {
    try (var indexes = filled()) {
      for (int i = 0; i < 200; i++) {
        var vector = random(random, DIMENSION);
        String text = words(1 + random.nextInt(30));
        Fusion fusion = i % 2 == 0 ? Fusion.SUM : Fusion.RRF;
        boolean documents = i % 3 > 0;
        List<String> all = null;
        for (int topK : new int[] {1000, 300, 100, DEPTH, DEPTH - 1, 10, 1}) {
          var question = new Question(mode, vector, text, Filter.ALL, fusion, documents, topK);
          List<String> hits = search(indexes, question).stream().map(Hit::id).toList();
          all = all == null ? hits : all;
          assertThat(hits)
              .as("top %d of %s %s", topK, mode, fusion)
              .isEqualTo(all.subList(0, Math.min(topK, all.size())));
        }
      }
    }
  }

  @Test
  void ranksDocumentsByAllOfTheirWords() {
    try (var indexes = Indexes.open(folder)) {
      put(
          indexes,
          document("half", "red kettle", unit(1, 0)),
          parts("whole", "red lantern of a kind", "blue mug of a kind"));

      var question = question(Mode.KEYWORD, "red mug", Filter.ALL, 10);

      assertThat(search(indexes, question)).extracting(Hit::id).containsExactly("whole", "half");
    }
  }

  @Test
  void showsTheChunkThatHasTheWords() {
    try (var indexes = Indexes.open(folder)) {
      put(indexes, parts("a", "one two", "three four", "five six"), parts("b", "five", "two two"));

      assertThat(search(indexes, question(Mode.KEYWORD, "six", Filter.ALL, 10)))
          .singleElement()
          .satisfies(
              hit -> {
                assertThat(hit.id()).isEqualTo("a");
                assertThat(hit.chunkId()).isEqualTo("a#3");
                assertThat(hit.text()).isEqualTo("five six");
              });
      assertThat(search(indexes, question(Mode.KEYWORD, "two", Filter.ALL, 10)))
          .extracting(Hit::chunkId)
          .containsExactly("b#2", "a#1");
    }
  }

  @Test
  void countsARepeatedWordAsOftenAsItIsSaid() {
    try (var indexes = Indexes.open(folder)) {
      put(indexes, document("m", "a mug", unit(1, 0)), document("l", "a lantern", unit(1, 0)));

      assertThat(search(indexes, question(Mode.KEYWORD, "mug lantern mug", Filter.ALL, 10)))
          .extracting(Hit::id)
          .containsExactly("m", "l");
      assertThat(search(indexes, question(Mode.KEYWORD, "lantern mug lantern", Filter.ALL, 10)))
          .extracting(Hit::id)
          .containsExactly("l", "m");
    }
  }

  @Test
  void searchesForEveryWordOfALongQuery() {
    try (var indexes = Indexes.open(folder)) {
      put(indexes, document("a", "mug", unit(1, 0)));
      var text = new StringBuilder();
      for (int i = 0; i < 5000; i++) {
        text.append('w').append(i).append(' ');
      }

      assertThat(search(indexes, question(Mode.KEYWORD, text + "mug", Filter.ALL, 10))).hasSize(1);
    }
  }

  @Test
  void neverMixesTheWordsOfTwoAnalyses() {
    try (var english = Indexes.open(folder)) {
      put(english, document("a", "walking", unit(1, 0)), document("b", "walked", unit(1, 0)));
      english.commit();
    }
    var planner = new Planner(200_000, 400);
    try (var german = Indexes.open(folder, planner, 100, name -> Indexes.language("de"))) {
      var question = question(Mode.KEYWORD, "walked", Filter.ALL, 10);
      assertThat(search(german, question)).isEmpty();
      put(german, document("b", "walked", unit(1, 0)));

      assertThat(search(german, question)).extracting(Hit::id).containsExactly("b");
      assertThat(
              search(
                  german,
                  new Question(Mode.VECTOR, unit(1, 0), "x", Filter.ALL, Fusion.SUM, true, 10)))
          .hasSize(2);
    }
  }

  private LuceneIndexes filled() {
    var indexes = Indexes.open(folder, new Planner(200_000, 400), DEPTH, Indexes.ENGLISH);
    var documents = new ArrayList<Document>();
    for (int i = 0; i < DOCUMENTS; i++) {
      var chunks = new ArrayList<Document.Chunk>();
      int count = 1 + random.nextInt(7);
      for (int j = 0; j < count; j++) {
        String text = words(5 + random.nextInt(20));
        chunks.add(new Document.Chunk(text, "h" + i + "." + j, random(random, DIMENSION)));
      }
      String text = String.join(" ", chunks.stream().map(Document.Chunk::text).toList());
      Map<String, List<Object>> part = Map.of("part", List.of(new BigDecimal(i % 10)));
      documents.add(new Document("d" + i, "", null, text, Map.of(), part, chunks));
    }
    Indexes.put(indexes, PARTITION, documents.subList(0, 200), FIELDS);
    Indexes.put(indexes, PARTITION, documents.subList(150, DOCUMENTS), FIELDS);
    return indexes;
  }

  private String words(int count) {
    var words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(VOCABULARY.get((int) (VOCABULARY.size() * Math.pow(random.nextDouble(), 2))));
      words.append(' ');
    }
    return words.toString();
  }

  private static Document parts(String key, String... texts) {
    var chunks = new ArrayList<Document.Chunk>();
    for (int i = 0; i < texts.length; i++) {
      chunks.add(new Document.Chunk(texts[i], key + i, unit(1, i)));
    }
    return new Document(key, "", null, String.join(" ", texts), Map.of(), Map.of(), chunks);
  }

  private static void put(LuceneIndexes indexes, Document... documents) {
    Indexes.put(indexes, PARTITION, List.of(documents));
  }

  private Question question(Mode mode, String text, Filter filter, int topK) {
    return new Question(mode, unit(vector()), text, filter, Fusion.SUM, true, topK);
  }

  private float[] vector() {
    return random(random, DIMENSION).array();
  }

  private static Question nearest(Unit vector, boolean documents, int topK) {
    return new Question(Mode.VECTOR, vector, "x", Filter.ALL, Fusion.SUM, documents, topK);
  }

  private static List<Hit> search(LuceneIndexes indexes, Question question) {
    return indexes.read(PARTITION, index -> index.search(question)).orElseThrow();
  }
}
