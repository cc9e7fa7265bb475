package dev.lode.vectors.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Filter;
import dev.lode.vectors.search.Filter.Bound;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Planner;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.Question.Mode;
import dev.lode.vectors.text.Unit;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found among vectors of no structure, the hardest there are, against reading them all. */
class RecallTest {
  private static final int DOCUMENTS = 4000;
  private static final int DIMENSION = 32;
  private static final int TOP_K = 10;
  private static final Map<String, FieldType> FIELDS =
      Map.of("part", FieldType.of("part", "INTEGER"));

  @TempDir Path folder;
  private final Random random = new Random(7);
  private final List<Unit> vectors = new ArrayList<>();

  @Test
  void isNearlyOneWhereASieveIsUsedWhateverAFilterKeeps() {
    assertThat(recalls(new Planner(200_000, 400))).allMatch(recall -> recall >= 0.99);
  }

  @Test
  void isNearlyOneWhereTheGraphIsUsedWhateverAFilterKeeps() {
    assertThat(recalls(new Planner(1500, 400))).allMatch(recall -> recall >= 0.99);
  }

  @Test
  void isNearlyOneWithoutRoomForCodes() {
    var options = new LuceneIndexes.Options(16, 0, 4, 100, new Planner(200_000, 400));
    try (var indexes = new LuceneIndexes(folder, options, Indexes.ENGLISH)) {
      fill(indexes);
      assertThat(recall(indexes, 1000)).isEqualTo(1);
    }
  }

  private List<Double> recalls(Planner planner) {
    try (var indexes = Indexes.open(folder, planner)) {
      fill(indexes);
      return IntStream.of(1000, 500, 200, 100, 50, 10, 1)
          .mapToObj(keep -> recall(indexes, keep))
          .toList();
    }
  }

  private void fill(LuceneIndexes indexes) {
    for (int from = 0; from < DOCUMENTS; from += DOCUMENTS / 2) {
      var documents = new ArrayList<Document>();
      for (int i = from; i < from + DOCUMENTS / 2; i++) {
        vectors.add(Indexes.random(random, DIMENSION));
        var part = new BigDecimal(part(i));
        documents.add(
            new Document(
                "d" + i,
                "",
                null,
                "text",
                Map.of(),
                Map.of("part", List.of(part)),
                List.of(new Document.Chunk("text", "h" + i, vectors.get(i)))));
      }
      Indexes.put(indexes, Indexes.PARTITION, documents, FIELDS);
    }
  }

  private static int part(int i) {
    return (i * 7919) % 1000;
  }

  private double recall(LuceneIndexes indexes, int keep) {
    var filter = new Filter.Range("part", null, new Bound(new BigDecimal(keep), false));
    int found = 0;
    int expected = 0;
    for (int i = 0; i < 40; i++) {
      Unit query = Indexes.random(random, DIMENSION);
      var question = new Question(Mode.VECTOR, query, null, filter, Fusion.SUM, true, TOP_K);
      List<Hit> hits =
          indexes.read(Indexes.PARTITION, index -> index.search(question)).orElseThrow();
      List<String> nearest = nearest(query, keep);
      assertThat(hits).as("always min(k, matches)").hasSameSizeAs(nearest);
      assertThat(hits).extracting(Hit::score).isSortedAccordingTo(Comparator.reverseOrder());
      var ids = new HashSet<>(hits.stream().map(Hit::id).toList());
      found += (int) nearest.stream().filter(ids::contains).count();
      expected += nearest.size();
    }
    return (double) found / expected;
  }

  private List<String> nearest(Unit query, int keep) {
    return IntStream.range(0, DOCUMENTS)
        .filter(i -> part(i) < keep)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -cosine(query, vectors.get(i))))
        .limit(TOP_K)
        .map(i -> "d" + i)
        .toList();
  }

  private static double cosine(Unit one, Unit other) {
    double sum = 0;
    for (int i = 0; i < DIMENSION; i++) {
      sum += (double) one.array()[i] * other.array()[i];
    }
    return sum;
  }
}
