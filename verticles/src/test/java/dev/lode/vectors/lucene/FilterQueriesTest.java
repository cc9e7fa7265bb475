package dev.lode.vectors.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lode.RandomCases;
import dev.lode.codecs.Vectors.Hit;
import dev.lode.vectors.search.Document;
import dev.lode.vectors.search.FieldType;
import dev.lode.vectors.search.Filter;
import dev.lode.vectors.search.Filter.Bound;
import dev.lode.vectors.search.Fusion;
import dev.lode.vectors.search.Question;
import dev.lode.vectors.search.Question.Mode;
import dev.lode.vectors.text.Unit;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every filter keeps exactly what a plain reading of its meaning keeps. */
class FilterQueriesTest {
  private static final int DOCUMENTS = 100;
  private static final int DEPTH_MAX = 4;
  private static final Map<String, FieldType> FIELDS =
      new TreeMap<>(
          Map.of(
              "word", FieldType.of("word", "VARCHAR"),
              "tags", FieldType.of("tags", "VARCHAR[]"),
              "cents", FieldType.of("cents", "DECIMAL(9,2)"),
              "real", FieldType.of("real", "DOUBLE"),
              "flag", FieldType.of("flag", "BOOLEAN"),
              "day", FieldType.of("day", "DATE"),
              "time", FieldType.of("time", "TIMESTAMP")));

  private static final Map<String, Map<String, List<Object>>> ROWS = new HashMap<>();
  @TempDir static Path folder;
  private static LuceneIndexes indexes;

  @BeforeAll
  static void fill() {
    indexes = Indexes.open(folder);
    var random = new Random(1);
    var documents = new ArrayList<Document>();
    for (int i = 0; i < DOCUMENTS; i++) {
      var row = new HashMap<String, List<Object>>();
      for (var field : FIELDS.entrySet()) {
        int count = field.getKey().equals("tags") ? random.nextInt(4) : random.nextInt(4) / 3 ^ 1;
        row.put(field.getKey(), values(field.getValue(), count, random));
      }
      ROWS.put("d" + i, row);
      documents.add(
          new Document(
              "d" + i,
              "",
              null,
              "any",
              Map.of(),
              row,
              List.of(new Document.Chunk("any", "any", Indexes.random(random, 8)))));
    }
    Indexes.put(indexes, Indexes.PARTITION, documents, FIELDS);
  }

  @AfterAll
  static void close() {
    indexes.close();
  }

  private static List<Object> values(FieldType type, int count, Random random) {
    var values = new ArrayList<Object>();
    for (int i = 0; i < count; i++) {
      values.add(value(type.kind(), random.nextInt(7) - 3));
    }
    return values;
  }

  private static Object value(FieldType.Kind kind, int n) {
    return switch (kind) {
      case TEXT -> "é" + (char) ('d' + n);
      case NUMBER -> BigDecimal.valueOf(n, 2);
      case REAL -> n / 2.0;
      case BOOLEAN -> n > 0;
      case DATE -> LocalDate.EPOCH.plusDays(n);
      case TIME -> Instant.EPOCH.plusSeconds(n).plusNanos(1000);
    };
  }

  @Test
  void keepExactlyWhatTheyMean() {
    RandomCases.check(
        2000, random -> filter(random, DEPTH_MAX), FilterQueriesTest::keepsExactlyWhatItMeans);
  }

  private static void keepsExactlyWhatItMeans(Filter filter) {
    var question = new Question(Mode.VECTOR, unit(), null, filter, Fusion.SUM, true, DOCUMENTS);

    List<Hit> hits = indexes.read(Indexes.PARTITION, index -> index.search(question)).orElseThrow();

    assertThat(hits)
        .extracting(Hit::id)
        .containsExactlyInAnyOrderElementsOf(
            ROWS.entrySet().stream()
                .filter(row -> holds(filter, row.getValue()))
                .map(Map.Entry::getKey)
                .toList());
  }

  private static Unit unit() {
    return Indexes.unit(1, 0, 0, 0, 0, 0, 0, 0);
  }

  private static Filter filter(RandomCases random, int depth) {
    Supplier<Filter> inner = () -> filter(random, depth - 1);
    return switch (depth == 0 ? "" : random.one("", "", "and", "or", "not")) {
      case "and" -> new Filter.And(random.list(0, 3, inner));
      case "or" -> new Filter.Or(random.list(0, 3, inner));
      case "not" -> new Filter.Not(inner.get());
      default -> condition(random);
    };
  }

  private static Filter condition(RandomCases random) {
    String field = random.one(FIELDS.keySet().toArray(String[]::new));
    FieldType.Kind kind = FIELDS.get(field).kind();
    Filter in = new Filter.In(field, random.list(0, 3, () -> sought(random, kind)));
    Filter exists = new Filter.Exists(field);
    Filter range = new Filter.Range(field, bound(random, kind), bound(random, kind));
    return random.one(in, exists, kind == FieldType.Kind.BOOLEAN ? in : range);
  }

  private static Bound bound(RandomCases random, FieldType.Kind kind) {
    var bound = new Bound(sought(random, kind), random.one(true, false));
    return random.one(null, bound, bound);
  }

  /** The values that rows have, and some that lie between what they can have. */
  private static Object sought(RandomCases random, FieldType.Kind kind) {
    Object value = value(kind, random.between(-5, 5));
    return value instanceof BigDecimal number
        ? random.one(number, number.add(new BigDecimal("0.001")), new BigDecimal("1e30"))
        : value;
  }

  private static boolean holds(Filter filter, Map<String, List<Object>> row) {
    return switch (filter) {
      case Filter.And and -> and.filters().stream().allMatch(one -> holds(one, row));
      case Filter.Or or -> or.filters().stream().anyMatch(one -> holds(one, row));
      case Filter.Not not -> !holds(not.filter(), row);
      case Filter.Exists exists -> !row.get(exists.field()).isEmpty();
      case Filter.In in ->
          row.get(in.field()).stream()
              .anyMatch(value -> in.values().stream().anyMatch(one -> compare(value, one) == 0));
      case Filter.Range range ->
          row.get(range.field()).stream()
              .anyMatch(value -> within(value, range.low(), 1) && within(value, range.high(), -1));
    };
  }

  private static boolean within(Object value, Bound bound, int side) {
    if (bound == null) {
      return true;
    }
    int compared = side * compare(value, bound.value());
    return compared > 0 || (compared == 0 && bound.inclusive());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static int compare(Object one, Object other) {
    return ((Comparable) one).compareTo(other);
  }
}
