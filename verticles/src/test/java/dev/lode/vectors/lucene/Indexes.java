package dev.lode.vectors.lucene;

import dev.lode.vectors.analysis.Language;
import dev.lode.vectors.search.Checkpoint;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.Planner;
import dev.lode.vectors.search.VectorIndexes;
import dev.lode.vectors.text.Unit;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Indexes for tests, and things to put into them. */
public final class Indexes {
  static final Partition PARTITION = new Partition("products", "default");

  static final Function<String, Language> ENGLISH = name -> language("en");

  private Indexes() {}

  static Language language(String code) {
    return Language.named(code).orElseThrow();
  }

  public static LuceneIndexes open(Path folder) {
    return open(folder, new Planner(200_000, 400));
  }

  static LuceneIndexes open(Path folder, Planner planner) {
    return open(folder, planner, 1000, ENGLISH);
  }

  static LuceneIndexes open(
      Path folder, Planner planner, int fusionDepth, Function<String, Language> languages) {
    var options = new LuceneIndexes.Options(16, 64 << 20, 4, fusionDepth, planner);
    return new LuceneIndexes(folder, options, languages);
  }

  static void put(VectorIndexes indexes, Partition partition, Collection<Document> documents) {
    put(indexes, partition, documents, Map.of());
  }

  static void put(
      VectorIndexes indexes,
      Partition partition,
      Collection<Document> documents,
      Map<String, FieldType> fields) {
    indexes.write(
        partition,
        index -> {
          index.put(documents, fields);
          index.publish(new Checkpoint("", Map.of(), fields));
          return partition;
        });
  }

  static Document document(String key, String text, Unit vector) {
    return new Document(
        key,
        "hash of " + text,
        "lineage of " + key,
        text,
        Map.of(),
        Map.of(),
        List.of(new Document.Chunk(text, "hash of " + text, vector)));
  }

  static Unit random(Random random, int dimension) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return Unit.of(vector);
  }

  static Unit unit(float... numbers) {
    return Unit.of(numbers);
  }
}
