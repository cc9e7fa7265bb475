package dev.lode.load;

import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.analysis.Language;
import dev.lode.vectors.lucene.LuceneIndexes;
import dev.lode.vectors.search.Checkpoint;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Filter;
import dev.lode.vectors.search.Filter.Bound;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Partition;
import dev.lode.vectors.search.Planner;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.Question.Mode;
import dev.lode.vectors.text.Unit;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The 10 nearest of 100,000 vectors of 384 numbers, of those that a filter keeps. The vectors are
 * random: the hardest there are. The baseline reads every vector that the filter keeps, from plain
 * arrays. Prints the recall against it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "--add-modules=jdk.incubator.vector"})
public class VectorSearchBenchmark {
  private static final int DOCUMENTS = 100_000;
  private static final int DIMENSION = 384;
  private static final int TOP_K = 10;
  private static final int QUERIES = 100;
  private static final Map<String, FieldType> FIELDS =
      Map.of("part", FieldType.of("part", "INTEGER"));
  private static final Partition PARTITION = new Partition("benchmark", "default");

  /** How many of a thousand documents the filter keeps; 1000 is no filter. */
  @Param({"1000", "500", "100", "50", "10", "1"})
  public int keep;

  private final Random random = new Random(7);
  private final Unit[] vectors = new Unit[DOCUMENTS];
  private final Unit[] queries = new Unit[QUERIES];
  private Path folder;
  private LuceneIndexes indexes;
  private int next;

  @Setup
  public void fill() throws IOException {
    folder = Files.createTempDirectory("lode-benchmark");
    var planner = new Planner(200_000, 400);
    indexes =
        new LuceneIndexes(
            folder,
            new LuceneIndexes.Options(16, 256 << 20, 4, 1000, planner),
            namespace -> Language.named("en").orElseThrow());
    for (int from = 0; from < DOCUMENTS; from += 10_000) {
      put(from, from + 10_000);
    }
    for (int i = 0; i < QUERIES; i++) {
      queries[i] = random();
    }
    System.out.printf("%nRecall@%d with %d of 1000 kept: %.4f%n", TOP_K, keep, recall());
  }

  private void put(int from, int to) {
    var documents = new ArrayList<Document>();
    for (int i = from; i < to; i++) {
      vectors[i] = random();
      var chunk = new Document.Chunk("text", "h" + i, vectors[i]);
      Map<String, List<Object>> part = Map.of("part", List.of(new BigDecimal(part(i))));
      documents.add(new Document("d" + i, "", null, "text", Map.of(), part, List.of(chunk)));
    }
    indexes.write(
        PARTITION,
        index -> {
          index.put(documents, FIELDS);
          index.publish(new Checkpoint("", Map.of(), FIELDS));
          index.commit();
          return PARTITION;
        });
  }

  private Unit random() {
    float[] numbers = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return Unit.of(numbers);
  }

  private static int part(int i) {
    return i * 7919 % 1000;
  }

  private double recall() {
    int found = 0;
    int expected = 0;
    for (Unit query : queries) {
      List<String> nearest = nearest(query);
      List<String> hits = search(query).stream().map(Hit::id).toList();
      found += (int) nearest.stream().filter(hits::contains).count();
      expected += nearest.size();
    }
    return (double) found / expected;
  }

  private Unit query() {
    return queries[next++ % QUERIES];
  }

  private List<Hit> search(Unit query) {
    Filter filter =
        keep == 1000
            ? new Filter.And(List.of())
            : new Filter.Range("part", null, new Bound(new BigDecimal(keep), false));
    var question = new Question(Mode.VECTOR, query, null, filter, Fusion.SUM, true, TOP_K);
    return indexes.read(PARTITION, index -> index.search(question)).orElseThrow();
  }

  private List<String> nearest(Unit query) {
    record Scored(int document, float score) {}
    var best = new PriorityQueue<Scored>(Comparator.comparingDouble(Scored::score));
    for (int i = 0; i < DOCUMENTS; i++) {
      if (part(i) < keep) {
        best.add(new Scored(i, dot(query.array(), vectors[i].array())));
        if (best.size() > TOP_K) {
          best.poll();
        }
      }
    }
    return best.stream().map(scored -> "d" + scored.document).toList();
  }

  private static float dot(float[] one, float[] other) {
    float sum = 0;
    for (int i = 0; i < DIMENSION; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  @Benchmark
  public List<Hit> index() {
    return search(query());
  }

  @Benchmark
  public List<String> baseline() {
    return nearest(query());
  }

  @TearDown
  public void close() throws IOException {
    indexes.close();
    Folders.delete(folder);
  }
}
